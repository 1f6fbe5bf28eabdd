"""What rooms keep of Intercom before a plan: `observed.standing` and `observed.standing_attributes`."""

from collections.abc import Sequence
from typing import Any

import duckdb
import polars as pl

from resources.warehouse import Warehouse, insert_frame

STANDING = "observed.standing"
"""One row per record that one of ours may be taken for; `id` is ours, `email` also a company's domain, `source_id` the
mark of an earlier run."""
ATTRIBUTES = "observed.standing_attributes"
"""One row per attribute, with the ticket type that has it, and its options folded."""
_SCHEMAS: dict[str, dict[str, pl.DataType | type[pl.DataType]]] = {
    STANDING: dict.fromkeys(("object", "intercom_id", "id", "email", "phone", "name", "source_id"), pl.String),
    ATTRIBUTES: {
        **dict.fromkeys(("model", "ticket_type", "name", "data_type"), pl.String),
        "options": pl.List(pl.String),
    },
}


def forget_observed(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the tables anew."""
    for table, schema in _SCHEMAS.items():
        insert_frame(connection, table, pl.DataFrame(schema=schema), create=True)


def keep_observed(warehouse: Warehouse, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Append rows to one of the tables."""
    with warehouse.connect() as connection:
        insert_frame(connection, table, pl.DataFrame(rows, schema=_SCHEMAS[table], orient="row"))
