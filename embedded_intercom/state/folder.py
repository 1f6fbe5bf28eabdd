"""A workspace's state folder: what its files are called, and whether a server has it."""

from pathlib import Path

from filelock import FileLock, Timeout

DATABASE = "workspace.sqlite3"
ENDPOINT = "endpoint.json"
TOKEN = "token"  # noqa: S105 - a file name
LOCK = "server.lock"
LOG = "server.log"
FAULTS = "faults.json"
"""What went wrong on purpose, as `/__embedded/faults` says it: kept when a server that had a plan stops."""


class StateInUse(Exception):
    """Another server has the state folder."""


def is_served(folder: Path) -> bool:
    """Whether a server has the state folder."""
    if not (folder / LOCK).exists():
        return False
    try:
        with FileLock(str(folder / LOCK), timeout=0):
            return False
    except Timeout:
        return True
