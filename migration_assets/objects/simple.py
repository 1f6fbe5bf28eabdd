"""A simple object: Intercom lists all of its records, and one call makes one. Load and rollback in one class."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

import duckdb

from migration_assets.objects.declaration import Declaration
from migration_assets.objects.undoer import ListedUndoer
from migration_assets.writing.environment import Environment
from migration_assets.writing.records import Ids, Record, Sent, Step
from migration_assets.writing.resolve import Repeatable
from resources.intercom.client import Intercom
from resources.journal import Write
from resources.warehouse import fetch_frame

PAGE = """
SELECT t.*, w.fingerprint AS write_fingerprint, j.source_key IS NOT NULL AS tried
FROM plan.queue q
JOIN plan.writes w ON w.object = ? AND w.record_key = q.record_key AND w.verdict = 'send'
JOIN {target} t ON t.source_key = q.record_key
LEFT JOIN plan.journal j ON j.object = ? AND j.source_key = q.record_key
WHERE q.position >= ? AND q.position < ?
ORDER BY q.position
"""


class SimpleObject(ListedUndoer):
    """What a load and a rollback must know of a simple object: its subclass says how it is listed, made, removed."""

    declaration: Declaration
    non_idempotent_writes = ()

    def __init__(self) -> None:
        self.finder = Repeatable()
        self.object = self.declaration.name
        self.journal_objects = (self.declaration.name,)

    @abstractmethod
    async def all_of(self, client: Intercom) -> Sequence[Any]:
        """List the records that Intercom has."""

    @abstractmethod
    def key_of(self, record: Any) -> str | None:  # noqa: ANN401 - what `all_of` gives
        """Return our key of a record that Intercom has; None where it cannot be ours."""

    @abstractmethod
    async def make(self, client: Intercom, row: Mapping[str, Any]) -> str:
        """Make the record of a row of the target table, unless it is there; return its id."""

    async def prepare(self, env: Environment) -> None:
        """List what Intercom has, to tell created from adopted."""
        self._loading = env.client
        self._there = {self.key_of(record) for record in await self.all_of(env.client)}

    def page(self, connection: duckdb.DuckDBPyConnection, first: int, last: int) -> list[Record]:
        """Return the records at these positions of the queue."""
        page = PAGE.format(target=self.declaration.target)
        rows = fetch_frame(connection, page, [self.object, self.object, first, last]).to_dicts()
        return [self._record(row) for row in rows]

    async def listed(self) -> Mapping[str, Any]:
        """Return what stands, by Intercom's id."""
        return {record.id: record for record in await self.all_of(self._client)}

    def _record(self, row: dict[str, Any]) -> Record:
        key = row["source_key"]

        async def send(_ids: Ids) -> Sent:
            made = await self.make(self._loading, row)
            return Sent(made, adopted=not row["tried"] and key in self._there)

        write = Write(self.object, key, self.declaration.operation, row["write_fingerprint"])
        return Record(key, (Step(write, send),))
