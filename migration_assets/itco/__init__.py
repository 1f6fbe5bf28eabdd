"""Landing: every ITCO file as text in the tables raw.*, with its origin and nothing lost."""
