"""What people read at the end: the six numbers, the verdict, the certificate and the report.

Nothing here changes the workspace or the journal; it counts what the other stages left behind.
"""
