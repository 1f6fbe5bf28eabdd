"""Pagination: cursors for contacts, conversations and tickets, page numbers and URLs for the rest."""

import base64
import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from embedded_intercom.api.routing import Call
from embedded_intercom.protocol.checks import number
from embedded_intercom.protocol.errors import invalid
from embedded_intercom.state.store import Value, to_json

MAX_PER_PAGE = 150


@dataclass(frozen=True)
class Keyset:
    """A query that is read in pages: what it selects, and by which unique columns it is ordered."""

    table: str
    where: str
    values: Sequence[Value]
    order: str
    key: str
    descending: bool = False


@dataclass(frozen=True)
class Asked:
    """The page that was asked for."""

    per_page: int
    after: str | None


def asked_in_query(call: Call, default: int) -> Asked:
    """Read `per_page` and `starting_after` from the URL."""
    return Asked(_per_page(call.query.get("per_page"), default), call.query.get("starting_after") or None)


def asked_in_body(call: Call, default: int = 20) -> Asked:
    """Read `pagination` from a search's body; the URL is ignored, as Intercom does."""
    pagination = call.fields.mapping("pagination")
    after = pagination.get("starting_after")
    if after is not None and not isinstance(after, str):
        raise invalid("starting_after must be a string")
    return Asked(_per_page(pagination.get("per_page"), default), after)


def _per_page(given: object, default: int, largest: int = MAX_PER_PAGE) -> int:
    if given is None:
        return default
    value = number(given) if isinstance(given, str) else given
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise invalid("per_page must be a positive integer")
    if value > largest:
        raise invalid("Per Page is too big")
    return value


def _encode(page: int, values: list[Value]) -> str:
    return base64.urlsafe_b64encode(to_json([page, *values]).encode()).decode()


def _decode(cursor: str) -> tuple[int, Value, Value]:
    wrong = invalid("starting_after is not a valid cursor")
    try:
        page, order, key = json.loads(base64.urlsafe_b64decode(cursor))
    except (ValueError, TypeError, RecursionError):
        raise wrong from None
    if not isinstance(page, int) or not all(_can_be_bound(value) for value in (order, key)):
        raise wrong
    return page, order, key


def _can_be_bound(value: object) -> bool:
    """Whether SQLite takes it as a value; its whole numbers have 64 bits."""
    return value is None or isinstance(value, str | float) or (isinstance(value, int) and abs(value) < 2**63)


def by_cursor(call: Call, keyset: Keyset, asked: Asked) -> tuple[list[sqlite3.Row], int, dict[str, Any]]:
    """Return the page's rows, the total, and the `pages` document (`next` is absent on the last page)."""
    page, where, values = 1, keyset.where, list(keyset.values)
    if asked.after is not None:
        page, order, key = _decode(asked.after)
        sign = "<" if keyset.descending else ">"
        where = f"({where}) AND ({keyset.order}, {keyset.key}) {sign} (?, ?)"
        values += [order, key]
    way = "DESC" if keyset.descending else "ASC"
    rows = call.store.all(
        f"SELECT *, {keyset.order} AS _order, {keyset.key} AS _key FROM {keyset.table} WHERE {where} "
        f"ORDER BY {keyset.order} {way}, {keyset.key} {way} LIMIT ?",
        [*values, asked.per_page + 1],
    )
    total = call.store.scalar(f"SELECT count(*) FROM {keyset.table} WHERE {keyset.where}", keyset.values)
    pages: dict[str, Any] = {
        "type": "pages",
        "page": page,
        "per_page": asked.per_page,
        "total_pages": -(-total // asked.per_page),
    }
    if len(rows) > asked.per_page:
        rows = rows[: asked.per_page]
        cursor = _encode(page + 1, [rows[-1]["_order"], rows[-1]["_key"]])
        pages["next"] = {"page": page + 1, "per_page": asked.per_page, "starting_after": cursor}
    return rows, total, pages


@dataclass(frozen=True)
class Numbered:
    """A page asked for by its number."""

    page: int
    per_page: int

    @property
    def offset(self) -> int:
        """How many rows come before it."""
        return (self.page - 1) * self.per_page


def asked_by_number(call: Call, default: int, largest: int) -> Numbered:
    """Read `page` and `per_page` from the URL or the body."""
    page = call.query.get("page", call.fields.raw("page"))
    per_page = call.query.get("per_page", call.fields.raw("per_page"))
    return Numbered(_per_page(page, 1, 10**9), _per_page(per_page, default, largest))


def by_number(call: Call, asked: Numbered, total: int) -> dict[str, Any]:
    """The `pages` document whose `next` is a URL or null."""
    count = max(1, -(-total // asked.per_page))
    following = None
    if asked.page < count:
        query = {**call.query, "page": asked.page + 1, "per_page": asked.per_page}
        following = f"{call.workspace.base_url}{call.path}?{urlencode(query)}"
    return {
        "type": "pages",
        "next": following,
        "page": asked.page,
        "per_page": asked.per_page,
        "total_pages": count,
    }
