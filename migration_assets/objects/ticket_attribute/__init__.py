"""Attributes of the ticket type."""
