"""What is talked to: the extract folder, the warehouse, the journal, Intercom, the embedded workspace.

Resources may import `schemas`, never `migration_assets`.
"""
