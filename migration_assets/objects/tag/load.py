"""Tags: one call each, which creates the tag or returns the one of that name."""

from typing import Any

import duckdb

from migration_assets.objects.tag.undo import TagUndoer
from migration_assets.writing.environment import Environment
from migration_assets.writing.records import Ids, Record, Sent, Step
from migration_assets.writing.resolve import Repeatable
from resources.journal import Write
from resources.warehouse import fetch_frame
from schemas.mapping import fold

PAGE = """
SELECT t.source_key, t.name, w.fingerprint, j.source_key IS NOT NULL AS tried
FROM plan.queue q
JOIN plan.writes w ON w.object = 'tag' AND w.record_key = q.record_key AND w.verdict = 'send'
JOIN target.tags t ON t.source_key = q.record_key
LEFT JOIN plan.journal j ON j.object = 'tag' AND j.source_key = q.record_key
WHERE q.position >= ? AND q.position < ?
ORDER BY q.position
"""


class Tags(TagUndoer):
    """What a load and a rollback must know of tags."""

    object = "tag"
    journal_objects = ("tag",)
    non_idempotent_writes = ()

    def __init__(self) -> None:
        self.finder = Repeatable()

    async def prepare(self, env: Environment) -> None:
        """List the tags that Intercom has, to tell created from adopted."""
        self._client = env.client
        self._there = {fold(tag.name) for tag in await env.client.list_tags() if tag.name}

    def page(self, connection: duckdb.DuckDBPyConnection, first: int, last: int) -> list[Record]:
        """Return the records at these positions of the queue."""
        return [self._record(row) for row in fetch_frame(connection, PAGE, [first, last]).to_dicts()]

    def _record(self, row: dict[str, Any]) -> Record:
        write = Write("tag", row["source_key"], "create", row["fingerprint"])

        async def send(_ids: Ids) -> Sent:
            tag = await self._client.create_tag(row["name"])
            return Sent(tag.id, adopted=not row["tried"] and fold(row["name"]) in self._there)

        return Record(row["source_key"], (Step(write, send),))
