"""Where Dagster's UI over a state folder is served now: `make ui` says so in a file, and alerts link to it.

The address holds no token: who opens a link has opened the printed address before, in the same browser.
"""

import os
import socket
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import TypeAdapter, ValidationError

from resources.durable import write_whole

FILE = "ui.served"
LOOK_SECONDS = 1.0
"""Seconds for a server on this machine to take a connection."""


@dataclass(frozen=True)
class Served:
    """A UI that is served: its address, and the process that says so, on which machine."""

    address: str
    pid: int
    host: str

    @property
    def is_there(self) -> bool:
        """Whether its process runs on this machine and something takes connections at the address.

        The address is this machine's own, so that a UI on another one, over the same folder, is not there.
        """
        if self.host != socket.gethostname():
            return False
        at = urlsplit(self.address)
        try:
            os.kill(self.pid, 0)
            socket.create_connection((at.hostname or "", at.port or 80), LOOK_SECONDS).close()
        except OSError:
            return False
        return True


_SERVED = TypeAdapter(Served)


def say_served(state: Path, address: str) -> None:
    """Say that this process serves the UI of a state folder."""
    served = Served(address, os.getpid(), socket.gethostname())
    write_whole(state / FILE, _SERVED.dump_json(served).decode())


def say_ended(state: Path) -> None:
    """Take back what this process has said; what another one says stays."""
    served = _read(state)
    if served is not None and (served.pid, served.host) == (os.getpid(), socket.gethostname()):
        (state / FILE).unlink(missing_ok=True)


def served_at(state: Path) -> str | None:
    """Return the address at which the UI of a state folder is served now, None where it is not."""
    served = _read(state)
    return served.address if served is not None and served.is_there else None


def _read(state: Path) -> Served | None:
    try:
        return _SERVED.validate_json((state / FILE).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValidationError):
        return None
