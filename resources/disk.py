"""Telling a disk that is full or fails from a fault of the program, whichever library met it."""

import errno

from sqlalchemy.exc import OperationalError

FAULTS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO})


def disk_fault(error: BaseException | None) -> str | None:
    """Return what the system said of the disk, if that is what an exception, or what led to it, is about."""
    while error is not None:
        if isinstance(error, OperationalError) and "disk" in str(error.orig):
            return str(error.orig)
        if isinstance(error, OSError) and error.errno in FAULTS:
            return str(error.strerror)
        error = error.__cause__ or error.__context__
    return None
