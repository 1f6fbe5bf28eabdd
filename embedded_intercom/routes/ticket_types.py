"""Ticket types, their attributes, and the ticket states."""

import json
import sqlite3
import uuid
from typing import Any

from embedded_intercom.api.routing import Call, Result, Routes
from embedded_intercom.protocol.checks import JsonObject, number
from embedded_intercom.protocol.default_attributes import DEFAULT_DESCRIPTION, DEFAULT_TITLE
from embedded_intercom.protocol.errors import ApiError, invalid, not_found
from embedded_intercom.records import ticket_type_record
from embedded_intercom.state.store import to_json

routes = Routes()

CATEGORIES = ("Customer", "Back-office", "Tracker")
DATA_TYPES = ("string", "list", "integer", "decimal", "boolean", "datetime", "files")
_FLAGS = ("required_to_create", "required_to_create_for_contacts", "visible_on_create", "visible_to_contacts")


@routes("GET", "/ticket_types", (2, 9))
def list_types(call: Call) -> Result:
    """Every ticket type, archived ones too, not in pages."""
    found = [
        ticket_type_record.load(call.workspace, row["id"]) for row in call.store.all("SELECT id FROM ticket_types")
    ]
    return {"type": "list", "data": [kind.document for kind in found if kind]}


@routes("GET", "/ticket_types/{id}", (2, 9))
def get(call: Call) -> Result:
    """One ticket type."""
    return _type(call).document


def _type(call: Call) -> ticket_type_record.TicketTypeRecord:
    key = number(call.params["id"])
    found = None if key is None else ticket_type_record.load(call.workspace, key)
    if found is None:
        raise not_found()
    return found


@routes("POST", "/ticket_types", (2, 9))
def create(call: Call) -> Result:
    """Create a ticket type with the two attributes that every type has."""
    fields = call.fields
    key = call.store.next_id("ticket_type")
    call.store.insert(
        "ticket_types",
        id=key,
        name=fields.needed("name"),
        category=fields.text("category", choices=CATEGORIES) or "Customer",
        description=fields.text("description") or "",
        icon=fields.text("icon") or "🎟️",
        is_internal=int(fields.boolean("is_internal") or False),
        created_at=call.now,
        updated_at=call.now,
    )
    for name, multiline in ((DEFAULT_TITLE, False), (DEFAULT_DESCRIPTION, True)):
        options = {"multiline": multiline}
        _add(
            call, key, {"name": name, "description": "", "data_type": "string", "input_options": options}, default=True
        )
    return _fresh(call, key).document


def _fresh(call: Call, key: int) -> ticket_type_record.TicketTypeRecord:
    ticket_type_record.forget(call.workspace, key)
    found = ticket_type_record.load(call.workspace, key)
    if found is None:
        raise not_found()
    return found


@routes("PUT", "/ticket_types/{id}", (2, 9))
def update(call: Call) -> Result:
    """Change or archive a ticket type."""
    fields, found = call.fields, _type(call)
    changes: dict[str, Any] = {"updated_at": call.now}
    for name in ("name", "description", "icon"):
        if fields.given(name):
            changes[name] = fields.text(name) or ""
    if fields.given("category"):
        changes["category"] = fields.needed("category", CATEGORIES)
    for name in ("archived", "is_internal"):
        if fields.given(name):
            changes[name] = int(fields.boolean(name) or False)
    call.store.update("ticket_types", found.id, **changes)
    return _fresh(call, found.id).document


def _add(call: Call, type_id: int, given: JsonObject, *, default: bool = False) -> JsonObject:
    key = call.store.next_id("ticket_type_attribute")
    order = call.store.scalar("SELECT count(*) FROM ticket_type_attributes WHERE ticket_type_id=?", [type_id])
    document = {
        "type": "ticket_type_attribute",
        "id": str(key),
        "workspace_id": call.workspace.id_code,
        "order": order,
        "required_to_create": False,
        "required_to_create_for_contacts": False,
        "visible_on_create": True,
        "visible_to_contacts": True,
        **given,
        "default": default,
        "ticket_type_id": type_id,
        "archived": False,
        "created_at": call.now,
        "updated_at": call.now,
    }
    call.store.insert(
        "ticket_type_attributes", id=key, ticket_type_id=type_id, name=given["name"], doc=to_json(document)
    )
    return document


@routes("POST", "/ticket_types/{id}/attributes", (2, 9))
def create_attribute(call: Call) -> Result:
    """Add an attribute; a list's items come in one comma-separated string and get ids."""
    fields, found = call.fields, _type(call)
    name = fields.needed("name")
    description = fields.text("description")
    if description is None:
        raise invalid("description is a required parameter")
    kind = fields.needed("data_type", DATA_TYPES)
    if name in found.attributes:
        raise invalid(f"An attribute named '{name}' already exists on this ticket type")
    given: JsonObject = {
        "name": name,
        "description": description,
        "data_type": kind,
        "input_options": _options(call, kind),
    }
    given |= {flag: fields.boolean(flag) for flag in _FLAGS if fields.boolean(flag) is not None}
    document = _add(call, found.id, given)
    ticket_type_record.forget(call.workspace, found.id)
    return document


def _options(call: Call, kind: str) -> JsonObject:
    fields = call.fields
    items, multiline = fields.text("list_items"), fields.raw("multiline")
    several = fields.boolean("allow_multiple_values")
    if kind == "list":
        labels = _labels(items)
        return {"list_options": [_option(label) for label in labels]}
    if items is not None:
        raise invalid("list_items is only allowed for a list")
    if kind == "files":
        return {"allow_multiple_values": bool(several)}
    # The description has had both a string and a boolean here.
    return {"multiline": multiline in (True, "true")} if kind == "string" else {}


def _labels(items: str | None) -> list[str]:
    labels = [label.strip() for label in (items or "").split(",") if label.strip()]
    if not labels or len({label.casefold() for label in labels}) < len(labels):
        raise invalid("list_items must be a comma delimited string of different items")
    return labels


def _option(label: str) -> JsonObject:
    return {"id": str(uuid.uuid4()), "label": label, "archived": False}


@routes("PUT", "/ticket_types/{id}/attributes/{attribute_id}", (2, 9))
def update_attribute(call: Call) -> Result:
    """Change or archive an attribute; its type stays. Items left out of list_items are archived."""
    found = _type(call)
    row = _attribute(call, found.id)
    document: JsonObject = json.loads(row["doc"])
    if call.fields.boolean("archived") and document["default"]:
        raise invalid("A default attribute cannot be archived")
    document |= _changes(call)
    if call.fields.given("list_items") and document["data_type"] == "list":
        labels = _labels(call.fields.text("list_items"))
        document["input_options"] = {"list_options": _relabelled(document["input_options"]["list_options"], labels)}
    document["updated_at"] = call.now
    call.store.update(
        "ticket_type_attributes",
        row["id"],
        name=document["name"],
        archived=int(document["archived"]),
        doc=to_json(document),
    )
    ticket_type_record.forget(call.workspace, found.id)
    return document


def _attribute(call: Call, type_id: int) -> sqlite3.Row:
    absent: ApiError = not_found()
    key = call.key("attribute_id", absent)
    row = call.store.one("SELECT * FROM ticket_type_attributes WHERE id=? AND ticket_type_id=?", key, type_id)
    if row is None:
        raise absent
    return row


def _changes(call: Call) -> JsonObject:
    fields = call.fields
    changes: JsonObject = {
        name: fields.boolean(name) for name in (*_FLAGS, "archived") if fields.boolean(name) is not None
    }
    return changes | {name: fields.needed(name) for name in ("name", "description") if fields.given(name)}


def _relabelled(present: list[JsonObject], labels: list[str]) -> list[JsonObject]:
    known = {option["label"]: option for option in present}
    kept = [{**known.get(label, _option(label)), "archived": False} for label in labels]
    return kept + [{**option, "archived": True} for option in present if option["label"] not in labels]


@routes("GET", "/ticket_states", (2, 12))
def list_states(call: Call) -> Result:
    """The workspace's ticket states with the ticket types that use them: all of them."""
    keys = ("type", "id", "name", "description", "icon", "archived", "is_internal", "category")
    found = [
        ticket_type_record.load(call.workspace, row["id"]) for row in call.store.all("SELECT id FROM ticket_types")
    ]
    kinds = {"type": "list", "data": [{key: kind.document[key] for key in keys} for kind in found if kind]}
    data = [{**state, "archived": False, "ticket_types": kinds} for state in ticket_type_record.states(call.workspace)]
    return {"type": "list", "data": data}
