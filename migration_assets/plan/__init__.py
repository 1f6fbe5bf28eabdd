"""The plan: what the target state needs, compared with what the journal says was done.

One verdict per write (`plan.writes`), one action per record (`plan.actions`). Nothing here talks to Intercom.
"""
