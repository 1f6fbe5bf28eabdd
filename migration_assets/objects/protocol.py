"""What a load and a rollback must know of an object: how its records are read, sent, looked up and taken back."""

from typing import Protocol, runtime_checkable

import duckdb

from migration_assets.objects.undoer import Undoer
from migration_assets.writing.environment import Environment
from migration_assets.writing.records import Record
from migration_assets.writing.resolve import WriteFinder


class WriteNotice(Protocol):
    """What teammates may notice of the writes of an object."""

    def figures(self) -> dict[str, int]:
        """Return the numbers as metadata, with the same keys on every run."""

    def line(self) -> str | None:
        """Return the sentence for the terminal; None when there is nothing to be noticed."""


class Loader(Protocol):
    """What the load must know of an object."""

    @property
    def object(self) -> str:
        """The record's object, as in the journal."""

    @property
    def finder(self) -> WriteFinder:
        """How Intercom is asked about writes whose outcome is unknown."""

    @property
    def non_idempotent_writes(self) -> tuple[tuple[str, str], ...]:
        """The (object, operation) of writes that would stand twice if the journal forgot them, in order of looking up.

        Every other write finds by itself what stands there.
        """

    async def prepare(self, env: Environment) -> None:
        """Read from Intercom what the records need; called before each round of sending."""

    def page(self, connection: duckdb.DuckDBPyConnection, first: int, last: int) -> list[Record]:
        """Return the records at positions first to last - 1 of plan.queue."""


class RoomLoader(Loader, Undoer, Protocol):
    """The loader of a room, which takes back what it loads as well."""


@runtime_checkable
class CanaryLoader(Loader, Protocol):
    """A loader of which the first few records are sent alone, and read back before the others follow."""

    canary_size: int

    async def read_canary_back(self, env: Environment) -> int:
        """Read back what was sent first of all, `canary_size` records at most, and return how many there were.

        Raises:
            Stopped: one is not as it was sent.
        """
