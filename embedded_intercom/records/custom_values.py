"""Values of custom attributes: do they exist, and do they have their attribute's type."""

import json
import sqlite3
from datetime import datetime
from typing import Any

from embedded_intercom.protocol.checks import JsonObject
from embedded_intercom.protocol.errors import invalid
from embedded_intercom.state.store import Store

MAX_STRING = 255


def merge_people_data(store: Store, model: str, present: JsonObject, given: JsonObject) -> JsonObject:
    """Return a contact's or company's custom attributes after a write; null removes one.

    Raises:
        ApiError: 400 for an attribute that does not exist, is archived, or has another type.
    """
    merged = dict(present)
    for name, value in given.items():
        attribute = store.one(
            "SELECT data_type, options FROM data_attributes WHERE model=? AND name=? AND archived=0", model, name
        )
        if attribute is None:
            raise invalid(f"Custom attribute '{name}' does not exist")
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = _people_value(name, attribute, value)
    return merged


def _people_value(name: str, attribute: sqlite3.Row, value: object) -> object:
    options = json.loads(attribute["options"]) if attribute["options"] else None
    if options is not None and value not in options:
        raise invalid(f"Custom attribute '{name}' must be one of its options")
    kind = "string" if attribute["data_type"] == "options" else attribute["data_type"]
    check_type(name, kind, value)
    if kind == "string" and len(str(value)) > MAX_STRING:
        raise invalid(f"Custom attribute '{name}' is too long (maximum is {MAX_STRING} characters)")
    return value


_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "float": (int, float),
    "decimal": (int, float),
    "boolean": (bool,),
    "date": (int,),
    "datetime": (int,),
    "files": (list,),
    "relationship": (list,),
}


def check_type(name: str, kind: str, value: object) -> None:
    """Refuse a value that is not of its attribute's type; a boolean is never a number (400)."""
    allowed = _TYPES[kind]
    if not isinstance(value, allowed) or (isinstance(value, bool) and bool not in allowed):
        raise invalid(f"Attribute '{name}' must be of type {kind}")


def as_instant(name: str, value: object) -> int:
    """Read a datetime attribute: unix seconds, or ISO 8601 with an offset (400 otherwise)."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    try:
        instant = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise invalid(f"Attribute '{name}' must be a datetime")
    return int(instant.timestamp())


def ticket_value(attribute: JsonObject, value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Check one ticket attribute's value and return it as it is kept; a list's value is its item's id.

    Raises:
        ApiError: 400 for another type, or a list value that is not the id of an active item.
    """
    name, kind = attribute["name"], attribute["data_type"]
    if kind == "datetime":
        return as_instant(name, value)
    if kind != "list":
        check_type(name, kind, value)
        return value
    items = attribute["input_options"]["list_options"]
    if value not in {item["id"] for item in items if not item["archived"]}:
        raise invalid(f"Attribute '{name}' must be the id of one of its list items")
    return value
