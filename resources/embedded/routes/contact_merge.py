"""Merging a lead into a user; cannot be undone."""

import sqlite3

from resources.embedded import lookups
from resources.embedded.errors import ApiError
from resources.embedded.routes.contacts import document
from resources.embedded.routing import Call, Result, Routes

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
    call.store.run("UPDATE threads SET contact_id=? WHERE contact_id=?", user["id"], lead["id"])
    _move_companies(call, lead["id"], user["id"])
    call.store.update("contacts", lead["id"], merged_into=user["id"], updated_at=call.now)
    return document(call, user["id"])


def _alike(lead: sqlite3.Row, user: sqlite3.Row) -> bool:
    return any(lead[name] and lead[name] == user[name] for name in ("email", "phone"))


def _move_companies(call: Call, lead: str, user: str) -> None:
    call.store.run("UPDATE OR IGNORE contact_companies SET contact_id=? WHERE contact_id=?", user, lead)
    # What is left are companies that both had: each loses one contact.
    shared = "SELECT company_id FROM contact_companies WHERE contact_id=?"
    call.store.run(f"UPDATE companies SET user_count=user_count-1 WHERE id IN ({shared})", lead)
    call.store.run("DELETE FROM contact_companies WHERE contact_id=?", lead)
