"""Conversations with their tickets, parts, files, tags and state: one record each."""
