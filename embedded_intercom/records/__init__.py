"""The records as documents: their shapes, and what is kept of what is sent."""
