"""Conversation attributes and the options of the list ones (API 2.16 and later)."""

import json
import sqlite3
import uuid
from typing import Any

from embedded_intercom.api.routing import Call, Result, Routes
from embedded_intercom.protocol.checks import JsonObject
from embedded_intercom.protocol.errors import invalid, not_found
from embedded_intercom.state.store import to_json

routes = Routes()

SINCE = (2, 16)
TYPES = ("string", "integer", "list", "decimal", "boolean", "datetime", "relationship", "files")
MIN_OPTIONS = 2


def _refused(message: str) -> Exception:
    return invalid(message, status=422)


def _row(call: Call) -> sqlite3.Row:
    absent = not_found("Conversation attribute not found", "conversation_attribute_not_found")
    row = call.store.one("SELECT * FROM conversation_attributes WHERE id=?", call.key("id", absent))
    if row is None:
        raise absent
    return row


def _save(call: Call, document: JsonObject) -> Result:
    document["updated_at"] = call.now
    call.store.update(
        "conversation_attributes",
        document["id"],
        name=document["name"],
        archived=int(document["archived"]),
        doc=to_json(document),
    )
    return document


@routes("GET", "/conversations/attributes", SINCE)
def list_attributes(call: Call) -> Result:
    """Every attribute; archived ones on request."""
    archived = call.query.get("include_archived") == "true"
    rows = call.store.all("SELECT doc FROM conversation_attributes WHERE archived=0 OR ? ORDER BY id", [archived])
    return {"type": "list", "data": [json.loads(row["doc"]) for row in rows]}


@routes("POST", "/conversations/attributes", SINCE)
def create(call: Call) -> Result:
    """Create an attribute; a name may be taken twice, and then writing any attribute is refused."""
    fields = call.fields
    kind = fields.raw("data_type")
    if kind not in TYPES:
        raise _refused(f"data_type '{kind}' is not valid. Allowed types: {', '.join(TYPES)}")
    name = fields.raw("name")
    if not isinstance(name, str) or not name.strip():
        raise _refused("name is required")
    key = call.store.next_id("conversation_attribute")
    document: JsonObject = {
        "type": "conversation_attribute",
        "id": key,
        "name": name,
        "description": fields.text("description") or "",
        "data_type": kind,
        "required": fields.boolean("required") or False,
        "visible_to_team_ids": fields.items("visible_to_team_ids"),
        "archived": False,
        "created_at": call.now,
        "updated_at": call.now,
        "admin_id": str(call.store.scalar("SELECT min(id) FROM admins")),
        **_by_type(call, str(kind)),
    }
    call.store.insert("conversation_attributes", id=key, name=name, doc=to_json(document))
    return document


def _by_type(call: Call, kind: str) -> JsonObject:
    if kind == "string":
        return {"multiline": call.fields.boolean("multiline") or False}
    if kind == "relationship":
        return {"reference": call.fields.mapping("reference")}
    if kind != "list":
        return {}
    labels = [option.get("label") if isinstance(option, dict) else None for option in call.fields.items("options")]
    if len(labels) < MIN_OPTIONS:
        raise _refused(f"A list attribute must have at least {MIN_OPTIONS} active options")
    return {"options": [_option(label) for label in labels]}


def _option(label: Any) -> JsonObject:  # noqa: ANN401 - not yet checked
    if label is None or label == "":
        raise _refused("label is required")
    if not isinstance(label, str):
        raise _refused("label must be a string")
    return {"id": str(uuid.uuid4()), "label": label, "archived": False}


@routes("GET", "/conversations/attributes/{id}", SINCE)
def get(call: Call) -> Result:
    """One attribute, archived or not."""
    return json.loads(_row(call)["doc"])


@routes("PUT", "/conversations/attributes/{id}", SINCE)
def update(call: Call) -> Result:
    """Change an attribute; its type stays."""
    document: JsonObject = json.loads(_row(call)["doc"])
    fields = call.fields
    document |= {name: fields.needed(name) for name in ("name", "description") if fields.given(name)}
    document |= {name: fields.boolean(name) or False for name in ("multiline", "required") if fields.given(name)}
    if fields.given("visible_to_team_ids"):
        document["visible_to_team_ids"] = fields.items("visible_to_team_ids")
    return _save(call, document)


@routes("DELETE", "/conversations/attributes/{id}", SINCE)
def archive(call: Call) -> Result:
    """Archive an attribute."""
    document: JsonObject = json.loads(_row(call)["doc"])
    return _save(call, {**document, "archived": True})


def _list_attribute(call: Call) -> JsonObject:
    document: JsonObject = json.loads(_row(call)["doc"])
    if document["data_type"] != "list":
        raise _refused("Options can only be managed on list attributes")
    if call.method != "DELETE" and set(call.body) - {"label"}:
        raise _refused("only 'label' is accepted")
    return document


def _chosen(call: Call, document: JsonObject) -> JsonObject:
    for option in document["options"]:
        if option["id"] == call.params["option_id"]:
            return dict(option)
    raise not_found("List option not found", "conversation_attribute_not_found")


def _replaced(document: JsonObject, option: JsonObject) -> JsonObject:
    options = [option if present["id"] == option["id"] else present for present in document["options"]]
    return {**document, "options": options}


@routes("POST", "/conversations/attributes/{id}/options", SINCE)
def add_option(call: Call) -> Result:
    """Add an option to a list attribute."""
    document = _list_attribute(call)
    document["options"].append(_option(call.fields.raw("label")))
    return _save(call, document)


@routes("PUT", "/conversations/attributes/{id}/options/{option_id}", SINCE)
def rename_option(call: Call) -> Result:
    """Give an option another label."""
    document = _list_attribute(call)
    label = _option(call.fields.raw("label"))["label"]
    return _save(call, _replaced(document, {**_chosen(call, document), "label": label}))


@routes("DELETE", "/conversations/attributes/{id}/options/{option_id}", SINCE)
def archive_option(call: Call) -> Result:
    """Archive an option; two active ones must remain."""
    document = _list_attribute(call)
    chosen = _chosen(call, document)
    if sum(not option["archived"] for option in document["options"]) <= MIN_OPTIONS and not chosen["archived"]:
        raise _refused(f"A list attribute must have at least {MIN_OPTIONS} active options")
    return _save(call, _replaced(document, {**chosen, "archived": True}))
