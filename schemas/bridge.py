"""From the list of the source objects to the column schemas that Dagster's pages show.

Only shapes, never values: what a column holds and whether it may be empty.
"""

import dagster as dg

from schemas.column_types import KINDS
from schemas.source import OBJECTS

_PLACE = (
    ("_file", "VARCHAR", "The file of the extract that the record stands in."),
    ("_line", "BIGINT", "The line of the file on which the record starts, from 1."),
    ("_row", "BIGINT", "The record's number in the object, over all its files."),
    ("_hash", "VARCHAR", "The md5 of the record's text."),
)


def _column(name: str, sql_type: str, description: str, *, required: bool, unique: bool = False) -> dg.TableColumn:
    constraints = dg.TableColumnConstraints(nullable=not required, unique=unique)
    return dg.TableColumn(name, sql_type, description=description, constraints=constraints)


def table_schema(object_name: str) -> dg.TableSchema:
    """Return the columns of `clean.<object>`, typed."""
    item = OBJECTS[object_name]
    place = [_column(*part, required=True) for part in _PLACE]
    columns = [
        _column(
            column.name,
            KINDS[column.kind].sql_type,
            f"{column.description} {KINDS[column.kind].meaning}",
            required=column.name in item.required_columns,
            unique=item.key == (column.name,),
        )
        for column in item.columns
    ]
    custom = _column("custom", "JSON", "The custom fields that have a value, by column name.", required=True)
    return dg.TableSchema([*place, *columns, custom])
