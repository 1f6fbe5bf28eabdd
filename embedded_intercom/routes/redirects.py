"""The help centers, which are seeded, and the redirects from old addresses to their articles and collections (2.16)."""

import json
import sqlite3

from embedded_intercom.api.paging import asked_by_number
from embedded_intercom.api.routing import Call, Result, Routes
from embedded_intercom.protocol.checks import JsonObject, number
from embedded_intercom.protocol.errors import ApiError, invalid, missing, not_found

routes = Routes()

SINCE = (2, 16)
_TABLES = {"article": "articles", "collection": "collections"}
_KEYS = ("from_url", "locale", "target_type", "target_id", "created_at", "updated_at")


@routes("GET", "/help_center/help_centers", (2, 10))
def list_help_centers(call: Call) -> Result:
    """Every help center, not in pages."""
    rows = call.store.all("SELECT doc FROM help_centers ORDER BY id")
    return {"type": "list", "data": [json.loads(row["doc"]) for row in rows]}


@routes("GET", "/help_center/help_centers/{id}", (2, 10))
def get_help_center(call: Call) -> Result:
    """One help center."""
    return _help_center(call, "id", not_found())


def _help_center(call: Call, name: str, absent: ApiError) -> JsonObject:
    row = call.store.one("SELECT doc FROM help_centers WHERE id=?", call.key(name, absent))
    if row is None:
        raise absent
    document: JsonObject = json.loads(row["doc"])
    return document


def _absent() -> ApiError:
    return not_found("Resource not found")


def _document(row: sqlite3.Row) -> JsonObject:
    plain = {name: row[name] for name in _KEYS}
    return {
        "id": str(row["id"]),
        "type": "help_center_redirect",
        "help_center_id": str(row["help_center_id"]),
        **plain,
    }


@routes("GET", "/help_center/help_centers/{help_center_id}/redirects", SINCE)
def list_redirects(call: Call) -> Result:
    """A help center's redirects, the last changed first, by page."""
    center = int(_help_center(call, "help_center_id", _absent())["id"])
    asked = asked_by_number(call, default=50, largest=250)
    total = call.store.scalar("SELECT count(*) FROM redirects WHERE help_center_id=?", [center])
    rows = call.store.all(
        "SELECT * FROM redirects WHERE help_center_id=? ORDER BY updated_at DESC, id DESC LIMIT ? OFFSET ?",
        [center, asked.per_page, asked.offset],
    )
    count = -(-total // asked.per_page)
    pages: JsonObject = {"type": "pages", "page": asked.page, "per_page": asked.per_page, "total_pages": count}
    if asked.page < count:
        pages["next"] = {"page": asked.page + 1, "per_page": asked.per_page}
    return {"type": "list", "data": [_document(row) for row in rows], "total_count": total, "pages": pages}


@routes("POST", "/help_center/help_centers/{help_center_id}/redirects", SINCE)
def create(call: Call) -> Result:
    """Redirect an address of the help center to an article or a collection in it."""
    center = _help_center(call, "help_center_id", _absent())
    given = {name: call.fields.text(name) for name in ("from_url", "locale", "target_type", "target_id")}
    for name, value in given.items():
        if not value:
            raise missing(f"{name} is required")
    if given["target_type"] not in _TABLES:
        raise invalid("target_type must be 'article' or 'collection'")
    _check(call, center, str(given["from_url"]), str(given["target_type"]), str(given["target_id"]))
    key = call.store.next_id("redirect")
    stamps = {"created_at": call.now, "updated_at": call.now}
    call.store.insert("redirects", id=key, help_center_id=int(center["id"]), **given, **stamps)
    return _document(call.store.all("SELECT * FROM redirects WHERE id=?", [key])[0])


def _check(call: Call, center: JsonObject, from_url: str, target_type: str, target_id: str) -> None:
    if not from_url.startswith(f"{center['url']}/"):
        message = "from_url must be an absolute URL within this help center's URL space"
        raise ApiError(422, "data_invalid", message)
    target = number(target_id)
    table = _TABLES[target_type]
    if target is None or call.store.one(f"SELECT 1 FROM {table} WHERE id=?", target) is None:
        raise ApiError(422, "data_invalid", f"target_id must be the id of one of this help center's {table}")
    query = "SELECT 1 FROM redirects WHERE help_center_id=? AND from_url=?"
    if call.store.one(query, int(center["id"]), from_url) is not None:
        raise ApiError(409, "resource_conflict", "A redirect with that URL already exists")


@routes("GET", "/help_center/help_centers/{help_center_id}/redirects/{id}", SINCE)
def get(call: Call) -> Result:
    """One redirect."""
    return _document(_redirect(call))


@routes("DELETE", "/help_center/help_centers/{help_center_id}/redirects/{id}", SINCE)
def delete(call: Call) -> Result:
    """Delete a redirect."""
    row = _redirect(call)
    call.store.run("DELETE FROM redirects WHERE id=?", row["id"])
    return {"id": str(row["id"]), "object": "help_center_redirect", "deleted": True}


def _redirect(call: Call) -> sqlite3.Row:
    center = int(_help_center(call, "help_center_id", _absent())["id"])
    key = call.key("id", _absent())
    row = call.store.one("SELECT * FROM redirects WHERE id=? AND help_center_id=?", key, center)
    if row is None:
        raise _absent()
    return row
