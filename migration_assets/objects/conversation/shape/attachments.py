"""Attachments: which file is whose, which are loaded, and by which rule the others are left out.

Only paths, sizes and hashes get into the warehouse; the bytes are read again when a file is sent.
"""

from collections.abc import Iterator
from itertools import groupby, islice
from pathlib import Path
from typing import NamedTuple

import duckdb
import polars as pl

from migration_assets.objects.conversation.shape.delivered_files import (
    Content,
    FoundFile,
    calls_of,
    list_files,
    read_contents,
)
from resources.warehouse import insert_frame, scalar

BATCH = 10_000
"""Files described in memory at once."""

Columns = dict[str, pl.DataType | type[pl.DataType]]
_FILES: Columns = {
    "path": pl.String,
    "folders": pl.List(pl.String),
    "name": pl.String,
    "bytes": pl.Int64,
    "inside": pl.Boolean,
}
_CONTENTS: Columns = {"path": pl.String, "sha256": pl.String, "guessed_type": pl.String}


def write_files(connection: duckdb.DuckDBPyConnection, drop: Path) -> None:
    """Write `target.files`: the files of the drop's folder `attachments`, which are nobody's yet."""
    _write(connection, "target.files", _FILES, list_files(drop))
    connection.execute("ALTER TABLE target.files ADD COLUMN attachment_id VARCHAR")


def write_contents(connection: duckdb.DuckDBPyConnection, drop: Path) -> None:
    """Write `target.contents`: what is in the files that may be loaded."""
    paths = connection.execute("SELECT path FROM target.attachable ORDER BY path").fetchall()
    _write(connection, "target.contents", _CONTENTS, read_contents(drop, (path for (path,) in paths)))


def _write(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    columns: Columns,
    rows: Iterator[FoundFile] | Iterator[Content],
) -> None:
    """Write the rows to a new table, a batch at a time."""
    insert_frame(connection, table, pl.DataFrame(schema=columns), create=True)
    while batch := list(islice(rows, BATCH)):
        insert_frame(connection, table, pl.DataFrame(batch, schema=columns, orient="row"))


class _Place(NamedTuple):
    """An attachment among those of its message, or of its ticket."""

    source_key: str
    ticket_id: str
    message_id: str | None
    size: int


def number_calls(connection: duckdb.DuckDBPyConnection, _drop: Path) -> None:
    """Set `target.attachments.call`: which of the calls for its message carries the file."""
    most = scalar(connection, "SELECT attachment_limit FROM map.settings")
    columns = ", ".join(_Place._fields)
    query = f"SELECT {columns} FROM target.attachments ORDER BY ticket_id, message_id, position"
    numbered: list[tuple[str, int]] = []
    places = (_Place(*row) for row in connection.execute(query).fetchall())
    for _, group in groupby(places, key=lambda place: (place.ticket_id, place.message_id)):
        members = list(group)
        calls = calls_of([place.size for place in members], most)
        numbered += [(place.source_key, call) for place, call in zip(members, calls, strict=True)]
    frame = pl.DataFrame(numbered, schema={"source_key": pl.String, "call": pl.Int64}, orient="row")
    insert_frame(connection, "target.calls", frame, create=True)
    connection.execute(
        "UPDATE target.attachments a SET call = c.call FROM target.calls c WHERE c.source_key = a.source_key"
    )
    connection.execute("DROP TABLE target.calls")
