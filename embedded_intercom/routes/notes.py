"""Notes on contacts. Stamped now, and never removed by themselves."""

import sqlite3

from embedded_intercom.api import lookups
from embedded_intercom.api.paging import Keyset, asked_in_query, by_cursor
from embedded_intercom.api.routing import Call, Result, Routes
from embedded_intercom.protocol.checks import JsonObject
from embedded_intercom.protocol.errors import missing, not_found
from embedded_intercom.records import shapes
from embedded_intercom.records.bodies import rich

routes = Routes()

PER_PAGE = 50


def _document(call: Call, row: sqlite3.Row) -> JsonObject:
    return {
        "type": "note",
        "id": str(row["id"]),
        "created_at": row["created_at"],
        "contact": {"type": "contact", "id": row["contact_id"]},
        "author": shapes.admin(call.workspace, lookups.admin(call, row["admin_id"])),
        "body": row["body"],
    }


@routes("GET", "/contacts/{id}/notes")
def notes_of_contact(call: Call) -> Result:
    """The notes on a contact, the newest first, by page."""
    contact = lookups.contact(call, call.params["id"])["id"]
    keyset = Keyset("notes", "contact_id=?", [contact], "id", "id", descending=True)
    rows, total, pages = by_cursor(call, keyset, asked_in_query(call, default=PER_PAGE))
    return {"type": "list", "data": [_document(call, row) for row in rows], "total_count": total, "pages": pages}


@routes("POST", "/contacts/{id}/notes")
def add_to_contact(call: Call) -> Result:
    """Add a note to a contact, by the token's admin unless `admin_id` names another."""
    contact = lookups.contact(call, call.params["id"])["id"]
    body = call.fields.text("body")
    if not body or not body.strip():
        raise missing("body is a required parameter")
    given = call.fields.text("admin_id")
    admin = lookups.own_admin(call) if given is None else lookups.admin(call, given, not_found())
    note = call.store.next_id("note")
    call.store.insert("notes", id=note, admin_id=admin["id"], body=rich(body), created_at=call.now, contact_id=contact)
    return _document(call, call.store.all("SELECT * FROM notes WHERE id=?", [note])[0])


@routes("GET", "/notes/{id}")
def get(call: Call) -> Result:
    """One note."""
    row = call.store.one("SELECT * FROM notes WHERE id=?", call.key("id"))
    if row is None:
        raise not_found()
    return _document(call, row)
