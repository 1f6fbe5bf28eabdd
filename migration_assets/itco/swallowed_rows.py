"""Rows of a file that a misplaced pair of quotes has made part of another row's text.

Such a file is good CSV, so no reader notices. It is told by the cells: a line within one that splits as the header
does, whose key no row has, and whose references are known or whose key belongs just there.
"""

import json
from collections.abc import Sequence
from pathlib import Path

import duckdb

from migration_assets.accounting import doubts
from migration_assets.itco.meaning import TIME
from migration_assets.itco.store import quoted
from resources.warehouse import scalar
from schemas.doubt_codes import DoubtCode
from schemas.source import OBJECTS
from schemas.source_objects import SourceObject

_QUERY = Path(__file__).with_name("swallowed_rows.sql")
_FEW_FIELDS = 3
"""With fewer fields no line of a text can prove that it is a row."""
_KEYS = {item.key[0]: name for name, item in OBJECTS.items() if len(item.key) == 1}
_MACROS = """
    CREATE OR REPLACE TEMP MACRO key_form(key) AS
        if(regexp_full_match(key, '[0-9]+'), '9',
            regexp_replace(lower(key), '[0-9a-z]+', 'x', 'g') || regexp_matches(key, '[0-9]'));
    CREATE OR REPLACE TEMP MACRO key_number(key) AS TRY_CAST(regexp_extract(key, '[0-9]+$') AS HUGEINT);
"""
"""What keys of one kind have in common, whatever their length; and the number at the end of a key, which counts."""


def doubt_swallowed_rows(connection: duckdb.DuckDBPyConnection, item: SourceObject) -> None:
    """Record every row of a landed object that holds others of its file in one of its cells."""
    if len(item.key) > 1:
        return
    connection.execute(_MACROS)
    query = "SELECT file, delimiter, header_evidence FROM raw.files WHERE object = ? ORDER BY part"
    for file, delimiter, evidence in connection.execute(query, [item.name]).fetchall():
        header = [cell["column"] for cell in json.loads(evidence)]
        if len(header) < _FEW_FIELDS or item.key[0] not in header:
            continue
        for place in _with_line_breaks(connection, item.name, file, header):
            column = header[place - 1]
            query = _query(connection, item, header, place, delimiter)
            step = f"itco/{item.name}"
            doubts.record(connection, step, item.name, DoubtCode.ROWS_IN_TEXT, query, [file, column, item.key[0]])


def _with_line_breaks(
    connection: duckdb.DuckDBPyConnection, name: str, file: str, header: Sequence[str | None]
) -> list[int]:
    """Return the places, from 1, of the columns in which a cell has more than one line."""
    places = [(number, column) for number, column in enumerate(header, start=1) if column is not None]
    tests = ", ".join(f"bool_or(regexp_matches({quoted(column)}, '[\\r\\n]'))" for _, column in places)
    there = connection.execute(f"SELECT {tests} FROM raw.{quoted(name)} WHERE _file = ?", [file]).fetchall()[0]
    return [number for (number, _), has in zip(places, there, strict=True) if has]


def _query(
    connection: duckdb.DuckDBPyConnection, item: SourceObject, header: Sequence[str | None], place: int, delimiter: str
) -> str:
    """Return the query for the rows within one column's cells of a file."""
    typed, required, known = ["TRUE"], ["TRUE"], ["FALSE"]
    for number, name in enumerate(header, start=1):
        column = item.by_name.get(name or "")
        if column is None:
            continue
        cell = f"cells[{number}]"
        if column.required and number <= place:
            required.append(f"{cell} IS NOT NULL")
        if column.kind == "id":
            typed.append(f"coalesce(NOT regexp_matches({cell}, '\\s'), TRUE)")
            parent = _parent(connection, item, column.name)
            if parent:
                is_known = f"{cell} IN ({parent})"
                known.append(f"coalesce({is_known}, FALSE)")
                typed += [f"coalesce({is_known}, TRUE)"] if column.required else []
        if column.kind == "timestamp":
            typed.append(f"coalesce(regexp_matches({cell}, '{TIME}'), TRUE)")
            # A time in its place tells of a whole row where nothing that it refers to does.
            known += [f"whole AND {cell} IS NOT NULL"] if not _refers(item) else []
    return _QUERY.read_text(encoding="utf-8").format(
        table=f"raw.{quoted(item.name)}",
        key=quoted(item.key[0]),
        key_place=header.index(item.key[0]) + 1,
        column=quoted(header[place - 1] or ""),
        delimiter="'" + delimiter.replace("'", "''") + "'",
        fields=len(header),
        place=place,
        required=" AND ".join(required),
        typed=" AND ".join(typed),
        evidence="(" + " OR ".join(known) + ")",
    )


def _refers(item: SourceObject) -> bool:
    """Whether every row of the object must name a record of another one."""
    return any(column.required and column.name in _KEYS and column.name != item.key[0] for column in item.columns)


def _parent(connection: duckdb.DuckDBPyConnection, item: SourceObject, column: str) -> str:
    """Return the query for the keys that a column refers to; empty where it refers to none that were delivered."""
    name = _KEYS.get(column)
    if name is None or column == item.key[0] or not scalar(connection, f"SELECT count(*) FROM raw.{quoted(name)}"):
        return ""
    return f"SELECT trim({quoted(column)}) FROM raw.{quoted(name)} WHERE {quoted(column)} IS NOT NULL"
