"""From the header of a file to the columns it is landed in. Pure: no files, no tables.

A header is matched by `mapping.headers`, exactly, folded (case, spaces, hyphens, accents, quotes), or as a custom
field; anything else is kept as `x_<name>`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from migration_assets.ground.column_name import normalise
from migration_assets.ground.given_back import OWN
from migration_assets.itco.likeness import by_content, guess, profile
from schemas.source_objects import CUSTOM_FIELD_PREFIX, SourceObject

UNKNOWN_PREFIX = "x_"
OWN_COLUMNS = frozenset({*OWN, "_severity", "_row"})
"""What our own files of rejected rows have beside a row's columns."""


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
    cells: Sequence[str],
    item: SourceObject,
    given: Mapping[str, str],
    values: Callable[[], Sequence[pl.Series]] | None = None,
) -> list[HeaderCell]:
    """Decide the column of every header cell.

    Args:
        cells: The header as the file has it.
        item: The ITCO object.
        given: `mapping.headers` of the object: a header as the file has it -> the column.
        values: Gives what stands below each cell, to guess by where a column is missing.

    Raises:
        HeaderError: two cells lead to one column, or a column that the header must have is missing.
    """
    folded_given = {_compact(found): column for found, column in given.items()}
    known = {_compact(name): name for name in item.by_name}
    matched = [_match(cell, number, folded_given, known, item) for number, cell in enumerate(cells, start=1)]
    reasons = _doubles(matched) + _missing(matched, item, values)
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
    if text.lower() in OWN_COLUMNS:
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


def _missing(
    matched: list[HeaderCell], item: SourceObject, values: Callable[[], Sequence[pl.Series]] | None
) -> list[str]:
    present = {cell.column for cell in matched}
    absent = [(name, f"the required column {name} is missing") for name in item.header_columns if name not in present]
    if item.one_of and not present & set(item.one_of):
        absent.append((item.one_of[0], f"none of the columns {', '.join(item.one_of)} is there, and one must be"))
    if not absent:
        return []
    header = ", ".join(cell.found for cell in matched)
    nearest = _nearest(matched, [name for name, _ in absent], item, values() if values else None)
    reasons = []
    for name, says in absent:
        column, near, why = nearest.get(name, (name, "", ""))
        reasons.append(
            f"{says}; the header has {header}. "
            + (f"Nearest: {near!r}: {why}. " if near else "")
            + f"If it has another name, add to mapping.yaml: headers: "
            f"{{{item.name}: {{{near or '<header in the file>'!r}: {column}}}}}"
        )
    return reasons


def _nearest(
    matched: list[HeaderCell], absent: list[str], item: SourceObject, values: Sequence[pl.Series] | None
) -> dict[str, tuple[str, str, str]]:
    """Return by absent column which column a header most likely is, that header, and why; no header twice."""
    free = [(number, cell) for number, cell in enumerate(matched) if (cell.column or "").startswith(UNKNOWN_PREFIX)]
    looks = {cell.found: profile(values[number] if values else pl.Series([], dtype=pl.String)) for number, cell in free}
    columns = {
        name: [item.by_name[one] for one in (item.one_of if name in item.one_of else (name,))] for name in absent
    }
    found = [
        (guessed.weight, name, header, guessed)
        for name, meant in columns.items()
        for header, look in looks.items()
        if (guessed := guess(header, look, meant, item)) is not None
    ]
    nearest: dict[str, tuple[str, str, str]] = {}
    taken: set[str] = set()
    for _, name, header, guessed in sorted(found, key=lambda one: one[0], reverse=True):
        if name not in nearest and header not in taken:
            nearest[name] = (guessed.column, header, guessed.why)
            taken.add(header)
    left = {name: meant for name, meant in columns.items() if name not in nearest}
    could = {
        name: {
            header: column
            for header, look in looks.items()
            if header not in taken and (column := by_content(header, look, meant, item))
        }
        for name, meant in left.items()
    }
    return nearest | _only_ones(could)


def _only_ones(could: Mapping[str, Mapping[str, str]]) -> dict[str, tuple[str, str, str]]:
    """Return the columns for which one header alone is left, one after the other; `could` has which each may be."""
    found: dict[str, tuple[str, str, str]] = {}
    taken: set[str] = set()
    while True:
        rest = {name: [header for header in headers if header not in taken] for name, headers in could.items()}
        name = next((name for name, headers in rest.items() if name not in found and len(headers) == 1), None)
        if name is None:
            return found
        [header] = rest[name]
        found[name] = (could[name][header], header, "of the columns that no rule knows only its values could be that")
        taken.add(header)
