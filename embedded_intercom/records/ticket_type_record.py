"""Ticket types as they are used: their attributes by name, their document, checking what is written to them."""

import json
from dataclasses import dataclass
from typing import Any

from embedded_intercom.api.routing import Call
from embedded_intercom.api.workspace import RunningWorkspace
from embedded_intercom.protocol.checks import JsonObject, number
from embedded_intercom.protocol.errors import ApiError, invalid, not_found
from embedded_intercom.records.custom_values import ticket_value
from embedded_intercom.state.store import to_json


@dataclass(frozen=True)
class TicketTypeRecord:
    """One ticket type with everything that belongs to it."""

    id: int
    category: str
    archived: bool
    document: JsonObject
    rendered: str
    attributes: dict[str, JsonObject]
    """Active attributes by name."""


def states(workspace: RunningWorkspace) -> list[JsonObject]:
    """The workspace's ticket states in order."""
    rows = workspace.store.all("SELECT * FROM ticket_states ORDER BY id")
    keys = ("category", "internal_label", "external_label")
    return [{"type": "ticket_state", "id": str(row["id"]), **{key: row[key] for key in keys}} for row in rows]


def state(workspace: RunningWorkspace, key: int) -> JsonObject:
    """One ticket state; kept, for states never change."""
    known = workspace.documents.setdefault("states", {entry["id"]: entry for entry in states(workspace)})
    found: JsonObject = known[str(key)]
    return found


def first_state(workspace: RunningWorkspace) -> int:
    """The state that a new ticket gets: the first one of the category submitted."""
    return next(int(entry["id"]) for entry in states(workspace) if entry["category"] == "submitted")


def load(workspace: RunningWorkspace, key: int) -> TicketTypeRecord | None:
    """Return a ticket type, rendered once until it is changed; None when there is none."""
    kept = workspace.documents.get(f"ticket_type:{key}")
    if kept is None:
        kept = _read(workspace, key)
        if kept is not None:
            workspace.documents[f"ticket_type:{key}"] = kept
    return kept


def forget(workspace: RunningWorkspace, key: int) -> None:
    """Drop the rendered type after a change."""
    workspace.documents.pop(f"ticket_type:{key}", None)


def _read(workspace: RunningWorkspace, key: int) -> TicketTypeRecord | None:
    row = workspace.store.one("SELECT * FROM ticket_types WHERE id=?", key)
    if row is None:
        return None
    found = workspace.store.all("SELECT doc FROM ticket_type_attributes WHERE ticket_type_id=? ORDER BY id", [key])
    attributes = [json.loads(entry["doc"]) for entry in found]
    document = {
        "type": "ticket_type",
        "id": str(row["id"]),
        **{name: row[name] for name in ("name", "description", "icon", "category", "created_at", "updated_at")},
        "workspace_id": workspace.id_code,
        "archived": bool(row["archived"]),
        "is_internal": bool(row["is_internal"]),
        "ticket_type_attributes": {"type": "list", "data": attributes},
        "ticket_states": {"type": "list", "data": states(workspace)},
    }
    active = {entry["name"]: entry for entry in attributes if not entry["archived"]}
    return TicketTypeRecord(key, row["category"], bool(row["archived"]), document, to_json(document), active)


def named(call: Call, given: str) -> TicketTypeRecord:
    """Return the active ticket type that a write names; 404 otherwise."""
    key = number(given)
    found = None if key is None else load(call.workspace, key)
    if found is None or found.archived:
        raise not_found("Ticket type not found")
    return found


def named_state(call: Call, given: str, absent: ApiError | None = None) -> int:
    """Return the ticket state that a write names; raises `absent`, or 400 `ticket_state_id_invalid`."""
    key = number(given)
    if key is None or call.store.one("SELECT 1 FROM ticket_states WHERE id=?", key) is None:
        message = "Ticket state id is not valid or is not associated with the ticket type"
        raise absent or ApiError(400, "ticket_state_id_invalid", message)
    return key


def check(kind: TicketTypeRecord, given: dict[str, Any], present: JsonObject | None = None) -> JsonObject:
    """Return a ticket's attributes after a write; null removes one. `present` is None for a new ticket.

    Raises:
        ApiError: 400 for unknown attributes, missing required ones, or values of another type.
    """
    extra = [name for name in given if name not in kind.attributes]
    if extra:
        raise invalid(f"Extra attributes provided that are not found on ticket type: {', '.join(extra)}")
    merged = dict(present or {})
    for name, value in given.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = ticket_value(kind.attributes[name], value)
    needed = [name for name, entry in kind.attributes.items() if entry["required_to_create"]]
    if present is None and any(merged.get(name) in (None, "") for name in needed):
        raise invalid("Missing required ticket attributes")
    return merged
