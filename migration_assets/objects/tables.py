"""The registry as a table, for the SQL of stages that must know what is declared of an object."""

import duckdb
import polars as pl

from migration_assets.objects.registry import declarations, looked_up, told_when_gone
from resources.warehouse import insert_frame

TEXT, FLAG = pl.String, pl.Boolean
DECLARED = {
    "name": TEXT, "key_begins": pl.List(TEXT), "part_of": TEXT, "record_object": TEXT, "carried_by": TEXT,
    "goes_with": TEXT, "removal": TEXT, "immutable": TEXT, "changeable": FLAG, "has_rows": FLAG,
}  # fmt: skip
"""Columns that are as in `Declaration`."""
MADE = {
    "place": pl.Int64, "target": TEXT, "keyed_by": TEXT, "shaped": FLAG, "has_parts": FLAG, "needed": FLAG,
    "told_when_gone": FLAG, "found_by": TEXT,
}  # fmt: skip
"""The others: the place in the registry's order, the table without its schema, and what others say of the object."""
MACRO = "CREATE OR REPLACE TEMP MACRO {}(object, operation) AS list_contains({}::VARCHAR[], object || '.' || operation)"


def open_objects(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the temporary table `intercom_objects`: one row per object of the registry, also of what is looked up.

    Beside it the macros `is_extra` and `settles`, of an object and its operation.
    """
    declared = [*declarations().values(), *(item for item, _ in looked_up())]
    wholes = {item.part_of for item in declared}
    needed = {one.object for item in declared for one in item.references}
    told = told_when_gone()
    found_by = {item.name: how.by for item, how in looked_up()}
    rows = [
        [getattr(item, name) for name in DECLARED]
        + [place, item.table or item.plural, item.keyed_by or None, not item.relation, item.name in wholes]
        + [item.name in needed, item.name in told, found_by.get(item.name)]
        for place, item in enumerate(declared)
    ]
    frame = pl.DataFrame(rows, schema=DECLARED | MADE, orient="row")
    insert_frame(connection, "temp.intercom_objects", frame, create=True)
    extras = [f"{item.name}.{operation}" for item in declared for operation in item.extras]
    settling = [f"{item.name}.{item.settled_by}" for item in declared if item.settled_by]
    connection.execute(MACRO.format("is_extra", extras))
    connection.execute(MACRO.format("settles", settling))
