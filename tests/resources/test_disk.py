"""What a disk that is full looks like to the libraries."""

import errno
import sqlite3
from contextlib import closing

import pytest
from sqlalchemy.exc import OperationalError

from resources.disk import disk_fault


def by_sqlite(statement):
    """What SQLAlchemy raises where SQLite, in a database of two pages, refuses a statement."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("PRAGMA max_page_count = 2")
        try:
            connection.executescript(statement)
        except sqlite3.OperationalError as error:
            return OperationalError(statement, {}, error)
    raise AssertionError("it was not refused")


def of_code(code, said):
    error = sqlite3.OperationalError(said)
    error.sqlite_errorcode = code
    return OperationalError("INSERT", {}, error)


def caused(error, by):
    error.__cause__ = by
    return error


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (of_code(sqlite3.SQLITE_IOERR_WRITE, "disk I/O error"), "disk I/O error"),
        (by_sqlite("CREATE TABLE t (x); INSERT INTO t VALUES (randomblob(9000))"), "database or disk is full"),
        (by_sqlite("SELECT * FROM disk"), None),
        (caused(RuntimeError("step"), OSError(errno.ENOSPC, "No space left on device")), "No space left on device"),
        (FileNotFoundError(errno.ENOENT, "No such file or directory"), None),
        (ValueError("disk"), None),
    ],
)
def test_it_is_told_from_other_faults(error, said):
    assert disk_fault(error) == said
