"""Opening the journal's database: SQLite with full durability, or PostgreSQL, by URL."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, create_engine, event, insert, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from resources.journal.records import JournalBusyError, JournalError
from resources.journal.tables import VERSION, identity, journal_schema, metadata, new_name

NOT_INSTALLED = (
    "A journal in PostgreSQL needs the extra `postgresql`, which is not installed: "
    "pip install 'itco-to-intercom[postgresql]'."
)
NO_URL = (
    "MIGRATION_JOURNAL_URL is not a database URL that can be read: expected is such as "
    "postgresql+psycopg://user:password@host:5432/database, with the marks in a password percent-encoded."
)
WRITER = {"journal_writer": True}
"""Execution options of connections that write; they take SQLite's write lock when the transaction begins."""


def open_database(url: str) -> Engine:
    """Open the journal's database and make its tables if they are not there.

    Raises:
        JournalError: the database cannot be opened, or is of another version.
    """
    path = sqlite_path(url)
    try:
        if path is not None:
            _make_private(path)
        # Parameters stay out of error messages: they may hold what Intercom said about a customer.
        engine = create_engine(url, hide_parameters=True, pool_pre_ping=path is None)
        if path is not None:
            event.listen(engine, "connect", _configure_sqlite)
            event.listen(engine, "begin", _begin_sqlite)
        _make_tables(engine, path)
    except (SQLAlchemyError, OSError, ImportError) as error:
        lacks = isinstance(error, ModuleNotFoundError) and error.name == "psycopg"
        raise JournalError(NOT_INSTALLED if lacks else f"The journal cannot be opened: {describe(error)}") from None
    return engine


def sqlite_path(url: str) -> Path | None:
    """Return the file of a SQLite URL, or None for another database.

    Raises:
        JournalError: it is no such URL; nothing of it is repeated, for a password may be in it.
    """
    try:
        parsed = make_url(url)
    except (SQLAlchemyError, ValueError):
        raise JournalError(NO_URL) from None
    if parsed.get_backend_name() != "sqlite":
        return None
    if not parsed.database or parsed.database == ":memory:":
        raise JournalError("The journal needs a file: an in-memory database would be lost with the process.")
    return Path(parsed.database)


@contextmanager
def no_older_program(path: Path | None) -> Iterator[None]:
    """Hold the lock file of a SQLite journal, as runs of older versions of the program do, while it is upgraded.

    The first version's lease does not tell whether its holder lives.

    Raises:
        JournalBusyError: such a run holds it.
    """
    if path is None:
        yield
        return
    try:
        with FileLock(f"{path}.lock", timeout=0):
            yield
    except Timeout:
        raise JournalBusyError("A run is writing to the journal. Wait for it, or stop it first.") from None


def describe(error: BaseException) -> str:
    """Return what a database said, without statement and parameters."""
    return f"{type(error).__name__}: {getattr(error, 'orig', None) or error}"


def _make_private(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Made before SQLite opens it: opening and closing a live database as a file would drop SQLite's locks.
    if not path.exists():
        try:
            # New, and at no place that somebody's link leads to.
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        except FileExistsError:
            if path.is_symlink():
                raise  # otherwise two open it at once


def _configure_sqlite(connection: Any, _record: Any) -> None:  # noqa: ANN401 - sqlite3's own objects
    # Without this the driver begins transactions by its own rules, and late.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("journal_writer", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _make_tables(engine: Engine, path: Path | None) -> None:
    with engine.connect() as connection:
        ready = engine.dialect.has_table(connection, journal_schema.name)
    if not ready:
        with engine.connect().execution_options(**WRITER) as connection, connection.begin():
            metadata.create_all(connection)
            if connection.execute(select(journal_schema.c.version)).first() is None:
                connection.execute(insert(journal_schema).values(version=VERSION))
                connection.execute(insert(identity).values(journal=new_name()))
    with engine.connect() as connection:
        found = connection.execute(select(journal_schema.c.version)).scalar_one()
    if found > VERSION:
        engine.dispose()
        raise JournalError(
            f"The journal has version {found} of its tables, this program knows {VERSION} and older ones. "
            "Use the program's version that wrote it."
        )
    if found < VERSION:
        # Alembic takes a tenth of what `make status` does, and is rarely needed.
        from resources.journal.upgrades import upgrade

        with no_older_program(path), engine.connect().execution_options(**WRITER) as connection, connection.begin():
            upgrade(connection)


def name_of(engine: Engine) -> str:
    """Return the name that a journal got when it was made; no other has it, a copy of it neither."""
    with engine.connect() as connection:
        return str(connection.execute(select(identity.c.journal)).scalar_one())


def is_shared(engine: Engine) -> bool:
    """Whether other machines may use the same journal, so that its lease speaks for them as well."""
    return engine.dialect.name != "sqlite"
