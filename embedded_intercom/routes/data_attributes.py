"""Data attributes of contacts and companies."""

import json
import sqlite3
import unicodedata
from typing import Any

from embedded_intercom.api.routing import Call, Result, Routes
from embedded_intercom.protocol.checks import JsonObject
from embedded_intercom.protocol.errors import ApiError, invalid
from embedded_intercom.state.store import to_json

routes = Routes()

TYPES = ("string", "integer", "float", "boolean", "datetime", "date", "options")
LIMIT = 250
WORDS = {"contact": "people", "company": "company"}
STANDARD = (
    *(("contact", name, "string") for name in ("name", "email", "phone", "external_id", "role", "owner_id")),
    *(("contact", name, "date") for name in ("created_at", "signed_up_at", "last_seen_at")),
    *(("company", name, "string") for name in ("name", "company_id", "website", "industry", "plan")),
    *(("company", name, "integer") for name in ("size", "monthly_spend")),
    ("company", "remote_created_at", "date"),
)
_SAME_NAME = "You already have '{name}' in your {there} data. To save this as new {here} data, use a different name."
_BAD_NAME = "Your name for this attribute must only contain alphanumeric characters, currency symbols, and hyphens"


def _document(row: sqlite3.Row) -> JsonObject:
    # Read back, a list of options is a string with options, and a datetime is a date.
    kind = {"options": "string", "datetime": "date"}.get(row["data_type"], row["data_type"])
    document: JsonObject = {
        "type": "data_attribute",
        "id": row["id"],
        "model": row["model"],
        "name": row["name"],
        "full_name": f"custom_attributes.{row['name']}",
        "label": row["name"],
        "description": row["description"] or "",
        "data_type": kind,
        "api_writable": True,
        "messenger_writable": bool(row["messenger_writable"]),
        "ui_writable": True,
        "custom": True,
        "archived": bool(row["archived"]),
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
    }
    return {**document, "options": json.loads(row["options"])} if row["options"] else document


def _standard(model: str, name: str, kind: str) -> JsonObject:
    return {
        "type": "data_attribute",
        "model": model,
        "name": name,
        "full_name": name,
        "label": name.replace("_", " ").capitalize(),
        "description": "",
        "data_type": kind,
        "api_writable": True,
        "messenger_writable": False,
        "ui_writable": False,
        "custom": False,
        "archived": False,
    }


@routes("GET", "/data_attributes")
def list_attributes(call: Call) -> Result:
    """The standard and custom attributes of a model (both without `model`); archived ones on request."""
    model = call.query.get("model")
    if model == "conversation" and call.version >= (2, 16):
        message = "model=conversation is no longer supported. Use GET /conversations/attributes instead"
        raise invalid(message, status=422)
    if model == "conversation":
        return {"type": "list", "data": []}
    if model is not None and model not in WORDS:
        raise invalid("The Data Attribute model field must be either contact or company", status=422)
    archived = call.query.get("include_archived") == "true"
    rows = call.store.all(
        "SELECT * FROM data_attributes WHERE (? IS NULL OR model=?) AND (archived=0 OR ?) ORDER BY id",
        [model, model, archived],
    )
    data = [_standard(*entry) for entry in STANDARD if model in (None, entry[0])]
    return {"type": "list", "data": data + [_document(row) for row in rows]}


@routes("POST", "/data_attributes")
def create(call: Call) -> Result:
    """Create an attribute; its name must be free in both models."""
    fields = call.fields
    model, name = fields.text("model"), (fields.text("name") or "").strip()
    if model not in WORDS:
        raise invalid("The Data Attribute model field must be either contact or company")
    if fields.raw("data_type") not in TYPES:
        raise invalid("Data Type isn't an option")
    _check_name(name)
    _check_free(call, name, model)
    kind = fields.needed("data_type")
    if kind == "string" and call.version < (2, 14) and fields.raw("options") is not None:
        kind = "options"  # that is how a list was asked for before 2.14
    key = call.store.next_id("data_attribute")
    call.store.insert(
        "data_attributes",
        id=key,
        model=model,
        name=name,
        data_type=kind,
        options=_options(fields.raw("options")) if kind == "options" else None,
        description=fields.text("description"),
        messenger_writable=int(fields.boolean("messenger_writable") or False),
        created_at=call.now,
        updated_at=call.now,
    )
    return _document(call.store.all("SELECT * FROM data_attributes WHERE id=?", [key])[0])


def _check_name(name: str) -> None:
    allowed = all(_is_allowed(letter) for letter in name)
    if not name or not allowed:
        raise invalid(_BAD_NAME)


def _is_allowed(letter: str) -> bool:
    return letter.isalnum() or letter in " -" or (unicodedata.category(letter) == "Sc" and letter != "$")


def _check_free(call: Call, name: str, model: str) -> None:
    twin = call.store.one("SELECT model FROM data_attributes WHERE name=?", name)
    if twin is not None:
        raise invalid(_SAME_NAME.format(name=name, there=WORDS[twin["model"]], here=WORDS[model]))
    if call.store.scalar("SELECT count(*) FROM data_attributes WHERE archived=0") >= LIMIT:
        raise invalid(f"You have reached the limit of {LIMIT} custom data attributes")


def _options(given: Any) -> str:  # noqa: ANN401 - not yet checked
    if not isinstance(given, list):
        raise invalid("Options isn't an array")
    values = [option.get("value") if isinstance(option, dict) else None for option in given]
    if len(values) < 2 or not all(isinstance(value, str) and value for value in values):
        raise invalid("The Data Attribute options need at least two values")
    if len(set(values)) < len(values):
        raise invalid("The Data Attribute options must be different")
    return to_json(values)


@routes("PUT", "/data_attributes/{id}")
def update(call: Call) -> Result:
    """Archive an attribute, or change its description or options; its name and type stay."""
    absent = ApiError(404, "field_not_found", "We couldn't find that data attribute to update")
    key = call.key("id", absent)
    row = call.store.one("SELECT * FROM data_attributes WHERE id=?", key)
    if row is None:
        raise absent
    fields = call.fields
    changes: dict[str, Any] = {"updated_at": call.now}
    for name in ("archived", "messenger_writable"):
        if fields.given(name):
            changes[name] = int(fields.boolean(name) or False)
    if fields.given("description"):
        changes["description"] = fields.text("description")
    if fields.given("options") and row["data_type"] == "options":
        changes["options"] = _options(fields.raw("options"))
    call.store.update("data_attributes", key, **changes)
    return _document(call.store.all("SELECT * FROM data_attributes WHERE id=?", [key])[0])
