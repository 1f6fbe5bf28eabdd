"""Stage `rollback`: the same path toward an empty target. What we made, by the journal, is taken back.

The order is that of the load, backwards.
Nothing that stood in Intercom before us is deleted, and nothing that a human has touched since.
"""
