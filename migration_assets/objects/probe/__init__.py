"""Asking a workspace, by records of the migration's own, what Intercom's documentation leaves open."""
