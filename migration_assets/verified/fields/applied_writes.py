"""What should be in Intercom now, and which of it the present reading is to replace."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb

from migration_assets.objects.registry import compared_objects
from migration_assets.objects.tables import open_objects

_HERE = Path(__file__).parent
_REREAD = """
CREATE OR REPLACE TABLE verified.reread AS SELECT k.object, k.source_key FROM verified.applied_writes k
SEMI JOIN verified.chosen c ON c.object = k.object AND c.source_key = k.source_key
WHERE list_contains($objects, k.object)
"""
_ONLY_DIFFERING = """
    AND coalesce(k.home, k.source_key) IN (
        SELECT coalesce(s.home, s.source_key) FROM verdict.differences d
        JOIN verified.applied_writes s ON s.object = d.object AND s.source_key = d.source_key
        WHERE list_contains($objects, d.object))
"""


def texts(values: Iterable[str]) -> str:
    """Return a list of names, which are none of a customer's, as SQL."""
    return f"[{', '.join(map(repr, values))}]::VARCHAR[]"


def note_applied_writes(connection: duckdb.DuckDBPyConnection) -> None:
    """Write `verified.applied_writes`, what should stand by plan and journal, and `verified.kept`."""
    known = compared_objects()
    parts = {name: part.part_of for name, (part, _) in known.items() if part.part_of is not None}
    files = [item.applied for _, item in known.values() if item.applied is not None]
    edited = {f"{name}.{edit}": fields for name, (_, item) in known.items() for edit, fields in item.edited_as.items()}
    statement = (
        (_HERE / "applied_writes.sql")
        .read_text(encoding="utf-8")
        .format(
            compared=texts(known),
            wholes=texts(dict.fromkeys(parts.values())),
            parts=texts(parts),
            others="".join(f"UNION ALL BY NAME\n{file.read_text(encoding='utf-8')}" for file in files),
            edited_as=f"map({texts(edited)}, [{', '.join(map(texts, edited.values()))}]::VARCHAR[][])",
        )
    )
    open_objects(connection)
    connection.execute(statement)


def reread(connection: duckdb.DuckDBPyConnection, objects: Sequence[str], *, differing: bool) -> None:
    """Write `verified.reread`: the chosen records of `objects` whose fields the present reading is to replace.

    Args:
        connection: the warehouse.
        objects: the objects of one group.
        differing: only what differs, with everything that is read with it: a record with its parts.
    """
    connection.execute(_REREAD + (_ONLY_DIFFERING if differing else ""), {"objects": list(objects)})
