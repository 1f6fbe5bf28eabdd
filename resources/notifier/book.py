"""What was told to people and what still has to be, in one small file: the reason why nothing is told twice.

A message is noted before it is sent, together with the addresses that wait for it; each is crossed out when it has
taken the message. Whoever comes next, the daemon or the command line, delivers what waits.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from filelock import FileLock
from pydantic import BaseModel, ConfigDict, Field, PrivateAttr

from resources.durable import write_whole

FILE = "alerts.json"
WAIT_SECONDS = 120.0
"""How long one waits for another process that is sending."""

Kind = Literal["failure", "warning", "success", "info"]


class AlertMessage(BaseModel):
    """Something to be told. `key` names the occasion: what has one key is told once."""

    model_config = ConfigDict(extra="forbid")

    key: str
    title: str
    body: str
    kind: Kind = "info"
    waiting: list[str] = Field(default_factory=list, description="Marks of the addresses that have not taken it yet.")


class Failing(BaseModel):
    """A check or a step that failed the last time: since which run, and when that last time was (unix seconds)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    since: str
    at: float


class Book(BaseModel):
    """The content of the file."""

    model_config = ConfigDict(extra="forbid")

    told: dict[str, str] = Field(default_factory=dict, description="By key, when it was dealt with.")
    failing: dict[str, Failing] = Field(default_factory=dict, description="The checks and steps that failed last.")
    waiting: list[AlertMessage] = Field(
        default_factory=list, description="What not every address has taken, oldest first."
    )

    _path: Path | None = PrivateAttr(default=None)

    def save(self) -> None:
        """Make what was changed durable now, not only when the book is closed."""
        if self._path is not None:
            write_whole(self._path, self.model_dump_json(indent=2))

    def note(self, message: AlertMessage, addresses: tuple[str, ...]) -> bool:
        """Take up a message for these addresses, unless its key is known; return whether it is new.

        Without addresses the occasion is only noted as dealt with.
        """
        if message.key in self.told:
            return False
        self.told[message.key] = datetime.now(UTC).isoformat(timespec="seconds")
        if addresses:
            self.waiting.append(message.model_copy(update={"waiting": [mark(address) for address in addresses]}))
        return True


def mark(address: str) -> str:
    """Return what an address is known by in the file, which must not hold its secrets."""
    return hashlib.sha256(address.encode()).hexdigest()[:16]


@contextmanager
def open_book(folder: Path) -> Iterator[Book]:
    """Read the book of a state folder for as long as nobody else does, and write back what was changed in it."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with FileLock(str(folder / f"{FILE}.lock"), timeout=WAIT_SECONDS):
        path = folder / FILE
        before = path.read_text(encoding="utf-8") if path.is_file() else "{}"
        book = Book.model_validate_json(before)
        book._path = path
        yield book
        if book.model_dump_json(indent=2) != before:
            book.save()
