"""The sample extract: a small committed drop with its mapping, and the generator that can make any size."""
