"""What a rollback must know of an object: how to look at a record, how to undo it, whether it still stands."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from migration_assets.objects.declaration import Declaration, UndoAction
from migration_assets.objects.retained_records import RetainedRecords
from migration_assets.writing.touch_rules import Refusal, RefusalCode
from resources.intercom.client import Intercom
from resources.intercom.errors import IntercomError
from schemas.intercom import Answer

Row = Mapping[str, Any]
"""A record of rollback.plan."""

NOT_THERE = (404, 410)
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
BEFORE_US = Refusal(RefusalCode.BEFORE_US, "it stood in Intercom before anything of ours was sent for it")
ARCHIVED = {"archived": True}
"""The body that archives what Intercom cannot delete."""


class Undoer(Protocol):
    """What a rollback must know of an object. Reading raises `IntercomError`."""

    async def prepare_undoing(self, client: Intercom, retained: RetainedRecords) -> None:
        """Read what all its records need; `retained` says what stays in Intercom."""

    async def look(self, row: Row) -> Undoing:
        """Look at a record as it is now, and say what is to be done about it."""

    async def stands(self, row: Row) -> bool:
        """Whether a record that was undone is still there, or not as it was before."""


class ReadUndoer:
    """An object whose records are read one by one, so that nothing has to be read first."""

    async def prepare_undoing(self, client: Intercom, retained: RetainedRecords) -> None:
        """Keep what each record is looked at with."""
        self._client = client
        self._retained = retained


class ListedUndoer(ABC):
    """An object of which Intercom lists all records, so that each rollback reads them once."""

    declaration: Declaration

    @abstractmethod
    async def listed(self) -> Mapping[str, Any]:
        """Return what stands, by Intercom's id; what is archived does not."""

    @abstractmethod
    async def refusal(self, row: Row, there: Any) -> Refusal | None:  # noqa: ANN401 - what `listed` gives
        """Say why a record that stands is to stay."""

    @abstractmethod
    async def remove(self, there: Any) -> object:  # noqa: ANN401 - what `listed` gives
        """Remove a record that stands."""

    async def prepare_undoing(self, client: Intercom, retained: RetainedRecords) -> None:
        """List the records."""
        self._client = client
        self._retained = retained
        self._listed = await self.listed()

    async def look(self, row: Row) -> Undoing:
        """See whether it is there, and may go."""
        there = self._listed.get(row["intercom_id"])
        if there is None or row["action"] == UndoAction.RESTORE:
            return NOTHING_LEFT
        refusal = await self.refusal(row, there)
        return Undoing(refusal=refusal) if refusal else Undoing(lambda: self.remove(there))

    async def stands(self, row: Row) -> bool:
        """Whether it is listed."""
        return row["action"] == self.declaration.removal and row["intercom_id"] in self._listed


async def unless_deleted(sending: Awaitable[object]) -> None:
    """Wait for a removal; what is gone already is removed."""
    try:
        await sending
    except IntercomError as error:
        if error.status not in NOT_THERE or error.may_have_happened:
            raise


async def found(reading: Awaitable[Any]) -> Any:  # noqa: ANN401 - whatever is read
    """Return what is read, None where it is not there."""
    try:
        return await reading
    except IntercomError as error:
        if error.status not in NOT_THERE:
            raise
        return None


def shows_any(answer: Answer, name: str) -> bool:
    """Whether an answer shows anything in one of its lists, whichever way Intercom wraps it."""
    value = (answer.model_extra or {}).get(name)
    if isinstance(value, dict):
        value = value.get("data") or value.get(name) or value.get("total_count")
    return bool(value)


def changed_at(answer: Answer) -> float | None:
    """Return when a record was last changed, in unix seconds, where its answer says so."""
    value = (answer.model_extra or {}).get("updated_at")
    return float(value) if isinstance(value, int) else None
