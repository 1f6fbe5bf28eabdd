"""How a file is written: what separates fields and records, and where its header is. From its first bytes.

What belongs elsewhere: the encoding (`encoding.py`) and what the header's cells mean (`headers.py`).
"""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from migration_assets.itco.headers import known_cells
from migration_assets.itco.structure import Layout, Structure, split
from schemas.source_objects import SourceObject

HEAD = 1 << 20
"""How many bytes of UTF-8 text the decision rests on."""
_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_SEP_LINE = re.compile(rb'"?sep=(.)"?[,;\t|]*(\r\n|\r|\n)', re.IGNORECASE | re.DOTALL)
_LOOK_FOR_HEADER = 20


class DialectError(ValueError):
    """The delimiter or the header cannot be told; the message says why and what to do."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.line = line


@dataclass(frozen=True)
class Dialect:
    """How a file is written.

    `header_line` and `body_line` are 1-based physical lines, `body` is the offset in the UTF-8 text at which
    the first record after the header starts. `rows_before` counts the rows up to and with the header.
    """

    layout: Layout
    delimiter_evidence: str
    newline: str
    header: list[str]
    header_line: int
    body: int
    body_line: int
    rows_before: int


@dataclass(frozen=True)
class _Attempt:
    delimiter: str
    found: Structure
    at: int
    cells: list[str]
    required: int
    known: int
    records: int
    consistent: int

    @property
    def rank(self) -> tuple[int, int, bool, float]:
        share = self.consistent / self.records if self.records else 1.0
        return self.required, self.known, len(self.cells) > 1, share


def sniff_dialect(
    head: bytes, item: SourceObject, given: Mapping[str, str], *, complete: bool, hint: str | None = None
) -> Dialect:
    """Decide how a file is written.

    Args:
        head: The first bytes of its UTF-8 text, without a byte order mark.
        item: The ITCO object, whose columns the right delimiter brings out.
        given: `mapping.headers` of the object.
        complete: Whether `head` is the whole file.
        hint: The delimiter that mapping.yaml names.

    Raises:
        DialectError: there is no header, or two delimiters fit equally well.
    """
    separator = _SEP_LINE.match(head)
    skipped = separator.end() if separator else 0
    rest = head[skipped:]
    cr_ends, newline = _newlines(rest)
    stated = separator.group(1).decode("latin-1") if separator else None
    candidates = [hint or stated or ""] if hint or stated else list(_NAMES)
    if any(len(name.encode()) != 1 or name in '"\r\n\0' for name in candidates):
        raise DialectError("the sep= line names no usable delimiter. Remove that line", 1)
    attempts = [
        attempt for name in candidates if (attempt := _attempt(rest, name, cr_ends, item, given, complete)) is not None
    ]
    if not attempts:
        raise DialectError("no header can be read: the first line has a misplaced quote or is too long", 1)
    best = _best(attempts)
    evidence = _evidence(best, item, hint, stated)
    start = int(best.found.stop[best.at]) + 1
    lines = best.found.lines
    return Dialect(
        layout=Layout(best.delimiter, cr_ends),
        delimiter_evidence=evidence,
        newline=newline,
        header=best.cells,
        header_line=(1 if separator else 0) + 1 + (int(lines[best.at - 1]) if best.at else 0),
        body=skipped + start,
        body_line=(1 if separator else 0) + 1 + int(lines[best.at]),
        rows_before=(1 if separator else 0) + 1 + best.at,
    )


def cells_of(record: bytes, delimiter: str) -> list[str]:
    """Return the fields of one record; empty when its quotes do not fit."""
    text = io.StringIO(record.decode("utf-8", "replace"), newline="")
    try:
        rows = list(csv.reader(text, delimiter=delimiter, strict=True))
    except csv.Error:
        return []
    return rows[0] if len(rows) == 1 else []


def find_header_below(head: bytes, item: SourceObject, given: Mapping[str, str]) -> int | None:
    """Return the line among the first ones that has all required columns: a header below a title."""
    lines = head.splitlines()[:_LOOK_FOR_HEADER]
    for number, line in enumerate(lines, start=1):
        for delimiter in _NAMES:
            if known_cells(cells_of(line, delimiter), item, given)[0] == len(item.required_columns):
                return number
    return None


def _newlines(text: bytes) -> tuple[bool, str]:
    """Return whether a carriage return alone ends a record, and the line ends found outside quotes."""
    outside = b"".join(text.split(b'"')[0::2])
    first = re.search(rb"\r+\n|\r|\n", outside)
    cr_ends = first is not None and not first.group().endswith(b"\n")
    both = outside.count(b"\r\n")
    counts = {"CRLF": both, "LF": outside.count(b"\n") - both, "CR": outside.count(b"\r") - both}
    present = {name: count for name, count in counts.items() if count}
    if len(present) == 1:
        return cr_ends, next(iter(present))
    return cr_ends, "mixed" if present else "none"


def _attempt(
    text: bytes, delimiter: str, cr_ends: bool, item: SourceObject, given: Mapping[str, str], complete: bool
) -> _Attempt | None:
    """Read the head with one delimiter; None when no header comes out of it."""
    if not text:
        return None
    found = split(np.frombuffer(text, dtype=np.uint8), Layout(delimiter, cr_ends), final=complete)
    filled = np.flatnonzero(~found.blank)
    if not len(filled):
        return None
    at = int(filled[0])
    cells = cells_of(text[found.start[at] : found.end[at]], delimiter)
    if not cells:
        return None
    required, known = known_cells(cells, item, given)
    fields = found.fields[filled[1:1001]]
    consistent = int((fields == len(cells)).sum())
    return _Attempt(delimiter, found, at, cells, required, known, len(fields), consistent)


def _best(attempts: list[_Attempt]) -> _Attempt:
    ranked = sorted(attempts, key=lambda attempt: attempt.rank, reverse=True)
    best = ranked[0]
    if len(ranked) > 1 and len(best.cells) > 1 and ranked[1].rank == best.rank:
        names = " and ".join(_NAMES.get(attempt.delimiter, repr(attempt.delimiter)) for attempt in ranked[:2])
        raise DialectError(f"{names} fit equally well as delimiter. Name it in mapping.yaml under files", 1)
    return best


def _evidence(best: _Attempt, item: SourceObject, hint: str | None, stated: str | None) -> str:
    source = "named in mapping.yaml; " if hint else "named by the sep= line; " if stated else ""
    return (
        f"{source}{_NAMES.get(best.delimiter, repr(best.delimiter))}: {best.known} of {len(item.columns)} columns of "
        f"{item.name} are in the header, {best.consistent} of the first {best.records} records have its "
        f"{len(best.cells)} fields"
    )
