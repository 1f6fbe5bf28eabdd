"""From the header of a file to the columns it is landed in. Pure: no files, no tables.

A header is matched by `mapping.headers`, exactly, folded (case, spaces, hyphens, accents, quotes), or as a custom
field; anything else is kept as `x_<name>`.
"""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from migration_assets.ground.column_name import normalise
from schemas.source_objects import CUSTOM_FIELD_PREFIX, SourceObject

UNKNOWN_PREFIX = "x_"
OWN_PREFIX = "_"


class HeaderError(ValueError):
    """The header cannot be used; `reasons` has one sentence per fault."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True)
class HeaderCell:
    """One cell of a header: what it says, the column it leads to (None: left out), and how that was decided."""

    found: str
    column: str | None
    how: str


def _compact(text: str) -> str:
    return normalise(text).replace("_", "")


def match_header(
    cells: Sequence[str], item: SourceObject, given: Mapping[str, str], *, object_name: str | None = None
) -> list[HeaderCell]:
    """Decide the column of every header cell.

    Args:
        cells: The header as the file has it.
        item: The ITCO object.
        given: `mapping.headers` of the object: a header as the file has it -> the column.
        object_name: The object's name in messages; its own by default.

    Raises:
        HeaderError: two cells lead to one column, or a required column is missing.
    """
    folded_given = {_compact(found): column for found, column in given.items()}
    known = {_compact(name): name for name in item.by_name}
    matched = [_match(cell, number, folded_given, known, item) for number, cell in enumerate(cells, start=1)]
    reasons = _doubles(matched) + _missing(matched, item, object_name or item.name)
    if reasons:
        raise HeaderError(reasons)
    return matched


def known_cells(cells: Sequence[str], item: SourceObject, given: Mapping[str, str]) -> tuple[int, int]:
    """Return how many cells lead to required columns and how many to any known column."""
    folded_given = {_compact(found): column for found, column in given.items()}
    known = {_compact(name): name for name in item.by_name}
    found = {_match(cell, number, folded_given, known, item).column for number, cell in enumerate(cells)}
    return len(found & set(item.required_columns)), len(found & set(item.by_name))


def _match(cell: str, number: int, given: dict[str, str], known: dict[str, str], item: SourceObject) -> HeaderCell:
    text = cell.strip().strip("\ufeff").strip()
    compact, name = _compact(text), normalise(text)
    if compact and compact in given:
        column = given[compact]
        return HeaderCell(cell, column if column in item.by_name else normalise(column), "mapping.headers")
    if text in item.by_name:
        return HeaderCell(cell, text, "exact")
    if text.startswith(OWN_PREFIX):
        return HeaderCell(cell, None, "our own column, left out")
    if compact in known:
        return HeaderCell(cell, known[compact], "spelling")
    if name.startswith(CUSTOM_FIELD_PREFIX) and name != CUSTOM_FIELD_PREFIX:
        return HeaderCell(cell, name, "exact" if text == name else "custom field, spelling")
    if not name:
        return HeaderCell(cell, f"{UNKNOWN_PREFIX}column_{number}", "no name")
    return HeaderCell(cell, UNKNOWN_PREFIX + name, "unknown, kept")


def _doubles(matched: list[HeaderCell]) -> list[str]:
    by_column: dict[str, list[str]] = {}
    for cell in matched:
        if cell.column is not None:
            by_column.setdefault(cell.column, []).append(cell.found)
    return [
        f"the headers {', '.join(repr(found) for found in names)} all lead to the column {column}. "
        f"Rename or remove all but one of them"
        for column, names in by_column.items()
        if len(names) > 1
    ]


def _missing(matched: list[HeaderCell], item: SourceObject, object_name: str) -> list[str]:
    present = {cell.column for cell in matched}
    free = [cell.found for cell in matched if cell.column is not None and cell.column.startswith(UNKNOWN_PREFIX)]
    reasons = []
    for column in item.required_columns:
        if column in present:
            continue
        by_name = {normalise(found): found for found in free}
        near = difflib.get_close_matches(column, by_name, n=1, cutoff=0.5)
        example = by_name[near[0]] if near else "<header in the file>"
        reasons.append(
            f"the required column {column} is missing; the header has {', '.join(cell.found for cell in matched)}. "
            + (f"Nearest: {example!r}. " if near else "")
            + f"If it has another name, add to mapping.yaml: headers: {{{object_name}: {{{example!r}: {column}}}}}"
        )
    return reasons
