"""The registry as a table, for the SQL of stages that must know what is declared of an object."""

from pathlib import Path

import duckdb

from migration_assets.objects.registry import declarations, looked_up, told_when_deleted

TEXTS = ("name", "part_of", "record_object", "carried_by", "goes_with", "removal", "immutable")
FLAGS = ("changeable", "has_rows")
"""Columns that are as in `Declaration`."""
OTHERS = (
    "key_begins VARCHAR[]", "place BIGINT", "target VARCHAR", "keyed_by VARCHAR", "shaped BOOLEAN", "has_parts BOOLEAN",
    "needed BOOLEAN", "told_when_deleted BOOLEAN", "found_by VARCHAR",
)  # fmt: skip
"""`place` is that in the order of the registry, `target` the table without its schema."""
TABLE = ", ".join([*(f"{name} VARCHAR" for name in TEXTS), *(f"{name} BOOLEAN" for name in FLAGS), *OTHERS])
MACRO = "CREATE OR REPLACE TEMP MACRO {}(object, operation) AS list_contains({}::VARCHAR[], object || '.' || operation)"

_KNOWN = Path(__file__).with_name("known_records.sql")


def known_records(writes: str) -> str:
    """Return the SELECT of how our writes left each record, over a table of writes with the record of each."""
    return _KNOWN.read_text(encoding="utf-8").replace("{writes}", writes)


def open_objects(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the temporary table `intercom_objects`: one row per object of the registry, also of what is looked up.

    Beside it the macros `is_extra` and `settles`, of an object and its operation.
    """
    declared = [*declarations().values(), *(item for item, _ in looked_up())]
    wholes = {item.part_of for item in declared}
    needed = {one.object for item in declared for one in item.references}
    told = told_when_deleted()
    found_by = {item.name: how.by for item, how in looked_up()}
    rows = [
        [
            *(getattr(item, name) for name in (*TEXTS, *FLAGS)),
            *(list(item.key_begins), place, item.table or item.plural, item.keyed_by or None, not item.relation),
            *(item.name in wholes, item.name in needed, item.name in told, found_by.get(item.name)),
        ]
        for place, item in enumerate(declared)
    ]
    connection.execute(f"CREATE OR REPLACE TEMP TABLE intercom_objects ({TABLE})")
    connection.executemany(f"INSERT INTO intercom_objects VALUES ({', '.join('?' * len(rows[0]))})", rows)
    extras = [f"{item.name}.{operation}" for item in declared for operation in item.extras]
    settling = [f"{item.name}.{item.settled_by}" for item in declared if item.settled_by]
    connection.execute(MACRO.format("is_extra", extras))
    connection.execute(MACRO.format("settles", settling))
