"""The two ways a ticket gets into Intercom, behind one small protocol."""
