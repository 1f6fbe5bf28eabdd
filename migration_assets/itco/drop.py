"""The drop: which files of its folder are which part of which ITCO object. Names only; no file is read here.

What belongs elsewhere: the contents of the files (`land.py`) and of the folder `attachments/`
(`objects/conversation/shape/delivered_files.py`).
"""

import re
import stat
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from migration_assets.ground.column_name import normalise
from migration_assets.itco.faults import Findings, LandingError
from migration_assets.itco.unread import SYSTEM
from schemas.extract import ATTACHMENTS, EXTRACT_FILE, READABLE, Extract, ExtractError, load_extract
from schemas.source import OBJECTS

Value = TypeVar("Value", int, str)

EXTRACT_SCOPE = "extract"
"""Stands for the object in findings that are about the drop as a whole."""


@dataclass(frozen=True)
class FilePart:
    """One file of an object; `number` is its 1-based place among the object's parts."""

    object: str
    path: Path
    number: int

    @property
    def name(self) -> str:
        """The file's name, as `extract.yaml` and `mapping.yaml` name it."""
        return self.path.name


@dataclass(frozen=True)
class Drop:
    """A folder of ITCO files, sorted out; `unread` are its files and folders that are none of them."""

    folder: Path
    extract: Extract
    parts: dict[str, tuple[FilePart, ...]]
    findings: Findings = field(default_factory=Findings)
    unread: tuple[Path, ...] = ()

    def stated_rows(self, file: str) -> int | None:
        """The number of records that `extract.yaml` states for a file."""
        return _by_name(self.extract.row_counts, file)

    def stated_sha256(self, file: str) -> str | None:
        """The SHA-256 that `extract.yaml` states for a file."""
        return _by_name(self.extract.sha256, file)


def _same(file: str) -> str:
    """Return a file's name as two are compared: without regard to case, and to how a letter is composed."""
    return unicodedata.normalize("NFC", file).casefold()


def _by_name(stated: dict[str, Value], file: str) -> Value | None:
    wanted = _same(file)
    return next((value for name, value in stated.items() if _same(name) == wanted), None)


def open_drop(folder: Path) -> Drop:
    """Sort out a drop's folder and read its `extract.yaml`.

    Raises:
        LandingError: every fault: no folder, no needed file, a name that fits two objects, a link out of the
            folder, a file that `extract.yaml` names and that is not there, faults in `extract.yaml`.
    """
    if not folder.is_dir():
        raise LandingError([f"{folder}: no such folder. Check EXTRACT=…"])
    faults: list[str] = []
    findings = Findings()
    paths: dict[str, list[Path]] = {name: [] for name in OBJECTS}
    unread: list[Path] = []
    for path in sorted(folder.iterdir()):
        _sort_out(path, folder, paths, unread, faults)
    parts = {name: _in_order(name, found) for name, found in paths.items()}
    faults += _missing_files(parts, folder)
    try:
        extract = load_extract(folder)
    except ExtractError as error:
        raise LandingError([*faults, *str(error).splitlines()]) from None
    faults += _stated_but_absent(extract, parts)
    if faults:
        raise LandingError(faults)
    _note_gaps(parts, extract, findings)
    return Drop(folder, extract, parts, findings, tuple(unread))


def object_of(file: str) -> str | None:
    """Return the object that a file's name says it is a part of, or None.

    `tickets.csv`, `Tickets-2024.csv`, `tickets_2024.csv`, `tickets2.csv`, `tickets (2).csv` are parts of tickets.

    Raises:
        ValueError: the name fits two objects, such as `tickets_messages.csv`.
    """
    stem = normalise(Path(file).stem)
    fitting = [name for name in OBJECTS if re.fullmatch(rf"{name}(\d+|_.*)?", stem)]
    if not fitting:
        return None
    best = max(fitting, key=len)
    rest = set(stem.removeprefix(best).split("_"))
    others = [name for name in OBJECTS if name != best and (name in rest or stem.endswith(f"_{name}"))]
    if others:
        raise ValueError(f"the name fits {best} and {others[0]}. Rename the file after the one that it holds")
    return best


def _sort_out(path: Path, folder: Path, paths: dict[str, list[Path]], unread: list[Path], faults: list[str]) -> None:
    """Put one entry of the folder where it belongs: a part, what is not read, or a fault."""
    name = path.name
    if SYSTEM.match(name) or name in (EXTRACT_FILE, ATTACHMENTS):
        return
    if path.is_symlink() and not path.resolve().is_relative_to(folder.resolve()):
        faults.append(f"{name}: a link to a place outside the folder. Put the file itself there")
        return
    if path.is_dir():
        unread.append(path)
        return
    if not path.exists() or not stat.S_ISREG(path.stat().st_mode):
        faults.append(f"{name}: not a file that can be read. Remove it or put the file itself there")
        return
    try:
        item = object_of(name) if path.suffix.lower() in READABLE and not name.startswith(".") else None
    except ValueError as error:
        faults.append(f"{name}: {error}")
        return
    if item is None:
        unread.append(path)
    else:
        paths[item].append(path)


def _in_order(name: str, paths: list[Path]) -> tuple[FilePart, ...]:
    """Number the parts: the file with the object's own name first, then by the numbers in the names."""

    def place(path: Path) -> tuple[bool, list[tuple[bool, int, str]], str]:
        pieces = re.findall(r"\d+|\D+", path.stem.casefold())
        natural = [(not piece.isdigit(), int(piece) if piece.isdigit() else 0, piece) for piece in pieces]
        return normalise(path.stem) != name, natural, path.name

    return tuple(FilePart(name, path, number) for number, path in enumerate(sorted(paths, key=place), start=1))


def _missing_files(parts: dict[str, tuple[FilePart, ...]], folder: Path) -> list[str]:
    there = sorted(path.name for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    return [
        f"{name}.csv: missing, and no migration runs without it. The folder has {', '.join(there) or 'no files'}"
        for name, item in OBJECTS.items()
        if item.needed and not parts[name]
    ]


def _stated_but_absent(extract: Extract, parts: dict[str, tuple[FilePart, ...]]) -> list[str]:
    there = {_same(part.name) for found in parts.values() for part in found}
    return [
        f"{EXTRACT_FILE}: {section} names {file}, which is not in the folder. Add the file or take the line out"
        for section, stated in (("row_counts", extract.row_counts), ("sha256", extract.sha256))
        for file in stated
        if _same(file) not in there
    ]


def _note_gaps(parts: dict[str, tuple[FilePart, ...]], extract: Extract, findings: Findings) -> None:
    for name, found in parts.items():
        if not found:
            findings.info(f"{name}.csv", "file_absent", f"there is no {name}.csv; nothing of it is migrated")
        for part in found:
            if _by_name(extract.row_counts, part.name) is None:
                findings.warn(
                    part.name,
                    "count_not_stated",
                    f"{EXTRACT_FILE} states no row count for {part.name}: a file cut at the end of a row would pass",
                )
