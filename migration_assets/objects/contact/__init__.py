"""Contacts: people who ask."""
