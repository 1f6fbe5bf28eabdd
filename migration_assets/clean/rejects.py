"""`rejects/<object>.csv`: rows that are held back, in the customer's own columns, with the reason, to be corrected.

Rows that went on without a value are in `<object>-values.csv`. The files are opened in spreadsheets, so that every cell
a spreadsheet would compute is made text by a leading apostrophe; it is taken off again when they are read. A file in
which a person has written something that was not read yet is never overwritten.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from migration_assets.clean.sql import PLACE, quoted
from migration_assets.ground import given_back, quarantine
from resources.safe_csv import write_safe_csv
from resources.warehouse import fetch_frame, scalar, table_exists

_ROWS = Path(__file__).with_name("rejects.sql").read_text(encoding="utf-8")
_BATCH_ROWS = 20_000
_NOT_LANDED = "(SELECT NULL::BIGINT AS _row, NULL::VARCHAR AS _hash)"


@dataclass(frozen=True)
class Rejects:
    """How many rows are held back, how many went on without a value, and the files that were left as they are."""

    held: int
    without_value: int
    left: tuple[str, ...] = ()


def write_rejects(connection: duckdb.DuckDBPyConnection, object_name: str, folder: Path) -> Rejects:
    """Write the object's faulty rows; where there are none, an earlier file is removed.

    A file that a person has changed since it was read is left as it is: the next run reads it.
    """
    quarantine.prepare(connection)
    given_back.prepare(connection)
    columns = _columns(connection, object_name)
    counts: dict[str, int] = {}
    left: list[str] = []
    files = (
        (given_back.rows_file(object_name), "row", given_back.OWN),
        (given_back.values_file(object_name), "value", given_back.OWN_OF_VALUES),
    )
    for name, severity, own in files:
        rows = counts[severity] = _find(connection, object_name, severity)
        path = folder / name
        if path.exists() and not given_back.is_known(connection, object_name, path):
            left.append(name)
            continue
        write_safe_csv(path, _batches(connection, object_name, columns, own, rows), given_back=True)
        given_back.note_known(connection, object_name, path)
    return Rejects(counts["row"], counts["value"], tuple(left))


def _find(connection: duckdb.DuckDBPyConnection, object_name: str, severity: str) -> int:
    """Make `temp._rejects` of the rows with that severity, and return their number."""
    landed = f"raw.{quoted(object_name)}" if table_exists(connection, f"raw.{object_name}") else _NOT_LANDED
    query = _ROWS.format(landed=landed)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE _rejects AS {query}", [object_name, severity])
    return scalar(connection, "SELECT count(*) FROM temp._rejects")


def write_unmapped(connection: duckdb.DuckDBPyConnection, folder: Path) -> int:
    """Write `unmapped_values.csv`: every value that the mapping does not cover, with the place of its first row."""
    query = 'SELECT object, "column", value, rows, file, line FROM clean.unmapped ORDER BY ALL'
    frame = fetch_frame(connection, query)
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
            taken = cell["found"] in headers.values() or cell["found"] in given_back.OWN
            headers[cell["column"]] = cell["column"] if taken else cell["found"]
    return headers


def _batches(
    connection: duckdb.DuckDBPyConnection, object_name: str, columns: dict[str, str], own: Sequence[str], rows: int
) -> Iterator[pl.DataFrame]:
    cells = "".join(f", landed.{quoted(name)}" for name in columns)
    source = f"LEFT JOIN raw.{quoted(object_name)} AS landed ON landed._row = rejects.row" if columns else ""
    ours = ", ".join(f"rejects.{name}" for name in own)
    for start in range(0, rows, _BATCH_ROWS):
        query = (
            f"SELECT {ours}{cells} FROM temp._rejects AS rejects {source} "
            "WHERE rejects.number > ? AND rejects.number <= ? ORDER BY rejects.number"
        )
        frame = fetch_frame(connection, query, [start, start + _BATCH_ROWS])
        yield frame.select(*columns, *own).rename(columns)
