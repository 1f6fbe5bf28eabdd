"""The spot check: a sample of conversations, source and Intercom side by side, for a person's own eyes.

Everything is read once when it starts and shown from memory; what the person says is kept at once.
"""
