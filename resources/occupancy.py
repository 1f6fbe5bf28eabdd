"""One run per state folder: its lock, and who holds it since when.

The lock stays beside the journal's lease (`resources/journal/lease.py` says what each is for): it is taken before
anything else is, covers what no journal knows of (the warehouse, the embedded workspace, the reports, a dry run), and
the operating system frees it in the moment in which its process dies.
"""

import os
import socket
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import TypeAdapter, ValidationError

from resources.durable import write_whole

HOLDER = "run.holder"


class StateBusyError(RuntimeError):
    """Another run uses the state folder; the message says who, since when, and what to do."""


@dataclass(frozen=True)
class Holding:
    """Who took a state folder last: a process of a machine, for a run, at a time (in words)."""

    pid: int
    host: str
    since: str
    run_id: str | None = None

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host}, since {self.since} UTC"

    @property
    def is_gone(self) -> bool:
        """Whether its process is known to have ended; that of another machine is not known of."""
        if self.host != socket.gethostname():
            return False
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return True
        except OSError:
            return False
        return False


class StateLock:
    """The lock of a state folder. It frees itself when its process dies, however that happens."""

    def __init__(self, state: Path) -> None:
        self._state = state
        self._lock = FileLock(str(state / "run.lock"))

    def acquire(self, run_id: str | None = None) -> None:
        """Take the folder, for a run.

        Raises:
            StateBusyError: another run has it.
        """
        self.try_out()
        since = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
        holding = Holding(os.getpid(), socket.gethostname(), since, run_id)
        write_whole(self._state / HOLDER, _HOLDING.dump_json(holding).decode())

    def try_out(self) -> None:
        """Take the folder without saying so, to see whether it is free; raises as `acquire` does."""
        self._state.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            who = last_holder(self._state) or "unknown"
            raise StateBusyError(
                f"Another run uses {self._state}: {who}. Wait for it to end, stop it with `make stop`, or name "
                "another STATE=."
            ) from None

    def release(self) -> None:
        """Give the folder back."""
        self._lock.release()


_HOLDING = TypeAdapter(Holding)


def last_holder(state: Path) -> Holding | None:
    """Return who took the folder last, though they may have given it back; None where nobody ever did."""
    try:
        return _HOLDING.validate_json((state / HOLDER).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValidationError):  # or it is of an older version of the program
        return None


def occupied(state: Path) -> str | None:
    """Say who uses a state folder now, or None; nothing is taken."""
    lock = StateLock(state)
    try:
        lock.try_out()
    except StateBusyError as error:
        return str(error)
    lock.release()
    return None
