"""What the rollback must know of an object: how to look at a record, how to undo it, whether it still stands."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from migration_assets.rollback.touch_rules import Refusal
from resources.intercom.errors import IntercomError

Row = Mapping[str, Any]
"""A record of rollback.plan."""

GONE = (404, 410)
"""Statuses that say that something is not there: what is to be removed need not be."""


@dataclass(frozen=True, slots=True)
class Undoing:
    """What a look at a record came to.

    `send` does what is left to do, None where that is nothing. `refusal` says why the record stays; together with
    `send`, why some of it does.
    """

    send: Callable[[], Awaitable[object]] | None = None
    refusal: Refusal | None = None


NOTHING_LEFT = Undoing()
"""It is gone, or nothing of it was ever changed."""


class Undoer(Protocol):
    """One object. Reading raises `IntercomError`."""

    object: str

    async def prepare(self) -> None:
        """Read what all its records need."""

    async def look(self, row: Row) -> Undoing:
        """Look at a record as it is now, and say what is to be done about it."""

    async def stands(self, row: Row) -> bool:
        """Whether a record that was undone is still there, or not as it was before."""


async def unless_gone(sending: Awaitable[object]) -> None:
    """Wait for a removal; what is gone already is removed."""
    try:
        await sending
    except IntercomError as error:
        if error.status not in GONE or error.may_have_happened:
            raise


async def found(reading: Awaitable[Any]) -> Any:  # noqa: ANN401 - whatever is read
    """Return what is read, None where it is not there."""
    try:
        return await reading
    except IntercomError as error:
        if error.status not in GONE:
            raise
        return None
