"""The state folder is its owner's alone: it holds the token, and whatever was written to the workspace."""

import os
import stat
from pathlib import Path

OTHERS = 0o077
"""The rights of the group and of everybody."""


class NotPrivate(Exception):
    """The state folder cannot be kept from others; the message says why."""


def keep_private() -> None:
    """From now on, whatever this process and those that it starts make can be read by its owner only."""
    os.umask(OTHERS)


def close_folder(folder: Path) -> str | None:
    """Take the rights of others from the state folder and its files; return a sentence where there were any.

    A folder that is not there is not made.

    Raises:
        NotPrivate: it or a file in it belongs to somebody else, is a link, or keeps its rights; or it is a home folder
            or what the program itself lies in.
    """
    if any(other.is_relative_to(folder) for other in (Path(__file__), *_home())):
        raise NotPrivate(f"{folder} holds more than a workspace. Name a folder of its own.")
    if not folder.exists():
        return None
    # The folder first: once it is closed, nobody else can put anything into it any more.
    if not sum(_close(path) for path in (folder, *sorted(folder.rglob("*")))):
        return None
    return f"{folder} could be read by others on this machine; it can now be read by you alone."


def _home() -> tuple[Path, ...]:
    try:
        return (Path.home(),)
    except RuntimeError:
        return ()  # a user of a container who has none


def open_private(path: str, flags: int) -> int:
    """Open a file for `open(opener=...)`; one that is made can be read by its owner only."""
    return os.open(path, flags | os.O_NOFOLLOW, 0o600)


def _close(path: Path) -> int:
    try:
        found = path.lstat()
        if stat.S_ISLNK(found.st_mode):
            raise NotPrivate(f"{path} is a link to elsewhere, where its content is not kept from others.")
        if found.st_uid != os.geteuid():
            raise NotPrivate(f"{path} belongs to another user of this machine (number {found.st_uid}).")
        if not found.st_mode & OTHERS:
            return 0
        path.chmod(stat.S_IMODE(found.st_mode) & ~OTHERS)
        if path.lstat().st_mode & OTHERS:
            raise NotPrivate(f"{path} can be read by others, and its disk keeps no rights of files.")
    except FileNotFoundError:
        return 0  # the database's own helper has done its work
    return 1
