"""Which contact belongs to which company."""
