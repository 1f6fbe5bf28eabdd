"""Contacts: create, read, update, archive, delete."""

import json
import re
import secrets
import sqlite3
import uuid
from typing import Any

from resources.embedded import lookups, shapes
from resources.embedded.custom_values import merge_people_data
from resources.embedded.errors import ApiError, conflict, invalid, user_not_found
from resources.embedded.routing import Call, Result, Routes
from resources.embedded.store import to_json

routes = Routes()

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PLAIN = ("phone", "name", "avatar")


def new_key(call: Call, sequence: str) -> tuple[int, str]:
    """Return the next ordinal of a kind and a fresh id of 24 hex digits that begins with the time."""
    ordinal = call.store.next_id(sequence)
    return ordinal, f"{call.now & 0xFFFFFFFF:08x}{secrets.token_hex(5)}{ordinal & 0xFFFFFF:06x}"


def document(call: Call, key: str) -> Result:
    """The whole contact."""
    row = call.store.all("SELECT * FROM contacts WHERE id=?", [key])[0]
    return shapes.contact(call.store, row, call.workspace.id_code)


@routes("POST", "/contacts")
def create(call: Call) -> Result:
    """Create a contact; a user whose external_id or email exists is refused with 409."""
    if not any(call.fields.raw(name) for name in ("email", "external_id", "role")):
        raise invalid("email, external_id or role is required")
    columns = _columns(call)
    columns["role"] = columns.get("role") or "user"
    _check_identity(columns["role"], columns.get("external_id"), columns.get("email"))
    if columns["role"] == "lead":
        columns["external_id"] = str(uuid.uuid4())
    else:
        _check_unique(call, columns.get("external_id"), columns.get("email"), None)
    attributes = merge_people_data(call.store, "contact", {}, call.fields.mapping("custom_attributes"))
    return document(call, insert(call, columns, attributes))


def insert(call: Call, columns: dict[str, Any], attributes: dict[str, Any]) -> str:
    """Store a new contact and return its id."""
    seq, key = new_key(call, "contact")
    stamps = {"created_at": call.now, "updated_at": call.now, "indexed_at": call.now}
    call.store.insert("contacts", seq=seq, id=key, custom_attributes=to_json(attributes), **stamps, **columns)
    return key


def _check_identity(role: str, external_id: str | None, email: str | None) -> None:
    if role == "lead" and external_id:
        raise invalid("external_id cannot be set for a lead")
    if role == "user" and not external_id and not email:
        raise invalid("A user needs an external_id or an email")


def _columns(call: Call) -> dict[str, Any]:
    """The columns that the body sets; raises 400 for a wrong type, address or owner."""
    fields = call.fields
    columns: dict[str, Any] = {name: fields.text(name) for name in _PLAIN if fields.given(name)}
    if fields.given("role"):
        columns["role"] = fields.text("role", choices=("user", "lead"))
    if fields.given("external_id"):
        columns["external_id"] = fields.text("external_id") or None
    if fields.given("email"):
        columns["email"] = _email(fields.text("email"))
    if fields.boolean("email_verified") is not None and not columns.get("email"):
        raise invalid("email_verified must come with email")
    columns |= {name: fields.time(name) for name in ("signed_up_at", "last_seen_at") if fields.given(name)}
    if fields.given("unsubscribed_from_emails"):
        columns["unsubscribed"] = int(fields.boolean("unsubscribed_from_emails") or False)
    if fields.given("owner_id"):
        columns["owner_id"] = _owner(call)
    return columns


def _email(given: str | None) -> str | None:
    email = (given or "").strip().lower()
    if email and not _EMAIL.fullmatch(email):
        raise invalid("Email is invalid")
    return email or None


def _owner(call: Call) -> str | None:
    owner = call.fields.text("owner_id")
    if owner is not None:
        lookups.admin(call, owner, absent=invalid("owner_id is not an admin of this workspace"))
    return owner


def _check_unique(call: Call, external_id: str | None, email: str | None, own_id: str | None) -> None:
    """Users are unique by external_id and by email, archived ones included; leads are exempt."""
    for column, value in (("external_id", external_id), ("email", email)):
        twin = value and call.store.one(
            f"SELECT id, archived FROM contacts WHERE {column}=? AND role='user' AND merged_into IS NULL "
            "AND id IS NOT ? ORDER BY seq LIMIT 1",
            *(value, own_id),
        )
        if twin:
            raise conflict(twin["id"], archived=bool(twin["archived"]))


@routes("PUT", "/contacts/{id}")
def update(call: Call) -> Result:
    """Change what the body names; null clears."""
    row = lookups.contact(call, call.params["id"])
    columns = _columns(call)
    after = {**{name: row[name] for name in ("role", "external_id", "email")}, **columns}
    after["role"] = after["role"] or row["role"]
    if after["role"] == "user":
        _check_identity("user", after["external_id"], after["email"])
        _check_unique(call, after["external_id"], after["email"], row["id"])
    elif columns.get("external_id"):
        _check_identity("lead", columns["external_id"], None)
    present = json.loads(row["custom_attributes"])
    attributes = merge_people_data(call.store, "contact", present, call.fields.mapping("custom_attributes"))
    columns |= {"role": after["role"], "custom_attributes": to_json(attributes), "updated_at": call.now}
    call.store.update("contacts", row["id"], **columns)
    return document(call, row["id"])


@routes("GET", "/contacts/{id}")
def get(call: Call) -> Result:
    """One contact, archived or not."""
    row = lookups.contact(call, call.params["id"], archived=True)
    return shapes.contact(call.store, row, call.workspace.id_code)


@routes("GET", "/contacts/find_by_external_id/{external_id}", (2, 13))
def find_by_external_id(call: Call) -> Result:
    """One user by the caller's own id; leads and archived users are not found."""
    row = lookups.contact_by(call, "external_id", call.params["external_id"])
    if row is None or row["role"] != "user":
        raise user_not_found()
    return shapes.contact(call.store, row, call.workspace.id_code)


def _mark(row: sqlite3.Row, **changes: bool) -> Result:
    return {"type": "contact", "id": row["id"], "external_id": row["external_id"], **changes}


@routes("POST", "/contacts/{id}/archive")
def archive(call: Call) -> Result:
    """Archive: hidden, but its external_id and email stay taken."""
    row = lookups.contact(call, call.params["id"], archived=True)
    call.store.update("contacts", row["id"], archived=1, updated_at=call.now)
    return _mark(row, archived=True)


@routes("POST", "/contacts/{id}/unarchive")
def unarchive(call: Call) -> Result:
    """Bring an archived contact back; one that was merged is gone for good."""
    merged = call.store.one("SELECT 1 FROM contacts WHERE id=? AND merged_into IS NOT NULL", call.params["id"])
    if merged is not None:
        raise ApiError(400, "bad_request", "User has been merged and is not restorable")
    row = lookups.contact(call, call.params["id"], archived=True)
    call.store.update("contacts", row["id"], archived=0, updated_at=call.now)
    return _mark(row, archived=False)


@routes("DELETE", "/contacts/{id}")
def delete(call: Call) -> Result:
    """Delete for good: its external_id and email are free again."""
    row = lookups.contact(call, call.params["id"], archived=True)
    call.store.run(
        "UPDATE companies SET user_count=user_count-1 WHERE id IN "
        "(SELECT company_id FROM contact_companies WHERE contact_id=?)",
        row["id"],
    )
    call.store.run("DELETE FROM contact_companies WHERE contact_id=?", row["id"])
    call.store.run("DELETE FROM contacts WHERE id=?", row["id"])
    return _mark(row, deleted=True)
