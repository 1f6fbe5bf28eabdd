"""One run per state folder: its lock, and who holds it since when."""

import os
import socket
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout


class StateBusyError(RuntimeError):
    """Another run uses the state folder; the message says who, since when, and what to do."""


class StateLock:
    """The lock of a state folder. It frees itself when its process dies, however that happens."""

    def __init__(self, state: Path) -> None:
        self._state = state
        self._holder = state / "run.holder"
        self._lock = FileLock(str(state / "run.lock"))

    def acquire(self) -> None:
        """Take the folder.

        Raises:
            StateBusyError: another run has it.
        """
        self._state.mkdir(parents=True, exist_ok=True)
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            who = self._holder.read_text(encoding="utf-8") if self._holder.exists() else "unknown"
            raise StateBusyError(
                f"Another run uses {self._state}: {who}. Wait for it to end, stop it with `make stop`, or name "
                "another STATE=."
            ) from None
        since = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
        self._holder.write_text(f"process {os.getpid()} on {socket.gethostname()}, since {since} UTC", encoding="utf-8")

    def release(self) -> None:
        """Give the folder back."""
        self._lock.release()


def occupied(state: Path) -> str | None:
    """Say who uses a state folder now, or None; nothing is taken."""
    lock = StateLock(state)
    try:
        lock.acquire()
    except StateBusyError as error:
        return str(error)
    lock.release()
    return None
