"""Read-only views of the state: one connection and one instant per page."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Value = str | int | float | None


class StateReader:
    """The few reads that pages need; SQLite refuses every write through it."""

    def __init__(self, db: sqlite3.Connection, known_by: Sequence[str] = ()) -> None:
        """Read from a connection; `known_by` names the attributes that people know a ticket or contact by."""
        self._db = db
        self.known_by = tuple(known_by)

    def all(self, query: str, *values: Value) -> list[sqlite3.Row]:
        """Return every row."""
        return self._db.execute(query, values).fetchall()

    def one(self, query: str, *values: Value) -> sqlite3.Row | None:
        """Return the first row, or None."""
        found: sqlite3.Row | None = self._db.execute(query, values).fetchone()
        return found

    def scalar(self, query: str, *values: Value) -> Any:  # noqa: ANN401 - whatever the query yields
        """Return the first column of the first row, or None."""
        row = self.one(query, *values)
        return None if row is None else row[0]


@contextmanager
def reading(file: Path, known_by: Sequence[str] = ()) -> Iterator[StateReader]:
    """Open the state for one page; all that the block reads is of one instant, whatever is written meanwhile."""
    db = sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, isolation_level=None)
    db.row_factory = sqlite3.Row
    try:
        db.execute("BEGIN")
        yield StateReader(db, known_by)
    finally:
        db.close()


def attribute(column: str) -> str:
    """Return an attribute of a JSON column as SQL has it; its name is bound."""
    return f"json_extract({column}, '$.\"' || ? || '\"')"


def marks(values: Sequence[object]) -> str:
    """Return a question mark for each value, for a list in SQL."""
    return ",".join("?" * len(values))
