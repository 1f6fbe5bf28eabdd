"""What a workspace holds: its SQLite file, its clock, its seed, what it would have told people."""
