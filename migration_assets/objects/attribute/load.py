"""Attributes of contacts and companies: created where missing, adopted where they fit, refused where not.

Those of tickets are loaded in the same way (`AttributeLoader`), by other calls.
"""

from typing import Any

import duckdb

from migration_assets.objects.attribute.undo import DataAttributeUndoer
from migration_assets.writing.environment import Environment
from migration_assets.writing.records import Ids, Record, Sent, Step, UnsendableError
from migration_assets.writing.resolve import Repeatable
from resources.journal import Write
from resources.warehouse import fetch_frame
from schemas.intercom import DataAttribute
from schemas.mapping import fold

PAGE = """
SELECT t.*, w.fingerprint AS write_fingerprint, j.source_key IS NOT NULL AS tried
FROM plan.queue q
JOIN plan.writes w ON w.object = ? AND w.record_key = q.record_key AND w.verdict = 'send'
JOIN target.attributes t ON t.source_key = q.record_key
LEFT JOIN plan.journal j ON j.object = ? AND j.source_key = q.record_key
WHERE q.position >= ? AND q.position < ?
ORDER BY q.position
"""

# An options attribute reads back as a string that has options, a timestamp as date in 2.16.
READS_BACK = {"options": {"string", "options"}, "datetime": {"datetime", "date"}, "date": {"date", "datetime"}}


BROUGHT_BACK = {"archived": False}


def data_attribute_body(row: dict[str, Any]) -> dict[str, Any]:
    """Return what `POST /data_attributes` is sent."""
    body = {"name": row["name"], "model": row["model"], "data_type": row["data_type"], "messenger_writable": False}
    if row.get("description"):
        body["description"] = row["description"]
    if row["data_type"] == "options":
        body["options"] = [{"value": option} for option in row["options"]]
    return body


def require_fit(row: dict[str, Any], data_type: str | None, options: set[str]) -> None:
    """Refuse an existing attribute that could not hold our values; its type cannot be changed by API.

    Raises:
        UnsendableError: its type differs, or it lacks options.
    """
    wanted = row["data_type"]
    if data_type not in READS_BACK.get(wanted, {wanted}):
        raise UnsendableError(
            f"Intercom has the {row['model']} attribute {row['name']!r} as {data_type}, not as {wanted}. "
            "Rename it in the mapping."
        )
    missing = [option for option in row.get("options") or [] if fold(option) not in options]
    if missing:
        raise UnsendableError(
            f"Intercom's {row['model']} attribute {row['name']!r} lacks {len(missing)} of the options: "
            f"{', '.join(missing)}. Add them in Intercom's settings, then run again."
        )


def fits(row: dict[str, Any], data_type: str | None, options: set[str]) -> bool:
    """Whether an existing attribute can hold our values."""
    try:
        require_fit(row, data_type, options)
    except UnsendableError:
        return False
    return True


class AttributeLoader:
    """What the attributes of people and of tickets have in common: pages of records with one step each."""

    object: str
    journal_objects: tuple[str, ...]
    non_idempotent_writes = ()

    def __init__(self) -> None:
        self.finder = Repeatable()

    def page(self, connection: duckdb.DuckDBPyConnection, first: int, last: int) -> list[Record]:
        """Return the records at these positions of the queue."""
        rows = fetch_frame(connection, PAGE, [self.object, self.object, first, last]).to_dicts()
        return [self._record(row) for row in rows]

    def _record(self, row: dict[str, Any]) -> Record:
        write = Write(self.object, row["source_key"], "create", row["write_fingerprint"])

        async def send(_ids: Ids) -> Sent:
            return await self._send(row)

        return Record(row["source_key"], (Step(write, send),))

    async def _send(self, row: dict[str, Any]) -> Sent:
        raise NotImplementedError


class DataAttributes(AttributeLoader, DataAttributeUndoer):
    """Attributes of contacts and companies, which must stand before people who have them."""

    object = "attribute"
    journal_objects = ("attribute",)

    async def prepare(self, env: Environment) -> None:
        """List what Intercom has, and what is archived there."""
        self._client = env.client
        self._there: dict[tuple[str, str], DataAttribute] = {}
        self._archived: dict[tuple[str, str], DataAttribute] = {}
        for model in ("contact", "company"):
            for item in await env.client.list_data_attributes(model, archived=True):
                if item.custom is not False:
                    (self._archived if item.archived else self._there)[model, item.name] = item

    async def _send(self, row: dict[str, Any]) -> Sent:
        name = (row["model"], row["name"])
        existing = self._there.get(name) or self._archived.get(name)
        if existing is None:
            made = await self._client.create_data_attribute(data_attribute_body(row))
            return Sent(made.id or made.name)
        # The name of an archived one stays taken.
        require_fit(row, existing.data_type, {fold(option) for option in existing.options})
        if name in self._there:
            return Sent(existing.id or existing.name, adopted=not row["tried"])
        # Brought back, it counts as made: taking the migration back archives it again.
        await self._client.update_data_attribute(existing.id or existing.name, BROUGHT_BACK)
        return Sent(existing.id or existing.name)
