"""The embedded workspace: a local server that speaks Intercom's REST API 2.16 and keeps its state on disk.

It plays the remote service for development and tests: own process (`python -m embedded_intercom`), same limits,
refusals and shapes. What Intercom does not document was chosen in `decisions.py`.
"""
