"""Lists that people work through, written from the warehouse as CSV files that a spreadsheet can open."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl

from resources.safe_csv import write_safe_csv
from resources.warehouse import fetch_frame, scalar

BATCH_ROWS = 20_000


def write_list(connection: duckdb.DuckDBPyConnection, path: Path, query: str) -> int:
    """Write the rows of `query`, in its order, to `path` and return their number; with none, there is no file."""
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE listed_rows AS SELECT row_number() OVER () AS _n, * FROM ({query})"
    )
    rows = scalar(connection, "SELECT count(*) FROM listed_rows")
    write_safe_csv(path, _batches(connection, rows))
    connection.execute("DROP TABLE listed_rows")
    return rows


def lines(path: Path) -> int:
    """Return how many rows a list has on the disk; 0 where there is none."""
    return int(pl.scan_csv(path, infer_schema=False).select(pl.len()).collect().item()) if path.is_file() else 0


def _batches(connection: duckdb.DuckDBPyConnection, rows: int) -> Iterator[pl.DataFrame]:
    for first in range(0, rows, BATCH_ROWS):
        yield fetch_frame(
            connection,
            "SELECT * EXCLUDE (_n) FROM listed_rows WHERE _n > ? AND _n <= ? ORDER BY _n",
            [first, first + BATCH_ROWS],
        )
