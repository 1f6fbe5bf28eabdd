"""The inbox page: what the workspace holds, as an agent would read it, under /inbox on the workspace's own address.

Its pages are below a part of the path that is derived from the workspace's token (`access.secret_root`).

It reads the state through connections of its own that cannot write, beside the API: it takes no call off the quota
and passes none of the stages that an API call passes. It needs no script and loads nothing from elsewhere.
"""
