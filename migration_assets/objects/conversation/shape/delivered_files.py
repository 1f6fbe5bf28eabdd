"""The files of the folder `attachments`: which are there, what is in them, and how many go with one call.

What belongs elsewhere: which of them belongs to which row (`file_matching`) and which are loaded (`attachments`).
"""

import hashlib
import mimetypes
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from migration_assets.ground.decoding import decoded_line
from schemas.extract import ATTACHMENTS

MOST_FILES = 10
"""The files that one call may carry (Intercom, 'Reply to a conversation': attachment_files)."""
UNKNOWN_TYPE = "application/octet-stream"
READERS = 4
"""Files that are hashed at the same time."""
AHEAD = 1000
"""Files that are queued for hashing at once."""

_OF_SYSTEMS = frozenset({".ds_store", "thumbs.db", "desktop.ini", "__macosx"})
"""What operating systems put into folders by themselves; no row ever means it."""


class FoundFile(NamedTuple):
    """A file of the folder. `inside` tells whether it is really there, and not a link to a place elsewhere."""

    path: str
    """Relative to the drop, with slashes."""
    folders: list[str]
    """The folders between `attachments` and the file."""
    name: str
    bytes: int
    inside: bool


class Content(NamedTuple):
    """What is in a file; the hash is None where the file cannot be read."""

    path: str
    sha256: str | None
    guessed_type: str


def list_files(drop: Path) -> Iterator[FoundFile]:
    """Yield the regular files of the drop's folder `attachments`, at any depth; links to folders are not followed.

    A file whose name is not UTF-8 cannot be named anywhere, and is left out.
    """
    top = drop / ATTACHMENTS
    root = drop.resolve()
    inside = top.resolve().is_relative_to(root)
    for folder, folders, names in os.walk(top):
        folders[:] = sorted(name for name in folders if not _of_system(name))
        for name in sorted(names):
            path = Path(folder, name)
            if not _of_system(name) and _is_utf8(str(path)) and path.is_file():
                there = path.resolve().is_relative_to(root) if path.is_symlink() else inside
                relative = path.relative_to(drop)
                # Decoded as the names in the rows are.
                shown, folders_on_the_way = decoded_line(name), list(relative.parts[1:-1])
                yield FoundFile(relative.as_posix(), folders_on_the_way, shown, path.stat().st_size, there)


def _of_system(name: str) -> bool:
    return name.casefold() in _OF_SYSTEMS or name.startswith("._")


def _is_utf8(path: str) -> bool:
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def read_contents(drop: Path, paths: Iterable[str]) -> Iterator[Content]:
    """Yield what is in the files, in the order of `paths`, each read in small pieces."""
    waiting = iter(paths)
    with ThreadPoolExecutor(READERS) as readers:
        while ahead := list(islice(waiting, AHEAD)):
            yield from readers.map(lambda path: read_content(drop, path), ahead)


def read_content(drop: Path, path: str) -> Content:
    """Return what is in one file of the drop."""
    guessed = mimetypes.guess_type(path)[0] or UNKNOWN_TYPE
    try:
        with (drop / path).open("rb") as file:
            return Content(path, hashlib.file_digest(file, "sha256").hexdigest(), guessed)
    except OSError:
        return Content(path, None, guessed)


def calls_of(sizes: Iterable[int], most_bytes: int, most_files: int = MOST_FILES) -> list[int]:
    """Return for each file of one message, in order, which call carries it: 1, 2 and so on.

    A call carries at most `most_files`, and no more than `most_bytes` unless it is a single file.
    """
    calls: list[int] = []
    call, files, carried = 1, 0, 0
    for size in sizes:
        if files and (files == most_files or carried + size > most_bytes):
            call, files, carried = call + 1, 0, 0
        calls.append(call)
        files, carried = files + 1, carried + size
    return calls
