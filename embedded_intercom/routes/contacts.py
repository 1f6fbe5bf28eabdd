"""Contacts: create, read, update, archive, block, delete."""

import json
import re
import secrets
import sqlite3
import uuid
from typing import Any

from embedded_intercom.api import lookups
from embedded_intercom.api.freshness import note_made
from embedded_intercom.api.routing import Call, Result, Routes
from embedded_intercom.protocol.checks import JsonObject
from embedded_intercom.protocol.errors import ApiError, conflict, invalid, user_not_found
from embedded_intercom.records import shapes, threads
from embedded_intercom.records.custom_values import merge_people_data
from embedded_intercom.records.rewriting import kept_phone, kept_text, shown_change
from embedded_intercom.state.store import to_json

routes = Routes()

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PLAIN = ("phone", "name", "avatar")


def new_key(call: Call, sequence: str) -> tuple[int, str]:
    """Return the next ordinal of a kind and a fresh id of 24 hex digits that begins with the time."""
    ordinal = call.store.next_id(sequence)
    return ordinal, f"{call.now & 0xFFFFFFFF:08x}{secrets.token_hex(5)}{ordinal & 0xFFFFFF:06x}"


def document(call: Call, key: str) -> JsonObject:
    """The whole contact as it is now."""
    return rendered(call, call.store.all("SELECT * FROM contacts WHERE id=?", [key])[0])


def rendered(call: Call, row: sqlite3.Row) -> JsonObject:
    """The whole contact, with a user's merge history where the call asks for it (2.16)."""
    whole = shapes.contact(call.store, row, call.workspace.id_code)
    whole["updated_at"] = shown_change(call, whole["updated_at"])
    if not row["email"] and call.behaves("missing_email") == "null":
        whole |= {"email": None, "email_domain": None}
    asked = call.query.get("include_merge_history") == "true" and call.version >= (2, 16)
    if asked and row["role"] == "user":
        merges = call.store.all("SELECT * FROM contact_merges WHERE into_id=? ORDER BY id DESC", [row["id"]])
        whole["merge_history"] = [merge_document(merge) for merge in merges]
    return whole


def merge_document(merge: sqlite3.Row) -> JsonObject:
    """One contact that was merged into another."""
    source = {"source_contact_id": merge["source_id"], "source_contact_role": merge["source_role"]}
    return {"type": "merge_history", **source, "merged_at": merge["merged_at"]}


@routes("POST", "/contacts")
def create(call: Call) -> Result:
    """Create a contact; a user whose external_id or email exists is refused with 409."""
    return document(call, create_contact(call))


def create_contact(call: Call) -> str:
    """Create the contact of the call's body and return its id; raises like the endpoint."""
    if not any(call.fields.raw(name) for name in ("email", "external_id", "role")):
        raise invalid("email, external_id or role is required")
    columns = _columns(call)
    columns["role"] = columns.get("role") or call.behaves("default_role")
    _check_identity(call, columns)
    if columns["role"] == "lead":
        columns["external_id"] = str(uuid.uuid4())
    else:
        _check_unique(call, columns.get("external_id"), columns.get("email"), None)
    attributes = merge_people_data(call.store, "contact", {}, call.fields.mapping("custom_attributes"))
    return insert(call, columns, attributes)


def insert(call: Call, columns: dict[str, Any], attributes: dict[str, Any]) -> str:
    """Store a new contact and return its id."""
    seq, key = new_key(call, "contact")
    stamps = {"created_at": call.now, "updated_at": call.now, "indexed_at": call.now}
    note_made(call, key)
    call.store.insert("contacts", seq=seq, id=key, custom_attributes=to_json(attributes), **stamps, **columns)
    return key


def _check_identity(call: Call, columns: dict[str, Any]) -> None:
    """A lead's external_id is generated; a user needs one, or an e-mail address."""
    external_id = columns.get("external_id")
    if columns["role"] == "lead" and external_id and call.behaves("lead_external_id") == "refuse":
        raise invalid("external_id cannot be set for a lead")
    if columns["role"] == "user" and not external_id and not columns.get("email"):
        raise invalid("A user needs an external_id or an email")


def _columns(call: Call) -> dict[str, Any]:
    """The columns that the body sets; raises 400 for a wrong type, address or owner."""
    fields = call.fields
    columns: dict[str, Any] = {name: fields.text(name) for name in _PLAIN if fields.given(name)}
    for name, kept in (("name", kept_text), ("phone", kept_phone)):
        if name in columns:
            columns[name] = kept(call, columns[name])
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
    if call.preview and fields.given("language_override"):
        columns["language_override"] = fields.text("language_override")
    return columns


def _email(given: str | None) -> str | None:
    email = (given or "").strip().lower()
    if email and not _EMAIL.fullmatch(email):
        raise invalid("Email is invalid")
    return email or None


def _owner(call: Call) -> str | None:
    # A string since 2.16, an integer before.
    given = call.fields.text("owner_id") if call.version >= (2, 16) else call.fields.integer("owner_id")
    if given is None:
        return None
    lookups.admin(call, given, absent=invalid("owner_id is not an admin of this workspace"))
    return str(given)


def _check_unique(call: Call, external_id: str | None, email: str | None, own_id: str | None) -> None:
    """Users are unique by external_id and by email, leads are exempt; archived ones count unless they are free."""
    # Under the other choice, two users with external ids of their own may share an e-mail address.
    shared = external_id and call.behaves("same_email") == "allow"
    active = "AND archived=0" if call.behaves("archived_contact") == "free" else ""
    for column, value, more in (
        ("external_id", external_id, ""),
        ("email", email, "AND external_id IS NULL" if shared else ""),
    ):
        twin = value and call.store.one(
            f"SELECT id, archived FROM contacts WHERE {column}=? AND role='user' AND merged_into IS NULL {more} "
            f"{active} AND id IS NOT ? ORDER BY seq LIMIT 1",
            *(value, own_id),
        )
        if twin:
            raise conflict(twin["id"], archived=bool(twin["archived"]))


@routes("PUT", "/contacts/{id}")
def update(call: Call) -> Result:
    """Change what the body names; null clears."""
    return document(call, update_contact(call))


def update_contact(call: Call) -> str:
    """Change the contact of the call's path by its body and return its id; raises like the endpoint."""
    row = lookups.contact(call, call.params["id"])
    columns = _columns(call)
    after = {**{name: row[name] for name in ("role", "external_id", "email")}, **columns}
    after["role"] = after["role"] or row["role"]
    if after["role"] == "user":
        _check_identity(call, after)
        _check_unique(call, after["external_id"], after["email"], row["id"])
    elif columns.pop("external_id", None) is not None:
        _check_identity(call, after)
    present = json.loads(row["custom_attributes"])
    attributes = merge_people_data(call.store, "contact", present, call.fields.mapping("custom_attributes"))
    columns |= {"role": after["role"], "custom_attributes": to_json(attributes), "updated_at": call.now}
    call.store.update("contacts", row["id"], **columns)
    return str(row["id"])


@routes("GET", "/contacts/{id}")
def get(call: Call) -> Result:
    """One contact, archived or not."""
    return rendered(call, lookups.contact(call, call.params["id"], archived=True))


@routes("GET", "/contacts/find_by_external_id/{external_id}", (2, 13))
def find_by_external_id(call: Call) -> Result:
    """One user by the caller's own id; leads and archived users are not found, a merged contact is gone (410)."""
    given = call.params["external_id"]
    row = lookups.contact_by(call, "external_id", given)
    if row is not None and row["role"] == "user":
        return rendered(call, row)
    merged = call.store.scalar("SELECT id FROM contacts WHERE external_id=? AND merged_into IS NOT NULL", [given])
    if merged is not None:
        lookups.contact(call, merged)
    raise user_not_found()


def _mark(row: sqlite3.Row, **changes: bool) -> JsonObject:
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
    """Delete for good: its external_id and email are free again; its notes and conversations go with it."""
    row = lookups.contact(call, call.params["id"], archived=True)
    remove(call, row["id"])
    return _mark(row, deleted=True)


def remove(call: Call, key: str) -> None:
    """Delete a contact and what hangs on it, its conversations too, as Intercom's help center says."""
    for thread in call.store.all("SELECT * FROM threads WHERE contact_id=?", [key]):
        threads.remove(call, thread)
    call.store.run(
        "UPDATE companies SET user_count=user_count-1 WHERE id IN "
        "(SELECT company_id FROM contact_companies WHERE contact_id=?)",
        key,
    )
    for table in ("contact_companies", "contact_tags", "notes"):
        call.store.run(f"DELETE FROM {table} WHERE contact_id=?", key)
    call.store.run("DELETE FROM contacts WHERE id=?", key)
