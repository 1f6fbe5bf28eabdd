"""The registry as a table, for the SQL of stages that must know what is declared of an object."""

import duckdb
import polars as pl

from migration_assets.objects.registry import declarations, looked_up, told_when_gone
from resources.warehouse import insert_frame

TABLE = """
CREATE OR REPLACE TEMP TABLE intercom_objects (
    name VARCHAR, place BIGINT, target VARCHAR, key_begins VARCHAR[], keyed_by VARCHAR, part_of VARCHAR,
    record_object VARCHAR, carried_by VARCHAR, goes_with VARCHAR, removal VARCHAR, immutable VARCHAR,
    changeable BOOLEAN, has_rows BOOLEAN, shaped BOOLEAN, has_parts BOOLEAN, needed BOOLEAN, told_when_gone BOOLEAN,
    found_by VARCHAR
)
"""
"""As in `Declaration`; `target` is the table without its schema, `place` that in the order of the registry."""
MACRO = "CREATE OR REPLACE TEMP MACRO {}(object, operation) AS list_contains({}::VARCHAR[], object || '.' || operation)"


def open_objects(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the temporary table `intercom_objects`: one row per object of the registry, also of what is looked up.

    Beside it the macros `is_extra` and `settles`, of an object and its operation.
    """
    declared = list(declarations().values())
    wholes = {item.part_of for item in declared}
    needed = {one.object for item in declared for one in item.references}
    told = told_when_gone()
    found_by = {item.name: how.by for item, how in looked_up()}
    rows = [
        {
            "name": item.name,
            "place": place,
            "target": item.table or item.plural,
            "key_begins": list(item.key_begins),
            "keyed_by": item.keyed_by or None,
            "part_of": item.part_of,
            "record_object": item.record_object,
            "carried_by": item.carried_by,
            "goes_with": item.goes_with,
            "removal": item.removal,
            "changeable": item.changeable,
            "immutable": item.immutable,
            "has_rows": item.has_rows,
            "shaped": not item.relation,
            "has_parts": item.name in wholes,
            "needed": item.name in needed,
            "told_when_gone": item.name in told,
            "found_by": found_by.get(item.name),
        }
        for place, item in enumerate([*declared, *(item for item, _ in looked_up())])
    ]
    connection.execute(TABLE)
    insert_frame(connection, "intercom_objects", pl.DataFrame(rows, infer_schema_length=None))
    extras = [f"{item.name}.{operation}" for item in declared for operation in item.extras]
    settling = [f"{item.name}.{item.settled_by}" for item in declared if item.settled_by]
    connection.execute(MACRO.format("is_extra", extras))
    connection.execute(MACRO.format("settles", settling))
