"""Tags, and which company, conversation or ticket wears them."""

import sqlite3
from typing import Any

from embedded_intercom.api import lookups
from embedded_intercom.api.routing import Call, Result, Routes
from embedded_intercom.protocol.checks import JsonObject
from embedded_intercom.protocol.errors import invalid, not_found
from embedded_intercom.records import shapes
from embedded_intercom.routes import contact_tags

routes = Routes()


@routes("GET", "/tags")
def list_tags(call: Call) -> Result:
    """Every tag, not in pages."""
    rows = call.store.all("SELECT * FROM tags ORDER BY id")
    return {"type": "list", "data": [shapes.tag(row) for row in rows]}


@routes("POST", "/tags")
def create(call: Call) -> Result:
    """Create a tag, return the one with that name (its case does not matter by default), or rename the one with `id`.

    With `companies` or `users` the tag is put on all of them in this one call, or taken off companies (`untag`).
    """
    name, key = call.fields.text("name"), call.fields.text("id")
    if not name or not name.strip() or (key is not None and {"companies", "users"} & call.body.keys()):
        raise invalid("invalid tag parameters")
    name = name.strip()
    folded = _folded(call, name)
    row = call.store.one("SELECT * FROM tags WHERE folded=?", folded)
    if key is not None:
        return _rename(call, key, name, row)
    if row is None:
        call.store.insert("tags", id=call.store.next_id("tag"), name=name, folded=folded)
        row = call.store.all("SELECT * FROM tags WHERE folded=?", [folded])[0]
    users = [_tag_user(call, row["id"], item) for item in call.fields.items("users")]
    companies = [_tag_company(call, row["id"], item) for item in call.fields.items("companies")]
    return {**shapes.tag(row), "users": users, "companies": companies}


def _folded(call: Call, name: str) -> str:
    return name if call.behaves("tag_case") == "matters" else name.casefold()


def _tag_user(call: Call, tag_id: int, item: Any) -> JsonObject:  # noqa: ANN401 - not yet checked
    if not isinstance(item, dict) or not isinstance(item.get("id"), str):
        raise invalid("invalid tag parameters")
    contact = lookups.contact(call, item["id"])
    contact_tags.put_on(call, contact["id"], tag_id)
    return {"id": contact["id"], "tagged": True}


def _tag_company(call: Call, tag_id: int, item: Any) -> JsonObject:  # noqa: ANN401 - not yet checked
    if not isinstance(item, dict) or not isinstance(item.get("id", item.get("company_id")), str):
        raise invalid("invalid tag parameters")
    company = lookups.company(call, item["id"]) if "id" in item else lookups.company_by(call, item["company_id"])
    if item.get("untag") is True:
        call.store.run("DELETE FROM company_tags WHERE company_id=? AND tag_id=?", company["id"], tag_id)
    else:
        call.store.run("INSERT OR IGNORE INTO company_tags VALUES (?, ?)", company["id"], tag_id)
    return {"id": company["id"], "tagged": item.get("untag") is not True}


def _rename(call: Call, key: str, name: str, twin: sqlite3.Row | None) -> Result:
    row = lookups.tag(call, key)
    if twin is not None and twin["id"] != row["id"]:
        raise invalid("invalid tag parameters")
    call.store.update("tags", row["id"], name=name, folded=_folded(call, name))
    return {**shapes.tag(lookups.tag(call, key)), "users": [], "companies": []}


@routes("GET", "/tags/{id}")
def get(call: Call) -> Result:
    """One tag."""
    return shapes.tag(lookups.tag(call, call.params["id"], not_found()))


@routes("DELETE", "/tags/{id}")
def delete(call: Call) -> Result:
    """Delete a tag and take it off everything."""
    key = lookups.tag(call, call.params["id"], not_found())["id"]
    for table in ("thread_tags", "contact_tags", "company_tags"):
        call.store.run(f"DELETE FROM {table} WHERE tag_id=?", key)
    call.store.run("DELETE FROM tags WHERE id=?", key)
    return {}


def _attach(call: Call, thread: sqlite3.Row) -> Result:
    tag = lookups.tag(call, call.fields.needed("id"))
    admin = lookups.admin(call, call.fields.needed("admin_id"))
    call.store.run(
        "INSERT OR IGNORE INTO thread_tags VALUES (?, ?, ?, ?)", *(thread["id"], tag["id"], call.now, str(admin["id"]))
    )
    call.store.update("threads", thread["id"], updated_at=call.now)
    worn = call.store.all("SELECT * FROM thread_tags WHERE thread_id=? AND tag_id=?", [thread["id"], tag["id"]])[0]
    return shapes.worn_tag(tag, worn)


def _detach(call: Call, thread: sqlite3.Row) -> Result:
    lookups.admin(call, call.fields.needed("admin_id"))
    tag = lookups.tag(call, call.params["tag_id"])
    worn = call.store.one("SELECT * FROM thread_tags WHERE thread_id=? AND tag_id=?", thread["id"], tag["id"])
    if worn is None:
        raise not_found("Tag not found", "tag_not_found")
    call.store.run("DELETE FROM thread_tags WHERE thread_id=? AND tag_id=?", thread["id"], tag["id"])
    return shapes.worn_tag(tag, worn)


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
