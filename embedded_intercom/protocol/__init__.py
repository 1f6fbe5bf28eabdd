"""Intercom's rules that no record is needed for: refusals, fields, versions, quotas, permissions, open questions."""
