"""`rejects/<object>.csv`: faulty rows in the customer's own columns, with the reason, to correct and hand in again.

The files are opened in spreadsheets, so that every cell a spreadsheet would compute is made text by a leading
apostrophe; `tidy` takes it off again when the file comes back. Our own columns start with _ and are left out then.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl

from migration_assets.clean.sql import PLACE, quoted
from migration_assets.ground import quarantine
from resources.safe_csv import write_safe_csv
from resources.warehouse import fetch_frame, scalar, table_exists

_ROWS = Path(__file__).with_name("rejects.sql").read_text(encoding="utf-8")
_BATCH_ROWS = 20_000
_OWN = ("_severity", "_file", "_line", "_reason", "_expected", "_what_to_do", "_raw")


def write_rejects(connection: duckdb.DuckDBPyConnection, object_name: str, folder: Path) -> int:
    """Write the object's faulty rows and return their number; with none, an earlier file is removed.

    `_severity` tells rows that are held back ('row') from rows that go on without a value ('value').
    """
    quarantine.prepare(connection)
    path = folder / f"{object_name}.csv"
    columns = _columns(connection, object_name)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE _rejects AS {_ROWS}", [object_name])
    rows = scalar(connection, "SELECT count(*) FROM temp._rejects")
    write_safe_csv(path, _batches(connection, object_name, columns, rows), given_back=True)
    return rows


def write_unmapped(connection: duckdb.DuckDBPyConnection, folder: Path) -> int:
    """Write `unmapped_values.csv`: every value of every object that the mapping does not cover."""
    frame = fetch_frame(connection, 'SELECT object, "column", value, rows FROM clean.unmapped ORDER BY ALL')
    frame = frame.with_columns(pl.col("value").cast(pl.String).fill_null("(the whole column)"))
    write_safe_csv(folder / "unmapped_values.csv", iter([frame]))
    return frame.height


def _columns(connection: duckdb.DuckDBPyConnection, object_name: str) -> dict[str, str]:
    """Return landed column -> the header as the customer's first file with that column has it, in its order."""
    evidence = connection.execute(
        "SELECT header_evidence FROM raw.files WHERE object = ? ORDER BY part", [object_name]
    ).fetchall()
    cells = [cell for (text,) in evidence if text for cell in json.loads(text)]
    headers: dict[str, str] = {}
    if not table_exists(connection, f"raw.{object_name}"):
        return headers
    landed = set(fetch_frame(connection, f"SELECT * FROM raw.{quoted(object_name)} LIMIT 0").columns) - set(PLACE)
    for cell in cells:
        if cell["column"] in landed and cell["column"] not in headers:
            # Two parts may use one word for different columns; the column's own name is never wrong.
            taken = cell["found"] in headers.values() or cell["found"] in _OWN
            headers[cell["column"]] = cell["column"] if taken else cell["found"]
    return headers


def _batches(
    connection: duckdb.DuckDBPyConnection, object_name: str, columns: dict[str, str], rows: int
) -> Iterator[pl.DataFrame]:
    cells = "".join(f", landed.{quoted(name)}" for name in columns)
    source = f"LEFT JOIN raw.{quoted(object_name)} AS landed ON landed._row = rejects.row" if columns else ""
    own = ", ".join(f"rejects.{name}" for name in _OWN)
    for start in range(0, rows, _BATCH_ROWS):
        query = (
            f"SELECT {own}{cells} FROM temp._rejects AS rejects {source} "
            "WHERE rejects.number > ? AND rejects.number <= ? ORDER BY rejects.number"
        )
        frame = fetch_frame(connection, query, [start, start + _BATCH_ROWS])
        yield frame.select(*columns, *_OWN).rename(columns)
