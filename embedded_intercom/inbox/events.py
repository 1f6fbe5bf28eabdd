"""What happened in a thread beside its messages, as one sentence each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Document = Mapping[str, Any]

MESSAGES = frozenset({"comment", "note", "quick_reply"})
"""Part types that are somebody's words."""


@dataclass(frozen=True)
class NameLookup:
    """What the ids in a thread's parts stand for."""

    admins: Mapping[str, str]
    teams: Mapping[str, str]
    states: Mapping[str, str]
    """Labels of ticket states, by category."""
    options: Mapping[str, str] = field(default_factory=dict)
    """Labels of list items, by id; a part has the id alone."""


def is_message(part: Document) -> bool:
    """Whether a part is a message; a contact's reply that reopens has the type `open` and a body."""
    return part["part_type"] in MESSAGES or bool(part.get("body")) or bool(part.get("attachments"))


def sentence(part: Document, names: NameLookup) -> str:
    """Return what a part that is no message (or more than one) did."""
    kind = part["part_type"]
    who = part["author"].get("name") or part["author"]["type"]
    simple = {
        "close": "closed the conversation",
        "open": "opened the conversation again",
        "snoozed": "snoozed the conversation",
    }
    if kind in simple:
        return f"{who} {simple[kind]}"
    if kind == "assignment":
        return f"{who} {_assigned(part, names)}"
    if kind == "ticket_state_updated_by_admin":
        return _state(part, names, who)
    if kind == "ticket_attribute_updated_by_admin":
        return f"{who} {_attribute(part, names)}"
    return f"{who}: {kind.replace('_', ' ')}"


def _assigned(part: Document, names: NameLookup) -> str:
    to = part.get("assigned_to")
    if not to:
        return "took the assignment away"
    known = names.teams if to["type"] == "team" else names.admins
    return f"assigned the conversation to {known.get(to['id'], to['id'])}"


def _state(part: Document, names: NameLookup, who: str) -> str:
    now, before = part.get("ticket_state"), part.get("previous_ticket_state")
    label = names.states.get(str(now), str(now))
    if now == before:
        return f"Ticket created as {label}" if part["author"]["type"] == "bot" else f"{who} kept the state {label}"
    return f"{who} set the state to {label}"


def _attribute(part: Document, names: NameLookup) -> str:
    changed = part.get("updated_attribute_data") or {}
    name = (changed.get("attribute") or {}).get("label") or "an attribute"
    value = (changed.get("value") or {}).get("label")
    return f"set {name} to {names.options.get(value, value)}" if value else f"emptied {name}"
