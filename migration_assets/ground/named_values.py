"""Which values the mapping does not cover, in words: the helpdesk's own words are named, what a customer wrote is not.

A message goes to logs and to the proof, where no customer's text may stand. A status or a priority is a word of the
helpdesk's, unless columns are shifted: so only what looks like a word is named, and the rest is counted.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from resources.wording import counted, listed

VOCABULARIES = frozenset({"status", "priority", "kind", "author_type"})
"""The columns whose values are words of the helpdesk's own."""
NAMED = 5
"""How many values of a column a message names; those beyond are counted."""
_WORD = re.compile(r"[\w \-/&]{1,40}")
_NUMBER = re.compile(r"\d{5}")
"""A run of digits so long may be a telephone number, or the number of an account."""


@dataclass(frozen=True)
class Unmapped:
    """A value of a column that the mapping does not cover; without a value it is the whole column.

    Attributes:
        column: the column.
        value: the value as it is most often written, or None.
        rows: how many rows have it.
        file: the file of the first of them.
        line: its line there.
    """

    column: str
    value: str | None
    rows: int
    file: str | None = None
    line: int | None = None


def is_vocabulary(column: str, value: str | None) -> bool:
    """Whether a value may be told: it stands in a column of the helpdesk's words, and looks like one."""
    return (
        value is not None
        and column in VOCABULARIES
        and _WORD.fullmatch(value) is not None
        and _NUMBER.search(value) is None
    )


def named_values(values: Iterable[Unmapped]) -> str:
    """Return what is not covered, by column: status: 'Parked' (3 rows, the first is tickets.csv:2)."""
    by_column = groupby(sorted(values, key=_order), key=lambda one: one.column)
    return "; ".join(_of_column(column, list(found)) for column, found in by_column)


def _order(one: Unmapped) -> tuple[str, int, str]:
    return one.column, -one.rows, one.value or ""


def _of_column(column: str, values: list[Unmapped]) -> str:
    if [one.value for one in values] == [None]:
        return f"{column}: the whole column ({_rows(values)})"
    told = [one for one in values if is_vocabulary(column, one.value)]
    named = [f"{one.value!r} ({_rows([one])})" for one in told[:NAMED]]
    beyond = told[NAMED:] + [one for one in values if one not in told]
    if beyond:
        more = counted(len(beyond), "more value" if named else "value")
        named.append(f"{more} ({_rows(beyond)})")
    return f"{column}: {listed(named)}"


def _rows(values: list[Unmapped]) -> str:
    """Return how many rows have the values, and where the first one with the most frequent of them is."""
    rows, first = sum(one.rows for one in values), values[0]
    if first.file is None:
        return counted(rows, "row")
    how = "" if rows == 1 else "such as " if len(values) > 1 else "the first is "
    return f"{counted(rows, 'row')}, {how}{first.file}:{first.line}"
