"""What this program writes is its owner's alone: customers' records, tokens and what was done with them.

Two things make it so. Every process keeps the rights of what it makes from others (`keep_private`), whatever the shell
that started it has set; and a state folder that stood before is mended or refused (`make_private`).
"""

import grp
import os
import pwd
import stat
from collections.abc import Iterator
from pathlib import Path

from resources.wording import counted
from schemas.settings import PROJECT

PRIVATE = 0o077
"""The rights that nobody else has: those of the group and of others."""


class NotPrivateError(RuntimeError):
    """A folder cannot be kept from others; the message says why and what to do."""


def keep_private() -> None:
    """From now on, whatever this process and those that it starts make can be read by its owner only."""
    os.umask(PRIVATE)


def make_private(folder: Path) -> str | None:
    """Take the rights of others from a folder and everything in it; say in a sentence what was taken, if anything.

    A folder that is not there is not made; only where it would be is looked at.

    Raises:
        NotPrivateError: it or something in it belongs to somebody else, is a link to elsewhere, or keeps its rights; or
            anybody may put another folder in its place; or it is a home folder or what the program itself lies in.
    """
    require_safe_place(folder)
    for other in (PROJECT, _home()):
        if other is not None and other.is_relative_to(folder):
            raise NotPrivateError(f"{folder} holds more than what is to be kept from others. Name a folder of its own.")
    if not os.path.lexists(folder):
        return None
    if not folder.is_dir():
        raise NotPrivateError(f"{folder} is no folder. Name another one.")
    # The folder first: once it is closed, nobody else can put anything into it any more.
    mended = _close(folder) + sum(_close(path) for path in _inside(folder))
    if not mended:
        return None
    return (
        f"{folder} could be read by others on this machine: {counted(mended, 'file or folder', 'files and folders')} "
        "of it can now be read by you alone."
    )


def require_safe_place(path: Path) -> None:
    """See that nobody else may put something else in the place of a file or folder.

    Raises:
        NotPrivateError: a folder above it lets anybody, or others of its group, rename what is in it (writable without
            the sticky bit).
    """
    for above in path.parents:
        try:
            found = above.stat()
        except FileNotFoundError:
            continue
        if found.st_mode & stat.S_ISVTX:
            continue
        if found.st_mode & stat.S_IWOTH:
            raise NotPrivateError(
                f"{path} lies in {above}, where anybody on this machine may put another folder in its place. Take that "
                f"right away (chmod o-w {above}), or name another place."
            )
        if found.st_mode & stat.S_IWGRP and (others := _others_of(found.st_gid)):
            raise NotPrivateError(
                f"{path} lies in {above}, where other users of its group ({', '.join(others[:3])}) may put another "
                f"folder in its place. Take that right away (chmod g-w {above}), or name another place."
            )


def _others_of(group: int) -> list[str]:
    """Return the users of a group beside this one and root; none where the machine does not know it."""
    try:
        members = set(grp.getgrgid(group).gr_mem)
    except KeyError:
        members = set()
    users = {one.pw_name: one for one in pwd.getpwall()}
    members |= {name for name, one in users.items() if one.pw_gid == group}
    own = {name for name, one in users.items() if one.pw_uid in (0, os.geteuid())}
    return sorted(members - own)


def _home() -> Path | None:
    try:
        return Path.home()
    except RuntimeError:
        return None  # a user of a container who has none


def _inside(folder: Path) -> Iterator[Path]:
    """Yield everything in a folder, folders before what is in them; what vanishes meanwhile is passed over."""
    try:
        entries = sorted(folder.iterdir())
    except FileNotFoundError:
        return
    for path in entries:
        if path.is_symlink():
            _require_link_inside(path, folder)
            continue
        yield path
        if path.is_dir():
            yield from _inside(path)


def _require_link_inside(link: Path, folder: Path) -> None:
    if not link.resolve().is_relative_to(folder.resolve()):
        raise NotPrivateError(
            f"{link} is a link to elsewhere ({link.resolve()}), where its content is not kept from others. Put what it "
            "leads to in its place, or name another folder."
        )


def _close(path: Path) -> int:
    """Take the rights of others from one file or folder; return 1 where there were any."""
    try:
        found = path.lstat()
        if found.st_uid != os.geteuid():
            raise NotPrivateError(
                f"{path} belongs to another user of this machine (number {found.st_uid}), who can read and change it. "
                "Run as that user, or name another folder."
            )
        if not found.st_mode & PRIVATE:
            return 0
        path.chmod(stat.S_IMODE(found.st_mode) & ~PRIVATE)
        if path.lstat().st_mode & PRIVATE:
            raise NotPrivateError(
                f"{path} can be read by others on this machine, and its disk keeps no rights of files. Name a folder "
                "on another disk."
            )
    except FileNotFoundError:
        return 0  # a database's own helper, or a draft, that has done its work
    return 1
