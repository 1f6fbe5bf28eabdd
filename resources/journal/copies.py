"""Copying a journal as a whole: a backup is a SQLite file, whatever database the journal is in."""

import os
from pathlib import Path

from sqlalchemy import Connection, Engine, Table, create_engine, delete, func, insert, inspect, select, text
from sqlalchemy.exc import SQLAlchemyError

from resources.journal.database import WRITER, open_database
from resources.journal.lease import require_idle
from resources.journal.records import JournalError
from resources.journal.recovery import note_restore
from resources.journal.tables import journal_schema, metadata, runs, write
from schemas.paths import sqlite_url

BATCH = 5_000

NOT_COPIED = frozenset({"journal_schema", "identity", "lease", "orders"})
"""A copy is brought to this program's version by opening it, and is nobody's; it has a name of its own."""


def back_up(engine: Engine, target: Path) -> int:
    """Copy the journal into the new file `target` and return the number of writes in it; a load may go on meanwhile.

    The copy is of one moment. It appears under its name only when it is whole and on the disk.

    Raises:
        JournalError: `target` is there already, or the copy is not whole.
    """
    if target.exists():
        raise JournalError(f"{target} is there already; a backup is never written over another one.")
    unfinished = target.with_name(f"{target.name}.part")
    unfinished.unlink(missing_ok=True)
    copy = open_database(sqlite_url(unfinished))
    try:
        with engine.connect() as source, copy.connect().execution_options(**WRITER) as into:
            if engine.dialect.name == "postgresql":
                source = source.execution_options(isolation_level="REPEATABLE READ")
            with source.begin(), into.begin():
                writes = _copy(source, into)
        with copy.connect() as connection:
            # One file, without a write-ahead log beside it that could be left behind when it is moved.
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA journal_mode=DELETE")
    finally:
        copy.dispose()
    _sync(unfinished)
    unfinished.rename(target)
    _sync(target.parent)
    return writes


def restore(backup: Path, url: str, aside: Path) -> int:
    """Put the content of a backup in the place of the journal's and return the number of writes in it.

    Args:
        backup: the file that `back_up` made.
        url: the journal's SQLAlchemy URL.
        aside: the file that the present content is backed up to first.

    Raises:
        JournalBusyError: a run is writing to the journal.
        JournalError: the backup is not there or cannot be read.
    """
    if not backup.is_file():
        raise JournalError(f"There is no backup {backup}.")
    _require_journal(backup)
    engine, source = open_database(url), open_database(sqlite_url(backup))
    try:
        with engine.connect() as connection:
            require_idle(connection)
        back_up(engine, aside)
        return _replace(source, engine)
    finally:
        source.dispose()
        engine.dispose()


def _require_journal(backup: Path) -> None:
    """Refuse a file that holds no journal: opening it as one would make an empty one of it."""
    engine = create_engine(sqlite_url(backup), hide_parameters=True)
    try:
        found = inspect(engine).has_table(journal_schema.name)
    except SQLAlchemyError:
        found = False
    finally:
        engine.dispose()
    if not found:
        raise JournalError(f"{backup} holds no journal. Name a file that `make backup` made.")


def _replace(source: Engine, engine: Engine) -> int:
    with source.connect() as old, engine.connect().execution_options(**WRITER) as into, old.begin(), into.begin():
        require_idle(into)  # whoever comes now waits for the end of this transaction
        for table in reversed(_tables()):
            into.execute(delete(table))
        writes = _copy(old, into)
        note_restore(into)
        return writes


def _tables() -> list[Table]:
    return [table for table in metadata.sorted_tables if table.name not in NOT_COPIED]


def _copy(source: Connection, into: Connection) -> int:
    for table in _tables():
        rows = source.execution_options(yield_per=BATCH).execute(select(table))
        for batch in rows.mappings().partitions():
            into.execute(insert(table), [dict(row) for row in batch])
    for table in (runs, write):
        had, has = (connection.execute(select(func.count()).select_from(table)).scalar_one() for connection in
                    (source, into))  # fmt: skip
        if had != has:
            raise JournalError(f"The copy of the journal is not whole: {had} rows of {table.name}, {has} copied.")
    if into.dialect.name == "postgresql":
        into.execute(text("SELECT setval(pg_get_serial_sequence('write', 'id'), (SELECT max(id) FROM write))"))
    return int(into.execute(select(func.count()).select_from(write)).scalar_one())


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
