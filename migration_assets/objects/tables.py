"""The registry as a table, for the SQL of stages that must know what is declared of an object."""

import duckdb
import polars as pl

from migration_assets.objects.registry import declarations, told_when_gone
from resources.warehouse import insert_frame

TABLE = """
CREATE OR REPLACE TEMP TABLE intercom_objects (
    name VARCHAR, target VARCHAR, key_begins VARCHAR[], keyed_by VARCHAR, part_of VARCHAR, carried_by VARCHAR,
    goes_with VARCHAR, removal VARCHAR, has_rows BOOLEAN, has_parts BOOLEAN, needed BOOLEAN, told_when_gone BOOLEAN
)
"""
"""As in `Declaration`; `target` is the table without its schema."""


def open_objects(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the temporary table `intercom_objects`: one row per object of the registry."""
    declared = list(declarations().values())
    wholes = {item.part_of for item in declared}
    needed = {one.object for item in declared for one in item.references}
    told = told_when_gone()
    rows = [
        {
            "name": item.name,
            "target": item.table or item.plural,
            "key_begins": list(item.key_begins),
            "keyed_by": item.keyed_by or None,
            "part_of": item.part_of,
            "carried_by": item.carried_by,
            "goes_with": item.goes_with,
            "removal": item.removal,
            "has_rows": item.has_rows,
            "has_parts": item.name in wholes,
            "needed": item.name in needed,
            "told_when_gone": item.name in told,
        }
        for item in declared
    ]
    connection.execute(TABLE)
    insert_frame(connection, "intercom_objects", pl.DataFrame(rows, infer_schema_length=None))
