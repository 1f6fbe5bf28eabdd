"""What is talked to: the extract folder, the warehouse, the journal, Intercom.

Resources may import `schemas`, never `migration_assets`.
"""
