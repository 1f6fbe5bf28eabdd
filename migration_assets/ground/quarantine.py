"""The table `quarantine.faults`: every row or value that was held back, with the rule that held it back.

Landing and cleaning both write here, each under its own stage, so that either can be run again on its own.
What belongs elsewhere: finding the faults (the stages do) and writing `rejects/<object>.csv`.
"""

from typing import Literal

import duckdb
import polars as pl

from resources.warehouse import insert_frame

Stage = Literal["land", "clean"]

TABLE = "quarantine.faults"

FAULT_COLUMNS: dict[str, type[pl.DataType]] = {
    "object": pl.String,
    "key": pl.String,
    "file": pl.String,
    "line": pl.Int64,
    "row": pl.Int64,
    "stage": pl.String,
    "rule": pl.String,
    "column": pl.String,
    "severity": pl.String,
    "found": pl.String,
    "expected": pl.String,
    "action": pl.String,
    "raw": pl.String,
}
"""The columns of the table in order.

`line` is the 1-based physical line on which the record starts, `row` the record's `_row`. `severity` is 'row'
(the record is held back) or 'value' (one value is dropped, the record goes on). `action` says what a person
does about it. `raw` is the record's own text, only for stage 'land'.
"""

_SQL_TYPES = {pl.String: "VARCHAR", pl.Int64: "BIGINT"}


def prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the table if it is not there yet."""
    columns = ", ".join(f'"{name}" {_SQL_TYPES[kind]}' for name, kind in FAULT_COLUMNS.items())
    connection.execute("CREATE SCHEMA IF NOT EXISTS quarantine")
    connection.execute(f"CREATE TABLE IF NOT EXISTS {TABLE} ({columns})")


def clear(connection: duckdb.DuckDBPyConnection, object_name: str, stage: Stage) -> None:
    """Delete what an earlier run of `stage` wrote about the object."""
    prepare(connection)
    connection.execute("DELETE FROM quarantine.faults WHERE object = ? AND stage = ?", [object_name, stage])


def record_faults(connection: duckdb.DuckDBPyConnection, frame: pl.DataFrame) -> None:
    """Append faults; columns that `frame` lacks are NULL.

    Raises:
        ValueError: `frame` has a column that the table does not know, or a severity or stage that is no such.
    """
    unknown = [name for name in frame.columns if name not in FAULT_COLUMNS]
    if unknown:
        raise ValueError(f"quarantine.faults has no column {', '.join(unknown)}")
    if frame.is_empty():
        return
    for column, allowed in (("severity", ["row", "value"]), ("stage", ["land", "clean"])):
        if column not in frame.columns or not frame[column].is_in(allowed).all():
            raise ValueError(f"quarantine.faults.{column} must be one of {', '.join(allowed)} in every fault")
    prepare(connection)
    whole = frame.select(
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(kind).alias(name)
        for name, kind in FAULT_COLUMNS.items()
    )
    insert_frame(connection, TABLE, whole)
