"""What things look like: the source files, the Intercom-shaped tables, the mapping, the settings.

Nothing here reads a file, opens a database or sends a request.
"""
