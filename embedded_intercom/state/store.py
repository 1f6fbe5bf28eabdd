"""The state on disk: one SQLite file, one connection, one transaction per call."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SEQUENCES = {
    "thread": 215470000000000,
    "message": 403918000,
    "ticket_number": 0,
    "part": 26000000000,
    "tag": 7500000,
    "admin": 991267458,
    "team": 5017690,
    "ticket_state": 8000,
    "ticket_type": 100,
    "ticket_type_attribute": 1000,
    "data_attribute": 10000,
    "contact": 0,
    "company": 0,
    "job": 0,
    "article": 9000000,
    "collection": 600000,
    "attachment": 0,
    "note": 0,
    "help_center": 0,
    "redirect": 0,
}
"""Where the ids of each kind begin, minus one; ids are never used twice, not even after a wipe."""

KEPT_BY_WIPE = {"sequences", "meta", "admins", "teams", "ticket_states", "help_centers"}

ADDED = (
    ("contacts", "language_override", "TEXT"),
    ("threads", "author_id", "TEXT"),
    ("threads", "redacted", "INTEGER NOT NULL DEFAULT 0"),
    ("threads", "merged_into", "INTEGER"),
    ("threads", "participants", "TEXT NOT NULL DEFAULT '[]'"),
    ("notifications", "client", "TEXT NOT NULL DEFAULT ''"),
    ("teams", "doc", "TEXT NOT NULL DEFAULT '{}'"),
)
"""Columns that came after the tables: a state folder of an earlier version gets them when it is opened."""

Value = str | int | float | bytes | None


def to_json(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Serialise without spaces, with letters as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class Store:
    """SQLite with the few statements that handlers need."""

    def __init__(self, path: Path) -> None:
        # Handlers run on the event loop's thread only, so that there is one writer by construction.
        self._db = sqlite3.connect(path, isolation_level=None, cached_statements=512)
        self._db.row_factory = sqlite3.Row
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "temp_store=MEMORY",
            "cache_size=-65536",
            "wal_autocheckpoint=4000",
        ):
            self._db.execute(f"PRAGMA {pragma}")
        self._db.executescript(Path(__file__).with_name("schema.sql").read_text())
        self._add_columns()
        self._db.executemany("INSERT OR IGNORE INTO sequences VALUES (?, ?)", SEQUENCES.items())
        self._db.create_function("has_word", 2, _has_word, deterministic=True)

    def _add_columns(self) -> None:
        for table, column, kind in ADDED:
            present = {row["name"] for row in self._db.execute(f"PRAGMA table_info({table})")}
            if column not in present:
                self._db.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind}")

    def close(self) -> None:
        """Close the file; every answered write is in it already."""
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit what the block did, or nothing of it."""
        self._db.execute("BEGIN")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Keep what the block did, or nothing of it, within a transaction that goes on either way."""
        self._db.execute("SAVEPOINT attempt")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK TO attempt")
            raise
        finally:
            self._db.execute("RELEASE attempt")

    def keep(self, key: str, value: str) -> None:
        """Remember a fact about the workspace itself; a wipe leaves it."""
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def one(self, query: str, *values: Value) -> sqlite3.Row | None:
        """Return the first row, or None."""
        found: sqlite3.Row | None = self._db.execute(query, values).fetchone()
        return found

    def all(self, query: str, values: Sequence[Value] = ()) -> list[sqlite3.Row]:
        """Return every row."""
        return self._db.execute(query, values).fetchall()

    def scalar(self, query: str, values: Sequence[Value] = ()) -> Any:  # noqa: ANN401 - whatever the query yields
        """Return the first column of the first row, or None."""
        row = self._db.execute(query, values).fetchone()
        return None if row is None else row[0]

    def run(self, query: str, *values: Value) -> int:
        """Execute a statement and return how many rows it changed."""
        return self._db.execute(query, values).rowcount

    def insert(self, table: str, **columns: Value) -> None:
        """Insert one row."""
        names = ",".join(columns)
        marks = ",".join("?" * len(columns))
        self._db.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(columns.values()))

    def update(self, table: str, key: Value, **columns: Value) -> None:
        """Set columns of the row whose `id` is `key`."""
        changes = ",".join(f"{name}=?" for name in columns)
        self._db.execute(f"UPDATE {table} SET {changes} WHERE id=?", (*columns.values(), key))

    def next_id(self, sequence: str) -> int:
        """Return the next number of a sequence."""
        row = self._db.execute(
            "UPDATE sequences SET value=value+1 WHERE name=? RETURNING value", (sequence,)
        ).fetchall()
        return int(row[0][0])

    def tables(self) -> list[str]:
        """The names of the workspace's tables."""
        rows = self.all("SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
        return [row[0] for row in rows]

    def counts(self) -> dict[str, int]:
        """How many rows each table holds; of the threads also how many are conversations and tickets."""
        kept = [name for name in self.tables() if name not in {"sequences", "meta"}]
        tables = {name: self.scalar(f"SELECT count(*) FROM {name}") for name in kept}
        conversations = self.scalar("SELECT count(*) FROM threads WHERE category IS NULL")
        return {**tables, "conversations": conversations, "tickets": tables["threads"] - conversations}

    def wipe(self) -> None:
        """Empty the workspace except for its admins, teams, states, help centers and sequences."""
        for name in self.tables():
            if name not in KEPT_BY_WIPE:
                self._db.execute(f"DELETE FROM {name}")
        count = "INSERT INTO meta VALUES ('wipes', '1') ON CONFLICT (key) DO UPDATE SET value = value + 1"
        self._db.execute(count)

    def wipes(self) -> int:
        """Return how often the workspace was emptied."""
        found = self._db.execute("SELECT value FROM meta WHERE key = 'wipes'").fetchone()
        return int(found["value"]) if found else 0


def _has_word(text: str | None, word: str) -> bool:
    return word.casefold() in {token.strip(".,;:!?()\"'").casefold() for token in (text or "").split()}
