"""The tables that cleaning writes, and how an object's part of them is emptied before it is written again."""

from collections.abc import Sequence

import duckdb
import polars as pl

from migration_assets.clean.sql import definitions, quoted
from migration_assets.ground import quarantine
from resources.warehouse import insert_frame
from schemas.column_types import KINDS
from schemas.source import OBJECTS

_SHARED = {
    "clean.superseded": "object VARCHAR, key VARCHAR, file VARCHAR, line BIGINT, row BIGINT, kept_row BIGINT, "
    "reason VARCHAR",
    "clean.unmapped": 'object VARCHAR, "column" VARCHAR, value VARCHAR, rows BIGINT, file VARCHAR, line BIGINT',
    "clean.overlaps": 'object VARCHAR, "column" VARCHAR, row BIGINT, earlier TIMESTAMP, later TIMESTAMP, meant VARCHAR',
    "clean.findings": 'object VARCHAR, "column" VARCHAR, code VARCHAR, message VARCHAR, rows BIGINT',
}


def prepare(connection: duckdb.DuckDBPyConnection, object_name: str) -> None:
    """Make the object's clean table anew, and delete what an earlier run wrote about it elsewhere."""
    connection.execute("CREATE SCHEMA IF NOT EXISTS clean")
    for table, columns in _SHARED.items():
        connection.execute(f"CREATE TABLE IF NOT EXISTS {table} ({columns})")
        for column in columns.split(", "):  # a warehouse that an earlier version made may lack one
            connection.execute(f"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS {column}")
        connection.execute(f"DELETE FROM {table} WHERE object = ?", [object_name])
    quarantine.clear(connection, object_name, "clean")
    typed = {column.name: KINDS[column.kind].sql_type for column in OBJECTS[object_name].columns}
    place = {"_file": "VARCHAR", "_line": "BIGINT", "_row": "BIGINT", "_hash": "VARCHAR"}
    columns = definitions(place | typed | {"custom": "JSON"})
    connection.execute(f"CREATE OR REPLACE TABLE clean.{quoted(object_name)} ({columns})")


def record_findings(
    connection: duckdb.DuckDBPyConnection, object_name: str, findings: Sequence[tuple[str | None, str, str, int]]
) -> None:
    """Append findings: (column, code, message, rows)."""
    if not findings:
        return
    frame = pl.DataFrame(
        [(object_name, *finding) for finding in findings],
        schema={
            "object": pl.String,
            "column": pl.String,
            "code": pl.String,
            "message": pl.String,
            "rows": pl.Int64,
        },
        orient="row",
    )
    insert_frame(connection, "clean.findings", frame)


def record_unmapped(connection: duckdb.DuckDBPyConnection, object_name: str, frame: pl.DataFrame) -> None:
    """Append values that the mapping does not cover.

    `frame` has column, value (NULL: the whole column), rows, and file and line of the first of them.
    """
    if frame.is_empty():
        return
    table = frame.select(
        pl.lit(object_name).alias("object"),
        pl.col("column").cast(pl.String),
        pl.col("value").cast(pl.String),
        pl.col("rows").cast(pl.Int64),
        pl.col("file").cast(pl.String),
        pl.col("line").cast(pl.Int64),
    )
    insert_frame(connection, "clean.unmapped", table)
