"""Further contacts in a conversation: add one on behalf of an admin or a contact, take one out."""

import sqlite3
from typing import Any

from embedded_intercom.api import lookups
from embedded_intercom.api.routing import Call, Result, Routes
from embedded_intercom.protocol.checks import JsonObject
from embedded_intercom.protocol.errors import invalid, not_found, user_not_found
from embedded_intercom.records import shapes, threads
from embedded_intercom.records.threads import ThreadPart
from embedded_intercom.routes import contacts

routes = Routes()

_KEYS = {"intercom_user_id": "id", "user_id": "external_id", "email": "email"}


@routes("POST", "/conversations/{id}/customers")
def add(call: Call) -> Result:
    """Add a contact to a conversation; an e-mail address that nobody has becomes a lead."""
    row = lookups.conversation(call, call.params["id"])
    given = call.fields.mapping("customer")
    # On behalf of a contact, that contact comes first and holds the one to be added.
    nested = given.get("customer")
    author = _author(call, given if nested else None)
    contact = _contact(call, nested or given)
    if contact["id"] not in _present(call, row):
        call.store.insert("participants", thread_id=row["id"], contact_id=contact["id"], at=call.now)
        threads.add_part(call, row["id"], ThreadPart("participant_added", author))
        threads.change(call, row)
        call.notify("contact", "added to a conversation", "assumed", row["id"])
    return {"customers": [shapes.reference(contact["role"], contact["id"])]}


def _author(call: Call, on_behalf_of: JsonObject | None) -> JsonObject:
    if on_behalf_of is not None:
        person = {name: value for name, value in on_behalf_of.items() if name != "customer"}
        return shapes.contact_author(_contact(call, person))
    return shapes.admin_author(lookups.admin(call, call.fields.needed("admin_id")))


def _contact(call: Call, given: Any) -> sqlite3.Row:  # noqa: ANN401 - not yet checked
    keys = [name for name in _KEYS if isinstance(given, dict) and name in given]
    if len(keys) != 1 or not isinstance(given[keys[0]], str) or not given[keys[0]]:
        raise invalid("customer must be an object with exactly one of intercom_user_id, user_id and email")
    value = given[keys[0]]
    if keys[0] == "intercom_user_id":
        return lookups.contact(call, value)
    row = lookups.contact_by(call, _KEYS[keys[0]], value)
    if row is not None:
        return row
    if keys[0] == "user_id":
        raise user_not_found()
    return lookups.contact(call, contacts.insert_lead(call, value))


def _present(call: Call, row: sqlite3.Row) -> list[str]:
    people = call.store.all("SELECT contact_id FROM thread_people WHERE thread_id=?", [row["id"]])
    return [person["contact_id"] for person in people]


@routes("DELETE", "/conversations/{id}/customers/{contact_id}")
def remove(call: Call) -> Result:
    """Take a contact out of a conversation; the last one stays."""
    row = lookups.conversation(call, call.params["id"], not_found())
    admin = lookups.admin(call, call.fields.needed("admin_id"))
    contact = lookups.contact(call, call.params["contact_id"])
    present = _present(call, row)
    if contact["id"] not in present:
        raise user_not_found()
    if len(present) == 1:
        raise invalid("Removing the last customer is not allowed", status=422)
    if contact["id"] == row["contact_id"]:
        _give_to_next(call, row)
    else:
        _leave(call, row["id"], contact["id"])
    threads.add_part(call, row["id"], ThreadPart("participant_removed", shapes.admin_author(admin)))
    threads.change(call, row)
    return {"customers": [shapes.reference(contact["role"], contact["id"])]}


def _leave(call: Call, thread_id: int, contact_id: str) -> None:
    call.store.run("DELETE FROM participants WHERE thread_id=? AND contact_id=?", thread_id, contact_id)


def _give_to_next(call: Call, row: sqlite3.Row) -> None:
    """The conversation goes to who came to it next; its opening message stays whose it was."""
    following = call.store.scalar(
        "SELECT contact_id FROM participants WHERE thread_id=? ORDER BY at, contact_id", [row["id"]]
    )
    _leave(call, row["id"], following)
    author = row["author_id"] or row["contact_id"]
    call.store.update("threads", row["id"], contact_id=following, author_id=author)
