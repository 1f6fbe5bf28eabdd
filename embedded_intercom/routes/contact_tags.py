"""Which contact wears which tag."""

import sqlite3

from embedded_intercom.api import lookups
from embedded_intercom.api.routing import Call, Result, Routes
from embedded_intercom.protocol.errors import not_found
from embedded_intercom.records import shapes

routes = Routes()


@routes("GET", "/contacts/{id}/tags")
def list_tags(call: Call) -> Result:
    """The tags of a contact, not in pages."""
    contact = lookups.contact(call, call.params["id"])
    rows = call.store.all(
        "SELECT tags.*, applied_at, applied_by FROM contact_tags JOIN tags ON tags.id=tag_id "
        "WHERE contact_id=? ORDER BY applied_at, tags.id",
        [contact["id"]],
    )
    return {"type": "list", "data": [shapes.worn_tag(row, row) for row in rows]}


@routes("POST", "/contacts/{id}/tags")
def attach(call: Call) -> Result:
    """Tag a contact, in the name of the token's admin; again is no error."""
    contact = lookups.contact(call, call.params["id"])
    tag = lookups.tag(call, call.fields.needed("id"), not_found())
    put_on(call, contact["id"], tag["id"])
    return _worn(call, contact["id"], tag)


@routes("DELETE", "/contacts/{id}/tags/{tag_id}")
def detach(call: Call) -> Result:
    """Take a tag off a contact."""
    contact = lookups.contact(call, call.params["id"])
    tag = lookups.tag(call, call.params["tag_id"], not_found())
    worn = _worn(call, contact["id"], tag)
    take_off(call, contact["id"], tag["id"])
    return worn


def _worn(call: Call, contact_id: str, tag: sqlite3.Row) -> Result:
    row = call.store.one("SELECT * FROM contact_tags WHERE contact_id=? AND tag_id=?", contact_id, tag["id"])
    if row is None:
        raise not_found()
    return shapes.worn_tag(tag, row)


def put_on(call: Call, contact_id: str, tag_id: int) -> None:
    """Let a contact wear a tag from now on; what it wore already stays as it was."""
    admin = str(lookups.own_admin(call)["id"])
    call.store.run("INSERT OR IGNORE INTO contact_tags VALUES (?, ?, ?, ?)", contact_id, tag_id, call.now, admin)


def take_off(call: Call, contact_id: str, tag_id: int) -> None:
    """Take a tag off a contact, if it wears it."""
    call.store.run("DELETE FROM contact_tags WHERE contact_id=? AND tag_id=?", contact_id, tag_id)
