"""A simple object: Intercom lists all of its records, and one call makes one. Load and rollback in one class."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from migration_assets.objects.answered import answered
from migration_assets.objects.paged import PagedObject
from migration_assets.objects.undoer import ListedUndoer
from migration_assets.writing.environment import Environment
from migration_assets.writing.records import Sent
from resources.intercom.client import Intercom


class SimpleObject(PagedObject, ListedUndoer):
    """What a load and a rollback must know of a simple object: its subclass says how it is listed, made, removed."""

    @abstractmethod
    async def all_of(self, client: Intercom) -> Sequence[Any]:
        """List the records that Intercom has."""

    @abstractmethod
    def key_of(self, record: Any) -> str | None:  # noqa: ANN401 - what `all_of` gives
        """Return our key of a record that Intercom has; None where it cannot be ours."""

    @abstractmethod
    async def make(self, client: Intercom, row: Mapping[str, Any]) -> Any:  # noqa: ANN401
        """Make the record of a row of the target table, unless it is there; return what `all_of` gives of it."""

    async def prepare(self, env: Environment) -> None:
        """List what Intercom has, to tell created from adopted."""
        self._loading = env.client
        self._there = {self.key_of(record) for record in await self.all_of(env.client)}

    async def send(self, row: Mapping[str, Any]) -> Sent:
        """Make it, or adopt the one that is there."""
        made = await self.make(self._loading, row)
        adopted = not row["tried"] and row["source_key"] in self._there
        seen = {} if adopted else answered(self.declaration.fields, row, made)
        return Sent(made.id, adopted=adopted, answered=seen)

    async def listed(self) -> Mapping[str, Any]:
        """Return what stands, by Intercom's id."""
        return {record.id: record for record in await self.all_of(self._client)}
