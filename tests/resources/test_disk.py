"""What a disk that is full looks like to the libraries."""

import errno
import sqlite3

import pytest
from sqlalchemy.exc import OperationalError

from resources.disk import disk_fault


def caused(error, by):
    error.__cause__ = by
    return error


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OperationalError("INSERT", {}, sqlite3.OperationalError("disk I/O error")), "disk I/O error"),
        (OperationalError("INSERT", {}, sqlite3.OperationalError("no such table: x")), None),
        (caused(RuntimeError("step"), OSError(errno.ENOSPC, "No space left on device")), "No space left on device"),
        (FileNotFoundError(errno.ENOENT, "No such file or directory"), None),
        (ValueError("disk"), None),
    ],
)
def test_it_is_told_from_other_faults(error, said):
    assert disk_fault(error) == said
