"""An object whose records are sent by one write per row of its target table: pages of records with one step each."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

import duckdb

from migration_assets.objects.declaration import Declaration
from migration_assets.writing.records import Ids, Record, Sent, Step
from migration_assets.writing.resolve import Repeatable, WriteFinder
from resources.journal import Write
from resources.warehouse import fetch_frame

PAGE = """
SELECT t.*, w.operation, w.parent_key, w.changes, w.fingerprint AS write_fingerprint, i.intercom_id,
    coalesce(j.adopted, FALSE) AS adopted, j.first_at AS tried_at, j.source_key IS NOT NULL AS tried
FROM plan.queue q
JOIN plan.writes w ON w.object = $1 AND w.record_key = q.record_key AND w.verdict = 'send'
JOIN {target} t ON t.source_key = q.record_key
LEFT JOIN plan.ids i ON i.object = $1 AND i.source_key = q.record_key
LEFT JOIN plan.journal j ON j.object = $1 AND j.source_key = q.record_key AND j.operation = $4
WHERE q.position >= $2 AND q.position < $3
ORDER BY q.position
"""


class PagedObject(ABC):
    """What a load must know of such an object; its subclass says how a row is sent."""

    declaration: Declaration
    non_idempotent_writes = ()

    def __init__(self) -> None:
        self.object = self.declaration.name
        self.finder: WriteFinder = Repeatable()

    @abstractmethod
    async def send(self, row: Mapping[str, Any]) -> Sent:
        """Send a row of the target table, with how it stands: see the columns of `PAGE`."""

    def page(self, connection: duckdb.DuckDBPyConnection, first: int, last: int) -> list[Record]:
        """Return the records at these positions of the queue."""
        target = self.declaration.records
        bound = [self.object, first, last, self.declaration.operation]
        return [self.record(row) for row in fetch_frame(connection, PAGE.format(target=target), bound).to_dicts()]

    def record(self, row: dict[str, Any]) -> Record:
        """Return the record of a row, whose only step sends it."""

        async def send(_ids: Ids) -> Sent:
            return await self.send(row)

        key = row["source_key"]
        write = Write(self.object, key, row["operation"], row["write_fingerprint"], row["parent_key"])
        return Record(key, (Step(write, send),))
