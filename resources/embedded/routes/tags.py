"""Tags, and which conversation or ticket wears them."""

import sqlite3

from resources.embedded import lookups
from resources.embedded.checks import JsonObject
from resources.embedded.errors import invalid, not_found
from resources.embedded.routing import Call, Result, Routes

routes = Routes()


def _document(row: sqlite3.Row) -> JsonObject:
    return {"type": "tag", "id": str(row["id"]), "name": row["name"]}


@routes("GET", "/tags")
def list_tags(call: Call) -> Result:
    """Every tag, not in pages."""
    rows = call.store.all("SELECT * FROM tags ORDER BY id")
    return {"type": "list", "data": [_document(row) for row in rows]}


@routes("POST", "/tags")
def create(call: Call) -> Result:
    """Create a tag, return the one with that name (case does not matter), or rename the one with `id`."""
    name, key = call.fields.text("name"), call.fields.text("id")
    if not name or not name.strip() or {"companies", "users"} & call.body.keys():
        raise invalid("invalid tag parameters")
    name = name.strip()
    row = call.store.one("SELECT * FROM tags WHERE folded=?", name.casefold())
    if key is not None:
        return _rename(call, key, name, row)
    if row is None:
        call.store.insert("tags", id=call.store.next_id("tag"), name=name, folded=name.casefold())
        row = call.store.all("SELECT * FROM tags WHERE folded=?", [name.casefold()])[0]
    return _document(row)


def _rename(call: Call, key: str, name: str, twin: sqlite3.Row | None) -> Result:
    row = lookups.tag(call, key)
    if twin is not None and twin["id"] != row["id"]:
        raise invalid("invalid tag parameters")
    call.store.update("tags", row["id"], name=name, folded=name.casefold())
    return _document(lookups.tag(call, key))


@routes("GET", "/tags/{id}")
def get(call: Call) -> Result:
    """One tag."""
    row = call.store.one("SELECT * FROM tags WHERE id=?", call.key("id"))
    if row is None:
        raise not_found()
    return _document(row)


@routes("DELETE", "/tags/{id}")
def delete(call: Call) -> Result:
    """Delete a tag and take it off everything."""
    key = call.key("id")
    if not call.store.run("DELETE FROM tags WHERE id=?", key):
        raise not_found()
    call.store.run("DELETE FROM thread_tags WHERE tag_id=?", key)
    return {}


def _attach(call: Call, thread: sqlite3.Row) -> Result:
    tag = lookups.tag(call, call.fields.needed("id"))
    admin = lookups.admin(call, call.fields.needed("admin_id"))
    call.store.run(
        "INSERT OR IGNORE INTO thread_tags VALUES (?, ?, ?, ?)", *(thread["id"], tag["id"], call.now, str(admin["id"]))
    )
    call.store.update("threads", thread["id"], updated_at=call.now)
    worn = call.store.all("SELECT * FROM thread_tags WHERE thread_id=? AND tag_id=?", [thread["id"], tag["id"]])[0]
    return worn_tag(tag, worn)


def _detach(call: Call, thread: sqlite3.Row) -> Result:
    lookups.admin(call, call.fields.needed("admin_id"))
    tag = lookups.tag(call, call.params["tag_id"])
    worn = call.store.one("SELECT * FROM thread_tags WHERE thread_id=? AND tag_id=?", thread["id"], tag["id"])
    if worn is None:
        raise not_found("Tag not found", "tag_not_found")
    call.store.run("DELETE FROM thread_tags WHERE thread_id=? AND tag_id=?", thread["id"], tag["id"])
    return worn_tag(tag, worn)


def worn_tag(tag: sqlite3.Row, worn: sqlite3.Row) -> JsonObject:
    """A tag as a conversation or ticket wears it."""
    return {
        **_document(tag),
        "applied_at": worn["applied_at"],
        "applied_by": {"type": "admin", "id": worn["applied_by"]},
    }


@routes("POST", "/conversations/{id}/tags")
def attach_to_conversation(call: Call) -> Result:
    """Tag a conversation; again is no error."""
    return _attach(call, lookups.conversation(call, call.params["id"], not_found("Conversation not found")))


@routes("DELETE", "/conversations/{id}/tags/{tag_id}")
def detach_from_conversation(call: Call) -> Result:
    """Take a tag off a conversation."""
    return _detach(call, lookups.conversation(call, call.params["id"], not_found("Conversation not found")))


@routes("POST", "/tickets/{id}/tags", (2, 9))
def attach_to_ticket(call: Call) -> Result:
    """Tag a ticket; again is no error."""
    return _attach(call, lookups.ticket(call, call.params["id"]))


@routes("DELETE", "/tickets/{id}/tags/{tag_id}", (2, 9))
def detach_from_ticket(call: Call) -> Result:
    """Take a tag off a ticket."""
    return _detach(call, lookups.ticket(call, call.params["id"]))
