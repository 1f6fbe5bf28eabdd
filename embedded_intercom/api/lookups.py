"""Finds what a call refers to by id, or refuses as Intercom does."""

import sqlite3

from embedded_intercom.api.freshness import refuse_fresh
from embedded_intercom.api.routing import Call
from embedded_intercom.protocol.checks import number
from embedded_intercom.protocol.errors import ApiError, not_found, user_not_found


def contact(call: Call, key: str, *, archived: bool = False) -> sqlite3.Row:
    """Return a contact; raises 410 with a Link for a merged one, 404 for an unknown or (unless asked) archived one."""
    row = call.store.one("SELECT * FROM contacts WHERE id=?", key)
    if row is not None and row["merged_into"]:
        link = f'</contacts/{row["merged_into"]}>; rel="canonical"'
        message = "This contact has been merged. See the 'Link' header for the canonical contact."
        raise ApiError(410, "contact_merged", message, headers={"Link": link})
    if row is None or (row["archived"] and not archived):
        raise user_not_found()
    refuse_fresh(call, key, user_not_found())
    return row


def contact_by(call: Call, column: str, value: str) -> sqlite3.Row | None:
    """Return the contact with this external_id or email, users before leads, or None."""
    value = value.strip().lower() if column == "email" else value
    return call.store.one(
        f"SELECT * FROM contacts WHERE {column}=? AND archived=0 AND merged_into IS NULL "
        "ORDER BY role='user' DESC, seq LIMIT 1",
        value,
    )


def company(call: Call, key: str) -> sqlite3.Row:
    """Return a company by Intercom's id; 404 `company_not_found` otherwise."""
    row = call.store.one("SELECT * FROM companies WHERE id=? AND archived=0", key)
    if row is None:
        raise not_found("Company Not Found", "company_not_found")
    return row


def company_by(call: Call, company_id: str) -> sqlite3.Row:
    """Return a company by the caller's own id; 404 `company_not_found` otherwise."""
    row = call.store.one("SELECT * FROM companies WHERE company_id=? AND archived=0", company_id)
    if row is None:
        raise not_found("Company Not Found", "company_not_found")
    return row


def own_admin(call: Call) -> sqlite3.Row:
    """Return the admin that the token belongs to."""
    return call.store.all("SELECT * FROM admins ORDER BY id LIMIT 1")[0]


def admin(call: Call, key: str | int, absent: ApiError | None = None) -> sqlite3.Row:
    """Return an admin; raises `absent`, or 404 `admin_not_found`."""
    value = number(str(key))
    row = None if value is None else call.store.one("SELECT * FROM admins WHERE id=?", value)
    if row is None:
        raise absent or not_found("Admin not found", "admin_not_found")
    return row


def team(call: Call, key: str, absent: ApiError | None = None) -> sqlite3.Row:
    """Return a team; raises `absent`, or 404 `team_not_found`."""
    value = number(key)
    row = None if value is None else call.store.one("SELECT * FROM teams WHERE id=?", value)
    if row is None:
        raise absent or not_found("Team not found", "team_not_found")
    return row


def tag(call: Call, key: str, absent: ApiError | None = None) -> sqlite3.Row:
    """Return a tag; raises `absent`, or 404 `tag_not_found`."""
    value = number(key)
    row = None if value is None else call.store.one("SELECT * FROM tags WHERE id=?", value)
    if row is None:
        raise absent or not_found("Tag not found", "tag_not_found")
    return row


def ticket(call: Call, key: str, absent: ApiError | None = None) -> sqlite3.Row:
    """Return a ticket; raises `absent`, or 404 `ticket_not_found`."""
    value = number(key)
    row = None if value is None else call.store.one("SELECT * FROM threads WHERE id=? AND category IS NOT NULL", value)
    if row is None:
        raise absent or not_found("Ticket not found", "ticket_not_found")
    refuse_fresh(call, key, absent or not_found("Ticket not found", "ticket_not_found"))
    return row


def conversation(call: Call, key: str, absent: ApiError | None = None) -> sqlite3.Row:
    """Return a conversation or Customer ticket (which is one); raises `absent`, or 404."""
    if key == "last":
        row = call.store.one("SELECT * FROM threads WHERE category IS NULL ORDER BY id DESC LIMIT 1")
    else:
        value = number(key)
        where = "id=? AND (category IS NULL OR category='Customer')"
        row = None if value is None else call.store.one(f"SELECT * FROM threads WHERE {where}", value)
    if row is None:
        raise absent or not_found()
    refuse_fresh(call, row["id"], absent or not_found())
    return row
