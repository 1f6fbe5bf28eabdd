"""Telling a disk that is full or fails from a fault of the program, whichever library met it."""

import errno
import sqlite3

from sqlalchemy.exc import OperationalError

FAULTS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO})
SQLITE_FAULTS = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR})
POSTGRES_FAULT = "53100"
"""SQLSTATE disk_full."""


def disk_fault(error: BaseException | None) -> str | None:
    """Return what the system said of the disk, if that is what an exception, or what led to it, is about."""
    while error is not None:
        if isinstance(error, OperationalError) and _is_disk_fault(error.orig):
            return str(error.orig)
        if isinstance(error, OSError) and error.errno in FAULTS:
            return str(error.strerror)
        error = error.__cause__ or error.__context__
    return None


def _is_disk_fault(error: BaseException | None) -> bool:
    # The lower byte is the code, what is above it tells its cases apart.
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in SQLITE_FAULTS or getattr(error, "sqlstate", None) == POSTGRES_FAULT
