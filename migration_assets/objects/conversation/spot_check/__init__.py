"""Conversations side by side: tickets and messages as the source exported them, and as Intercom shows them."""
