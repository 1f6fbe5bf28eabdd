"""Reading a small text that a person wrote: never a link out of its folder, a pipe, a device, or more than a bound."""

import os
import stat
from pathlib import Path

from schemas.paths import leads_out

LARGEST = 1024 * 1024
"""Bytes: a mapping of a large helpdesk has a tenth of it."""


class NoSmallFileError(Exception):
    """The file is not read; the message is the rest of a sentence that begins with its path."""


def read_small(path: Path, within: Path) -> str:
    """Return the text of a file, UTF-8 with or without a byte order mark.

    Args:
        path: the file.
        within: the folder that it must lie in, wherever links on the way to it lead.

    Raises:
        NoSmallFileError: it is not there, is no regular file or no text, is too large, or lies elsewhere.
    """
    try:
        if leads_out(path, within):
            raise NoSmallFileError("a link to a place outside the folder, or to nowhere. Put the file itself there.")
        content = _bytes(path)
    except FileNotFoundError:
        raise NoSmallFileError("there is no such file.") from None
    except OSError as reason:
        raise NoSmallFileError(f"cannot be opened ({reason.strerror}).") from None
    if len(content) > LARGEST:
        raise NoSmallFileError(f"larger than {LARGEST // 1024:,} KB, which no such file is.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as reason:
        raise NoSmallFileError(f"cannot be read as UTF-8 text ({type(reason).__name__}).") from None


def _bytes(path: Path) -> bytes:
    # Looked at before it is opened, as opening some devices does something, and after, as it may be another one then.
    _require_file(path.stat())
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
        _require_file(os.fstat(file.fileno()))
        return file.read(LARGEST + 1)


def _require_file(found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise NoSmallFileError("not a file that can be read. Put the file itself there.")
