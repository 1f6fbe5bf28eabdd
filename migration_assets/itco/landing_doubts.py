"""What is doubtful in what was landed: columns that no rule knows, files without rows, empty texts.

Asked once every object is landed, because what an id is shows in the other objects' keys. Found in sets, of which a
bounded sample is looked at to guess; what is said has headers and numbers in it, and no text of a customer.
"""

import json
from pathlib import Path

import duckdb
import polars as pl

from migration_assets.accounting import doubts
from migration_assets.ground.column_name import normalise
from migration_assets.itco.assumed_encoding import doubt_assumed_encoding
from migration_assets.itco.headers import UNKNOWN_PREFIX
from migration_assets.itco.likeness import guess, profile
from migration_assets.itco.store import quoted
from migration_assets.itco.swallowed_rows import doubt_swallowed_rows
from resources.warehouse import fetch_frame, insert_frame
from resources.wording import number
from schemas.doubt_codes import DoubtCode
from schemas.mapping import Mapping
from schemas.mapping_parts import fold
from schemas.source import OBJECTS
from schemas.source_objects import SourceObject

_HERE = Path(__file__).parent
_SILENT_KINDS = ("assignment", "status_change")
COPY = (
    r"(?i)(^|[^a-z])(copy|copie|copia|kopie|kopia|duplicate|dup|final|old|alt|new|neu|backup|bak|orig|original|tmp|temp|"
    r"draft|test|v)\d*([^a-z]|$)|\(\d+\)|~\d|[-_ ]\d\.[a-z]+$"
)
"""How people and programs name the copy of a file."""
_TOLD_AT_LANDING = (
    DoubtCode.CELL_CUT, DoubtCode.FILE_CUT, DoubtCode.QUOTE_MISPLACED, DoubtCode.MORE_ROWS_THAN_STATED,
)  # fmt: skip
"""Findings of landing that may mean a lost text or missing rows; their codes are those of the findings."""
_TOLD = """
    SELECT file, line, file || ': ' || message || '.' AS found FROM raw.findings WHERE object = ? AND code = ?
        AND (code <> 'more_rows_than_stated' OR file IN (SELECT file FROM raw.files WHERE landed > stated_rows))
"""
"""Of more rows than are stated only what was landed: a piece of a damaged record is none."""
_SAMPLE = 5000
"""How many values of a column are looked at to guess what it means."""


def look_for_doubts(connection: duckdb.DuckDBPyConnection, mapping: Mapping) -> None:
    """Record what is doubtful in each landed object, under the step that landed it."""
    for name in OBJECTS:
        doubts.clear(connection, f"itco/{name}")
        _unknown_columns(connection, OBJECTS[name], mapping)
        _record(connection, name, DoubtCode.EMPTY_FILE, "empty_files", [name])
        _copied_files(connection, OBJECTS[name])
        doubt_swallowed_rows(connection, OBJECTS[name])
        doubt_assumed_encoding(connection, OBJECTS[name])
        for code in _TOLD_AT_LANDING:
            doubts.record(connection, f"itco/{name}", name, code, _TOLD, [name, code.value])
    kinds = [fold(word) for word, kind in mapping.message_kinds.items() if kind in _SILENT_KINDS]
    _record(connection, "messages", DoubtCode.EMPTY_TEXT, "empty_texts", [kinds])
    _record(connection, "messages", DoubtCode.TEXT_IS_A_NAME, "texts_are_names")


def _record(
    connection: duckdb.DuckDBPyConnection, name: str, code: DoubtCode, script: str, values: list[object] | None = None
) -> None:
    query = (_HERE / f"{script}.sql").read_text(encoding="utf-8")
    doubts.record(connection, f"itco/{name}", name, code, query, values or [])


def _copied_files(connection: duckdb.DuckDBPyConnection, item: SourceObject) -> None:
    """Record the parts whose name is a copy's and whose records stand in another part, where they say another thing."""
    query = (_HERE / "copied_files.sql").read_text(encoding="utf-8")
    values = ", ".join(f"coalesce({quoted(column.name)}, '')" for column in item.columns)
    key = "concat_ws('|', " + ", ".join(f"trim({quoted(column)})" for column in item.key) + ")"
    query = query.format(table=f"raw.{quoted(item.name)}", key=key, values=values)
    if len(connection.execute("SELECT 1 FROM raw.files WHERE object = ?", [item.name]).fetchall()) > 1:
        doubts.record(connection, f"itco/{item.name}", item.name, DoubtCode.COPIED_FILE, query, [COPY])


def _unknown_columns(connection: duckdb.DuckDBPyConnection, item: SourceObject, mapping: Mapping) -> None:
    """Record each column that has values, that no rule knows, and that the mapping does not leave behind."""
    headers, present = _headers(connection, item.name)
    left = {normalise(name) for name in mapping.ignored_columns.get(item.name, ())}
    asked = {column: found for column, found in headers.items() if normalise(found[0]) not in left}
    if not asked:
        return
    counts = _filled(connection, item.name, list(asked))
    free = [column for column in item.columns if column.name not in present]
    rows = []
    for column, filled in counts.items():
        if not filled:
            continue
        header, file = asked[column]
        sample = _sample(connection, item.name, column)
        guessed = guess(header, profile(sample, _joins(connection, sample)), free, item)
        says = (
            f"Most likely it is {guessed.column}: {guessed.why}. "
            f"Then add to mapping.yaml headers: {{{item.name}: {{{header!r}: {guessed.column}}}}}."
            if guessed
            else f"It is like no column of {item.name} that is missing. "
        )
        found = f"{file}: the column {header!r} has values in {number(filled)} rows, and no rule knows it. {says}"
        rows.append({"column": header, "file": file, "found": found.strip(), "rows": filled})
    if rows:
        insert_frame(connection, "temp.unknown_columns", pl.DataFrame(rows), create=True)
        query = "SELECT * FROM temp.unknown_columns"
        doubts.record(connection, f"itco/{item.name}", item.name, DoubtCode.UNKNOWN_COLUMN, query)


def _headers(connection: duckdb.DuckDBPyConnection, name: str) -> tuple[dict[str, tuple[str, str]], set[str]]:
    """Return the unknown columns with the header and the first file that has it, and all columns that are there."""
    unknown: dict[str, tuple[str, str]] = {}
    present: set[str] = set()
    query = "SELECT file, header_evidence FROM raw.files WHERE object = ? ORDER BY part"
    for file, evidence in connection.execute(query, [name]).fetchall():
        for cell in json.loads(evidence):
            column = cell["column"] or ""
            present.add(column)
            if column.startswith(UNKNOWN_PREFIX):
                unknown.setdefault(column, (cell["found"], file))
    return unknown, present


def _filled(connection: duckdb.DuckDBPyConnection, name: str, columns: list[str]) -> dict[str, int]:
    counts = ", ".join(f"count(*) FILTER (regexp_matches({quoted(column)}, '\\S'))" for column in columns)
    rows = connection.execute(f"SELECT {counts} FROM raw.{quoted(name)}").fetchall()
    return dict(zip(columns, rows[0], strict=True))


def _sample(connection: duckdb.DuckDBPyConnection, name: str, column: str) -> pl.Series:
    query = f"""
        SELECT {quoted(column)} AS found FROM raw.{quoted(name)}
        WHERE regexp_matches({quoted(column)}, '\\S') USING SAMPLE reservoir({_SAMPLE} ROWS) REPEATABLE (7)
    """
    return fetch_frame(connection, query)["found"]


def _joins(connection: duckdb.DuckDBPyConnection, sample: pl.Series) -> dict[str, float]:
    """Return by object which share of the values are keys of it; only of objects that have rows."""
    insert_frame(connection, "temp.looked_at", pl.DataFrame({"found": sample.str.strip_chars()}), create=True)
    shares = {}
    for name, item in OBJECTS.items():
        if len(item.key) > 1 or item.by_name[item.key[0]].kind != "id":
            continue
        key = quoted(item.key[0])
        query = f"""
            SELECT count(*) FILTER (found IN (SELECT trim({key}) FROM raw.{quoted(name)} WHERE {key} IS NOT NULL))
                / count(*), (SELECT count(*) FROM raw.{quoted(name)})
            FROM temp.looked_at
        """
        share, there = connection.execute(query).fetchall()[0]
        if there:
            shares[name] = share or 0.0
    return shares
