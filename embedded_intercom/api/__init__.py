"""The way of a call: what it is, which handler answers it, what all handlers share."""
