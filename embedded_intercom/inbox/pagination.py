"""Pages of a list by the place they begin at, so that a deep page costs what the first one costs."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException

PER_PAGE = 50


@dataclass(frozen=True)
class ListPlace:
    """Where a page begins: after (or, going back, before) the row with this key."""

    key: tuple[int, ...]
    back: bool


@dataclass(frozen=True)
class ListPage:
    """A page's rows, newest first, and the keys from which its neighbours are reached, if there are any."""

    rows: Sequence[sqlite3.Row]
    older: str | None
    newer: str | None


def asked(query: QueryParams, parts: int) -> ListPlace | None:
    """Read `after` or `before` from the address; `parts` is how many numbers a key has.

    Raises:
        HTTPException: 400 for a mark that is none.
    """
    name = "before" if "before" in query else "after"
    mark = query.get(name)
    if not mark:
        return None
    try:
        key = tuple(int(number) for number in mark.split("_"))
    except ValueError:
        key = ()
    if len(key) != parts or any(abs(number) >= 2**63 for number in key):
        raise HTTPException(400, "The address names a place in the list that cannot be read.")
    return ListPlace(key, name == "before")


def beyond(columns: Sequence[str], place: ListPlace | None) -> tuple[str, list[int]]:
    """Return the condition that a row lies beyond the place, and its values; lists are sorted descending."""
    if place is None:
        return "1", []
    sign = ">" if place.back else "<"
    return f"({', '.join(columns)}) {sign} ({','.join('?' * len(columns))})", list(place.key)


def order(columns: Sequence[str], place: ListPlace | None) -> str:
    """Return the order in which rows are fetched; going back it is turned round, and `cut` turns the rows."""
    way = "ASC" if place is not None and place.back else "DESC"
    return ", ".join(f"{column} {way}" for column in columns)


def cut(
    fetched: Sequence[sqlite3.Row], columns: Sequence[str], place: ListPlace | None, per_page: int = PER_PAGE
) -> ListPage:
    """Make a page of rows that were fetched, of which there is one more than it shows if it is not the last."""
    more = len(fetched) > per_page
    rows = list(fetched[:per_page])
    back = place is not None and place.back
    if back:
        rows.reverse()
    if not rows:
        return ListPage((), None, None)

    def mark(row: sqlite3.Row) -> str:
        return "_".join(str(row[column]) for column in columns)

    older = mark(rows[-1]) if more or back else None
    newer = mark(rows[0]) if (more if back else place is not None) else None
    return ListPage(rows, older, newer)
