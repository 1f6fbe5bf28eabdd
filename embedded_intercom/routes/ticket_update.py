"""Updating a ticket: attributes, state, company, open, snooze, sharing, assignee; each leaves a part, stamped now."""

import json
import sqlite3
from typing import Any

from embedded_intercom.api import lookups
from embedded_intercom.api.routing import Call, Result, Routes
from embedded_intercom.protocol.checks import JsonObject, number
from embedded_intercom.protocol.default_attributes import DEFAULT_TITLE
from embedded_intercom.protocol.errors import ApiError, not_found
from embedded_intercom.records import shapes, threads, ticket_type_record
from embedded_intercom.records.rewriting import kept_title
from embedded_intercom.records.snoozing import snooze_time
from embedded_intercom.records.threads import ThreadPart
from embedded_intercom.routes.tickets import company_of, keep_values, silent, told_of_ticket
from embedded_intercom.state.store import to_json

routes = Routes()


@routes("PUT", "/tickets/{id}", (2, 9))
def update(call: Call) -> Result:
    """Change attributes, state, company, open, snooze, sharing or the assignee; leaves a part for each."""
    row = lookups.ticket(call, call.params["id"])
    author = _author(call)
    columns: dict[str, Any] = {}
    parts: list[ThreadPart] = []
    for change in (_attributes, _state, _opening, _assignee):
        found, left = change(call, row, author)
        columns |= found
        parts += left
    if call.fields.given("company_id"):
        columns["company_id"] = company_of(call, call.fields.needed("company_id"))
    if call.fields.given("is_shared"):
        columns["is_shared"] = int(call.fields.boolean("is_shared") or False)
    for part in parts:
        threads.add_part(call, row["id"], part)
    quiet = silent(call)
    threads.change(call, row, **columns)
    if not quiet:
        told_of_ticket(call, row["id"], row["category"], "ticket updated", "documented")
    return threads.ticket(call, threads.load(call, row["id"]))


Change = tuple[dict[str, Any], list[ThreadPart]]


def _author(call: Call) -> JsonObject:
    admin_id = call.fields.integer("admin_id")
    if admin_id is None:
        return shapes.bot_author(call.workspace.id_code)
    named = lookups.admin(call, admin_id, not_found("Assignee not found", "assignee_not_found"))
    way = call.behaves("change_author")
    if way == "bot":
        return shapes.bot_author(call.workspace.id_code)
    return shapes.admin_author(lookups.own_admin(call) if way == "token" else named)


def _leaves_part(call: Call, *, changed: bool) -> bool:
    return changed or call.behaves("same_value_event") == "part"


def _attributes(call: Call, row: sqlite3.Row, author: JsonObject) -> Change:
    if not call.fields.given("ticket_attributes"):
        return {}, []
    kind = ticket_type_record.load(call.workspace, row["ticket_type_id"])
    if kind is None:
        raise not_found("Ticket type not found")
    given = call.fields.mapping("ticket_attributes")
    present = json.loads(row["ticket_attributes"])
    attributes = kept_title(call, ticket_type_record.check(kind, given, present))
    keep_values(call, row["id"], kind, attributes)
    parts = []
    for name in given:
        entry, value = kind.attributes[name], attributes.get(name)
        if not _leaves_part(call, changed=value != present.get(name)):
            continue
        shown = {
            "type": "value",
            "id": None if value is None else str(value),
            "label": "" if value is None else str(value),
        }
        about = {"type": "attribute", "id": entry["id"], "label": name}
        extra = {"updated_attribute_data": {"attribute": about, "value": shown}}
        parts.append(ThreadPart("ticket_attribute_updated_by_admin", author, extra=extra))
    columns: dict[str, Any] = {"ticket_attributes": to_json(attributes)}
    if DEFAULT_TITLE in given:
        columns["title"] = attributes.get(DEFAULT_TITLE)
    return columns, parts


def _state(call: Call, row: sqlite3.Row, author: JsonObject) -> Change:
    given = call.fields.text("ticket_state_id")
    if given is None:
        return {}, []
    key = ticket_type_record.named_state(call, given)
    before = ticket_type_record.state(call.workspace, row["ticket_state_id"])["category"]
    extra = {"ticket_state": ticket_type_record.state(call.workspace, key)["category"], "previous_ticket_state": before}
    columns: dict[str, Any] = {"ticket_state_id": key, "previous_ticket_state_id": row["ticket_state_id"]}
    if call.behaves("state_moves_open") == "yes":
        columns["state"] = "closed" if extra["ticket_state"] == "resolved" else "open"
    left = _leaves_part(call, changed=key != row["ticket_state_id"])
    return columns, [ThreadPart("ticket_state_updated_by_admin", author, extra=extra)] if left else []


def _opening(call: Call, row: sqlite3.Row, author: JsonObject) -> Change:
    is_open, until = call.fields.boolean("open"), snooze_time(call, row["id"])
    if until is not None:
        return {"state": "snoozed", "snoozed_until": until}, [ThreadPart("snoozed", author)]
    if is_open is None:
        return {}, []
    if is_open and row["state"] == "snoozed" and call.behaves("open_wakes_snoozed") == "no":
        return {}, []
    columns: dict[str, Any] = {"state": "open" if is_open else "closed", "snoozed_until": None}
    if not is_open:
        columns["waiting_since"] = None
    changed = (row["state"] == "closed") == is_open
    return columns, [ThreadPart("open" if is_open else "close", author)] if changed else []


def _assignee(call: Call, row: sqlite3.Row, author: JsonObject) -> Change:
    given = call.fields.text("assignee_id")
    if given is None:
        return {}, []
    opened: dict[str, Any] = {}
    if row["state"] == "closed" and call.behaves("assigning_opens") == "yes" and not call.fields.given("open"):
        opened = {"state": "open"}
    if given == "0":
        left = _leaves_part(call, changed=bool(row["admin_assignee_id"] or row["team_assignee_id"]))
        return {"admin_assignee_id": 0, "team_assignee_id": 0, **opened}, [ThreadPart("assignment", author)] * left
    absent: ApiError = not_found("Assignee not found", "assignee_not_found")
    key = number(given)
    is_team = key is not None and call.store.one("SELECT 1 FROM teams WHERE id=?", key) is not None
    kind = "team" if is_team else "admin"
    assignee = int((lookups.team if is_team else lookups.admin)(call, given, absent)["id"])
    columns: dict[str, Any] = {f"{kind}_assignee_id": assignee, **opened}
    if not is_team:
        columns["teammates"] = threads.with_teammate(row, assignee)
    part = ThreadPart("assignment", author, extra={"assigned_to": shapes.reference(kind, assignee)})
    return columns, [part] * _leaves_part(call, changed=row[f"{kind}_assignee_id"] != assignee)
