"""What stands in Intercom, read back after the load and compared with the target, field by field.

Reading turns answers into rows of `observed.fields`; what should be there is derived from the target in SQL; the two
are joined, and whatever is not equal is either explained by a stated normalisation or a difference.
"""
