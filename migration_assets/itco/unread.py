"""Files of a drop's folder that are not read: what each looks like, by its name and by its first bytes.

A file that looks like one of ITCO's, and is not read, is rows that would be missing; so it is a doubt. What is no
table, such as a note or a picture, is none.
"""

import gzip
import io
import json
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterable
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass
from pathlib import Path

from migration_assets.ground.column_name import normalise
from migration_assets.itco.dialect import cells_of
from migration_assets.itco.faults import Findings
from migration_assets.itco.headers import known_cells
from resources.wording import listed
from schemas.extract import ATTACHMENTS, READABLE
from schemas.mapping import Mapping
from schemas.paths import leads_out
from schemas.source import OBJECTS

SHEETS = (".xlsx", ".xlsm")
PACKED = (".zip", ".gz", ".7z", ".rar", ".tar", ".tgz", ".bz2")
TABLES = (*READABLE, *SHEETS, *PACKED, ".xls", ".ods", ".numbers", ".json", ".jsonl", ".ndjson", ".parquet", ".sql")
"""How the names of files end that hold tables; one of them that looks like nothing is asked about, too."""
SYSTEM = re.compile(r"\._|\.~lock|~\$|\.ds_store$|thumbs\.db$|desktop\.ini$", re.IGNORECASE)
"""Files that programs leave in folders by themselves."""
UNREADABLE = (
    OSError,
    ValueError,
    LookupError,
    EOFError,
    StopIteration,  # no sheet in a workbook
    RuntimeError,  # a password, an unknown way of packing, JSON without end
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
)
"""What looking into a file may end in that is damaged, locked, or made to do harm."""
_HEAD = 1 << 16
_MOST_INSIDE = 20


@dataclass(frozen=True)
class Unread:
    """A file that is not read; `object` is the one whose file it looks like, by `how`, or None."""

    name: str
    object: str | None
    how: str
    is_table: bool

    @property
    def is_doubtful(self) -> bool:
        """Whether it may hold rows."""
        return self.object is not None or self.is_table

    def sentence(self) -> str:
        """Return what a person is told of it."""
        looks = f"; {self.how}" if self.how else ", and looks like no file that is known"
        return f"{self.name} is in the folder and is not read{looks}."


def look(path: Path, name: str, headers: AnyMapping[str, AnyMapping[str, str]]) -> Unread:
    """Say what a file that is not read looks like.

    Args:
        path: The file.
        name: How it is named to people, with its folder inside the drop.
        headers: `mapping.headers`.
    """
    suffixes = [suffix.lower() for suffix in path.suffixes]
    is_table = any(suffix in TABLES for suffix in suffixes)
    by_header = _by_header(path, suffixes, headers)
    if by_header is not None:
        return Unread(name, by_header[0], f"it looks like {by_header[0]}: {by_header[1]}", is_table)
    by_name = _by_name(path.name)
    if by_name is not None and (is_table or not path.suffix or suffixes[-1] in (".txt", ".xml", ".bak", ".old")):
        return Unread(name, by_name, f"its name is like {by_name}", is_table)
    return Unread(name, None, "", is_table)


def inside(folder: Path, headers: AnyMapping[str, AnyMapping[str, str]]) -> list[Unread]:
    """Look at the tables in a folder of the drop that is not read, and at one that should be `attachments`."""
    regular = (path for path in sorted(folder.rglob("*")) if path.is_file() and not SYSTEM.match(path.name))
    paths = (path for path in regular if not leads_out(path, folder))
    files = [path for path in paths if path.suffix.lower() in TABLES][:_MOST_INSIDE]
    found = [look(path, path.relative_to(folder.parent).as_posix(), headers) for path in files]
    if normalise(folder.name) in (ATTACHMENTS, ATTACHMENTS.removesuffix("s"), "files", "anhange", "anlagen"):
        found.append(Unread(folder.name, "attachments", f"it is probably the folder {ATTACHMENTS}", True))
    return found


def note_unread(paths: Iterable[Path], mapping: Mapping, findings: Findings) -> list[Unread]:
    """Note everything that is not read, and return what may hold rows and is not left behind on purpose."""
    left = {name.casefold() for name in mapping.ignored_files}
    doubtful: list[Unread] = []
    for path in paths:
        name = path.name
        if name.casefold() in left:
            findings.info(name, "left_behind", f"{name} is left behind, as mapping.yaml says")
        elif path.is_dir():
            findings.warn(
                name, "folder_not_read", f"the folder {name} is not read; only files directly in the drop are"
            )
            doubtful += [one for one in inside(path, mapping.headers) if one.name.casefold() not in left]
        elif (one := look(path, name, mapping.headers)).is_doubtful:
            doubtful.append(one)
        elif not name.startswith("."):
            findings.warn(name, "file_not_read", f"{name} is not read. If it holds ITCO data, export it as CSV UTF-8")
    return doubtful


def _by_name(file: str) -> str | None:
    stem = normalise(Path(file).stem)
    fitting = [name for name in OBJECTS if re.search(rf"(^|_){name}(\d*)(_|$)", stem)]
    fitting += [name for name in OBJECTS if re.search(rf"(^|_){name.removesuffix('s')}(_|$)", stem)]
    return max(fitting, key=len) if fitting else None


def _by_header(
    path: Path, suffixes: list[str], headers: AnyMapping[str, AnyMapping[str, str]]
) -> tuple[str, str] | None:
    """Return the object whose columns the first cells have, and which those are."""
    try:
        lines = _first_cells(path, suffixes) if path.is_file() else []
    except UNREADABLE:
        return None  # it cannot be looked into; its name is all there is
    best: tuple[bool, int, str, str] | None = None
    for cells in lines:
        for name, item in OBJECTS.items():
            required, known = known_cells(cells, item, headers.get(name, {}))
            if known < 2 or (required < 2 and known < 3 and len(item.columns) > 2):
                continue
            whole = required == len(item.required_columns)
            if best is None or (whole, known) > best[:2]:
                best = (whole, known, name, listed([repr(cell.strip()) for cell in cells[:4]]))
    return (best[2], f"its first cells are {best[3]}") if best else None


def _first_cells(path: Path, suffixes: list[str]) -> list[list[str]]:
    """Return what may be the header of a file, read in each way that may be right."""
    last = suffixes[-1] if suffixes else ""
    if last in SHEETS:
        return _of_sheet(path)
    if last == ".gz":
        with gzip.open(path) as packed:
            return _of_text(packed.read(_HEAD))
    if last == ".zip":
        with zipfile.ZipFile(path) as archive:
            return [row for name in archive.namelist()[:_MOST_INSIDE] for row in _of_text(_read(archive, name))]
    if last in PACKED:
        return []
    with path.open("rb") as file:
        head = file.read(_HEAD)
    return _of_json(head) if last in (".json", ".jsonl", ".ndjson") else _of_text(head)


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as file:
        return file.read(_HEAD)


def _of_text(head: bytes) -> list[list[str]]:
    encoding = "utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    text = head.decode(encoding, "replace").lstrip()
    line = io.StringIO(text).readline().strip()
    return [cells for delimiter in ",;\t|" if len(cells := cells_of(line.encode(), delimiter)) > 1]


def _of_json(head: bytes) -> list[list[str]]:
    """Return the names of the first object in JSON, or in lines of JSON."""
    text = head.decode("utf-8-sig", "replace")
    start = text.find("{")
    decoder = json.JSONDecoder()
    while start >= 0:
        try:
            found, _ = decoder.raw_decode(text, start)
        except ValueError:
            found = {}
        if isinstance(found, dict) and found and not all(isinstance(value, list) for value in found.values()):
            return [[str(name) for name in found]]
        start = text.find("{", start + 1)
    return []


def _of_sheet(path: Path) -> list[list[str]]:
    """Return the first texts of a workbook: those of its first row stand first in its list of texts."""
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        place = next((name for name in names if name.endswith("sharedStrings.xml")), None)
        place = place or next((name for name in names if "worksheets/" in name), "")
        text = _read(archive, place).decode("utf-8", "replace")
    cells = re.findall(r"<(?:\w+:)?t(?: [^>]*)?>([^<]*)<", text)[:30]
    return [cells] if cells else []
