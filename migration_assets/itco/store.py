"""The tables `raw.*`: their columns, and writing to them."""

from dataclasses import asdict

import duckdb
import polars as pl

from migration_assets.ground import given_back, quarantine
from migration_assets.itco.faults import Finding
from migration_assets.itco.rows import Held
from migration_assets.itco.scan import CUT, ENCODING, HEADER, LONG, NUL, RULES, SHORT, STRAY, TOTALS
from resources.warehouse import insert_frame
from schemas.source import OBJECTS

FILE_COLUMNS: dict[str, str] = {
    "object": "VARCHAR",
    "file": "VARCHAR",
    "part": "BIGINT",
    "bytes": "BIGINT",
    "sha256": "VARCHAR",
    "encoding": "VARCHAR",
    "encoding_evidence": "VARCHAR",
    "delimiter": "VARCHAR",
    "delimiter_evidence": "VARCHAR",
    "newline": "VARCHAR",
    "header_evidence": "JSON",
    "records": "BIGINT",
    "landed": "BIGINT",
    "quarantined": "BIGINT",
    "repeated_headers": "BIGINT",
    "totals_rows": "BIGINT",
    "continued": "BIGINT",
    "stated_rows": "BIGINT",
    "stated_sha256": "VARCHAR",
}
"""`raw.files`, one row per file. `continued` counts quarantined records that may be pieces of the one before."""

_FINDING_COLUMNS = {
    "object": "VARCHAR",
    "file": "VARCHAR",
    "line": "BIGINT",
    "code": "VARCHAR",
    "message": "VARCHAR",
    "severity": "VARCHAR",
}
_EXTRACT_COLUMNS = {
    "source_instance": "VARCHAR",
    "time_zone": "VARCHAR",
    "exported_at": "TIMESTAMP",
    "exported_by": "VARCHAR",
    "folder": "VARCHAR",
    "sha256": "VARCHAR",
}
_POLARS: dict[str, pl.DataType | type[pl.DataType]] = {
    "VARCHAR": pl.String,
    "BIGINT": pl.Int64,
    "JSON": pl.String,
    "TIMESTAMP": pl.Datetime("us"),
}
_ACTION = "Fill in the cells of this line from the text under _raw, as they should be."
_SAY_SO = "Write yes under _leave_out to say so."
_EXPECTED = {
    STRAY: ("quotes only around a whole field, doubled inside it", _ACTION),
    CUT: (
        "a whole record up to the end of the file",
        f"The file ends inside it: export it again, or do this. {_ACTION}",
    ),
    SHORT: ("{fields} fields", _ACTION),
    LONG: ("{fields} fields", _ACTION),
    NUL: ("no NUL byte", f"{_ACTION} The NUL byte is shown as ␀; the text around it cannot be trusted."),
    ENCODING: ("text in the file's encoding", _ACTION),
    HEADER: ("a record", f"The header stands in the file once more. {_SAY_SO}"),
    TOTALS: ("a record", f"A line of totals is no record. {_SAY_SO}"),
}


def quoted(name: str) -> str:
    """Return a column's name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the tables about files, findings and the extract if they are not there yet."""
    connection.execute("CREATE SCHEMA IF NOT EXISTS raw")
    for table, columns in (("files", FILE_COLUMNS), ("findings", _FINDING_COLUMNS), ("extract", _EXTRACT_COLUMNS)):
        body = ", ".join(f"{quoted(name)} {kind}" for name, kind in columns.items())
        connection.execute(f"CREATE TABLE IF NOT EXISTS raw.{table} ({body})")
    quarantine.prepare(connection)


def clear(connection: duckdb.DuckDBPyConnection, object_name: str, columns: list[str]) -> None:
    """Empty everything that landing wrote about an object, and make its table anew.

    Args:
        connection: The warehouse.
        object_name: A name of `schemas.source.OBJECTS`.
        columns: The columns that its files have beside the canonical ones.
    """
    prepare(connection)
    names = [*OBJECTS[object_name].by_name, *columns]
    body = ", ".join(f"{quoted(name)} VARCHAR" for name in names)
    connection.execute(
        f"CREATE OR REPLACE TABLE raw.{quoted(object_name)} "
        f"(_file VARCHAR, _line BIGINT, _row BIGINT, _hash VARCHAR, {body})"
    )
    for table in ("files", "findings"):
        connection.execute(f"DELETE FROM raw.{table} WHERE object = ?", [object_name])
    quarantine.clear(connection, object_name, "land")
    given_back.clear(connection, object_name)


def insert_rows(
    connection: duckdb.DuckDBPyConnection, object_name: str, file: str, frame: pl.DataFrame, columns: list[str]
) -> None:
    """Append landed rows; `columns` are the file's columns in order, over which the row hash goes."""
    fields = ", ".join(f"coalesce({quoted(name)}, '')" for name in columns)
    targets = ", ".join(quoted(name) for name in columns)
    connection.register("_rows", frame.to_arrow())
    try:
        connection.execute(
            f"INSERT INTO raw.{quoted(object_name)} (_file, _line, _row, _hash, {targets}) "
            f"SELECT ?, _line, _row, md5(concat_ws(chr(31), {fields})), {targets} FROM _rows",
            [file],
        )
    finally:
        connection.unregister("_rows")


def insert_held(
    connection: duckdb.DuckDBPyConnection, object_name: str, file: str, held: list[Held], fields: int
) -> None:
    """Put records into quarantine; `fields` is the number that the header has."""
    if not held:
        return
    frame = pl.DataFrame(
        {
            "object": [object_name] * len(held),
            "file": [file] * len(held),
            "line": [item.line for item in held],
            "row": [item.row for item in held],
            "stage": ["land"] * len(held),
            "rule": [RULES[item.rule] for item in held],
            "severity": ["row"] * len(held),
            "found": [_found(item) for item in held],
            "expected": [_EXPECTED[item.rule][0].format(fields=fields) for item in held],
            "action": [_EXPECTED[item.rule][1] for item in held],
            "raw": [item.raw.decode("utf-8", "backslashreplace").replace("\0", "␀") for item in held],
        }
    )
    quarantine.record_faults(connection, frame)


def _found(item: Held) -> str | None:
    if item.continues:
        return "follows a misplaced quote, may be a piece of the record before"
    return f"{item.fields} fields" if item.rule in (SHORT, LONG) else None


def insert_findings(connection: duckdb.DuckDBPyConnection, object_name: str, findings: list[Finding]) -> None:
    """Append findings about an object."""
    rows: list[dict[str, object]] = [{"object": object_name, **asdict(finding)} for finding in findings]
    insert_records(connection, "findings", rows)


def insert_records(connection: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, object]]) -> None:
    """Append a few rows to raw.files, raw.findings or raw.extract."""
    columns = {"files": FILE_COLUMNS, "findings": _FINDING_COLUMNS, "extract": _EXTRACT_COLUMNS}[table]
    if rows:
        schema = {name: _POLARS[kind] for name, kind in columns.items()}
        insert_frame(connection, f"raw.{table}", pl.DataFrame(rows, schema=schema))
