"""The embedded workspace: a local server that speaks Intercom's REST API 2.16 and keeps its state on disk.

It plays the remote service for development and tests: a process of its own (`python -m embedded_intercom`), with
Intercom's limits, refusals and shapes. README.md says how to use it; what Intercom does not document was chosen in
`protocol/decisions.py`.
"""
