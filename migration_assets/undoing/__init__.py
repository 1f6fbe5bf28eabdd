"""Taking back single records of ours: what is to be undone, looked at, undone and looked at again.

A rollback takes back all that the journal says was made; a load, what was deleted in the source. Both go this way.
"""
