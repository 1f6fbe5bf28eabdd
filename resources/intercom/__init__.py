"""Talks to Intercom: the client, its errors, its rate budget, its call log. Knows nothing of the source."""
