"""How records of an object are shown side by side, as the source and as Intercom has them, for a person's own eyes.

What belongs elsewhere: drawing the sample from the candidates, showing it, and keeping what is said (`spotcheck`).
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from resources.intercom.client import Intercom


@dataclass(frozen=True)
class ShownMessage:
    """One message: who wrote it, when (text in UTC), what it says, as text or HTML, and the names of its files."""

    who: str
    when: str
    kind: str
    body: str
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class Side:
    """One side of a record: its facts by name, and its messages in order.

    `mapped` is, of the source's side, what Intercom should show of a fact by the mapping; a fact that is not in it goes
    there as it is.
    """

    title: str
    facts: dict[str, str] = field(default_factory=dict)
    messages: tuple[ShownMessage, ...] = ()
    mapped: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SideBySide:
    """How an object's records are drawn and read.

    Attributes:
        needs: tables that are there once its records were loaded.
        candidates: a file with the SELECT of the records that are in Intercom (key, shown: what people call it, why,
            drawn: whether anything made it worth a look but chance, rank: 1 is the first of its kind); takes the seed.
        pieces: a SELECT of the ids in Intercom that each of a list of keys has become, in their order (key, ids).
        read_source: returns the source's side of records, by their keys.
        read_intercom: returns Intercom's side, given the pieces by key and the name of the ticket type.
    """

    needs: tuple[str, ...]
    candidates: Path
    pieces: str
    read_source: Callable[[duckdb.DuckDBPyConnection, Sequence[str]], dict[str, Side]]
    read_intercom: Callable[[Intercom, Mapping[str, Sequence[str]], str], Awaitable[dict[str, Side]]]


def second(value: datetime | int | None) -> str:
    """Return a time in UTC to the second, for comparing; a time without a zone is in UTC already."""
    if value is None:
        return ""
    moment = datetime.fromtimestamp(value, UTC) if isinstance(value, int) else value
    return moment.strftime("%Y-%m-%d %H:%M:%S")
