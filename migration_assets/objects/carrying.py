"""How many of an object's records carry each field that is compared: what their rows of the target have values for."""

from collections.abc import Sequence

import duckdb

from migration_assets.objects.declaration import Declaration
from migration_assets.objects.fields import ATTRIBUTES, TEXTS, ObjectField
from migration_assets.objects.shown import attribute_field

_COUNT = """
WITH rows_of AS (
    SELECT list_concat(['present', {fields}]::VARCHAR[], {attributes}) AS fields
    FROM {records} t WHERE ({where}) AND t.source_key IN (
        SELECT source_key FROM plan.journal WHERE object = '{object}' AND state = 'confirmed')
),
carried AS (SELECT unnest(fields) AS field FROM rows_of)
SELECT field, count(*) FROM carried WHERE field IS NOT NULL GROUP BY field
"""
_KEYS = """coalesce(list_transform(
    list_filter(json_keys(t."{column}"::JSON), lambda name:
        nullif(json_extract_string(t."{column}"::JSON, '$."' || name || '"'), '') IS NOT NULL),
    lambda name: '{prefix}' || name), [])"""


def carried_fields(connection: duckdb.DuckDBPyConnection, declaration: Declaration) -> dict[str, int]:
    """Return how many of the records that the journal has confirmed carry each field, by its compared name."""
    compared = [item for item in declaration.fields if item.compared_name is not None]
    own = [item for item in compared if item.type != ATTRIBUTES]
    attributes = [item for item in compared if item.type == ATTRIBUTES]
    keys = [_KEYS.format(column=item.table_column, prefix=attribute_field("")) for item in attributes]
    query = _COUNT.format(
        object=declaration.name,
        records=declaration.records,
        where=declaration.where,
        fields=", ".join(map(_if_carried, own)),
        attributes=_joined(keys),
    )
    return dict(connection.execute(query).fetchall())


def _joined(lists: Sequence[str]) -> str:
    """Return the SQL of several lists as one."""
    joined = "[]::VARCHAR[]"
    for one in lists:
        joined = f"list_concat({joined}, {one})"
    return joined


def _if_carried(item: ObjectField) -> str:
    """Return the SQL of the field's name where a row has a value for it, NULL where it has none.

    What is a constant, or what the plan makes out for each record, such as who writes it, every record has.
    """
    if item.table_column is None or (item.sent and item.expected):
        return f"'{item.compared_name}'"
    column = f't."{item.table_column}"'
    value = f"nullif(len({column}), 0)" if item.type == TEXTS else f"nullif({column}::VARCHAR, '')"
    return f"CASE WHEN {value} IS NOT NULL THEN '{item.compared_name}' END"
