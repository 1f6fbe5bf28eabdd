"""Merging a lead into a user, which cannot be undone."""

import sqlite3

from embedded_intercom.api import lookups
from embedded_intercom.api.routing import Call, Result, Routes
from embedded_intercom.protocol.errors import ApiError
from embedded_intercom.routes.contacts import document

routes = Routes()

_NOT_DUPLICATES = (
    "Contacts can only be merged when they are duplicates (matching email or phone). "
    "Pass skip_duplicate_validation=true to override this check."
)


@routes("POST", "/contacts/merge")
def merge(call: Call) -> Result:
    """Merge `from` (a lead) into `into` (a user); `from` answers 410 from then on."""
    lead = lookups.contact(call, call.fields.needed("from"))
    user = lookups.contact(call, call.fields.needed("into"))
    if (lead["role"], user["role"]) != ("lead", "user"):
        raise ApiError(400, "invalid_merge", "Only a lead can be merged into a user")
    if not call.fields.boolean("skip_duplicate_validation") and not _alike(lead, user):
        raise ApiError(400, "invalid_merge", _NOT_DUPLICATES)
    _move(call, lead["id"], user["id"])
    call.store.update("contacts", lead["id"], merged_into=user["id"], updated_at=call.now)
    call.store.insert(
        "contact_merges", into_id=user["id"], source_id=lead["id"], source_role=lead["role"], merged_at=call.now
    )
    return document(call, user["id"])


def _alike(lead: sqlite3.Row, user: sqlite3.Row) -> bool:
    return any(lead[name] and lead[name] == user[name] for name in ("email", "phone"))


def _move(call: Call, lead: str, user: str) -> None:
    """Give the user everything of the lead: conversations, tags, notes, companies, earlier merges."""
    run = call.store.run
    run("UPDATE threads SET contact_id=? WHERE contact_id=?", user, lead)
    run("UPDATE threads SET author_id=? WHERE author_id=?", user, lead)
    run("UPDATE notes SET contact_id=? WHERE contact_id=?", user, lead)
    run("UPDATE contact_merges SET into_id=? WHERE into_id=?", user, lead)
    for table in ("contact_companies", "contact_tags"):
        run(f"UPDATE OR IGNORE {table} SET contact_id=? WHERE contact_id=?", user, lead)
    # What is left is what both had: each such company loses one contact.
    shared = "SELECT company_id FROM contact_companies WHERE contact_id=?"
    run(f"UPDATE companies SET user_count=user_count-1 WHERE id IN ({shared})", lead)
    for table in ("contact_companies", "contact_tags"):
        run(f"DELETE FROM {table} WHERE contact_id=?", lead)
