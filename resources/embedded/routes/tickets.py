"""Tickets: create (at once or queued), read, update, delete."""

import json
import sqlite3
from typing import Any

from resources.embedded import lookups, shapes, threads, tickettypes
from resources.embedded.bodies import paragraph
from resources.embedded.checks import JsonObject, number
from resources.embedded.errors import ApiError, invalid, not_found, user_not_found
from resources.embedded.routes import contacts
from resources.embedded.routing import Call, Result, Routes
from resources.embedded.store import to_json
from resources.embedded.threads import Part
from resources.embedded.tickettypes import DEFAULT_DESCRIPTION, DEFAULT_TITLE, TicketType

routes = Routes()


@routes("POST", "/tickets", (2, 9))
def create(call: Call) -> Result:
    """Create a ticket; answers it whole."""
    return threads.ticket(call, threads.load(call, _create(call)))


@routes("POST", "/tickets/enqueue", (2, 14))
def enqueue(call: Call) -> Result:
    """Create a ticket in the background: what is wrong is refused at once, the rest is a job."""
    ticket = _create(call)
    key = call.store.next_id("job")
    due = call.workspace.clock.precise() + call.workspace.options.job_delay
    call.store.insert("jobs", id=key, resource_id=ticket, due=due)
    return _job(call, key, None)


@routes("GET", "/jobs/status/{id}", (2, 14))
def job_status(call: Call) -> Result:
    """Whether a queued ticket is there yet, and its id."""
    absent = not_found("Job Not Found", "job_not_found")
    row = call.store.one("SELECT * FROM jobs WHERE id=?", call.key("id", absent))
    if row is None:
        raise absent
    done = call.workspace.clock.precise() >= row["due"]
    return _job(call, row["id"], row["resource_id"] if done else None)


def _job(call: Call, key: int, resource: int | None) -> JsonObject:
    base = call.workspace.base_url
    return {
        "type": "job",
        "id": str(key),
        "status": "pending" if resource is None else "success",
        "url": f"{base}/jobs/status/{key}",
        "resource_type": "ticket",
        "resource_id": None if resource is None else str(resource),
        "resource_url": None if resource is None else f"{base}/tickets/{resource}",
    }


def _create(call: Call) -> int:
    fields = call.fields
    kind = tickettypes.named(call, fields.needed("ticket_type_id"))
    attributes = tickettypes.check(kind, fields.mapping("ticket_attributes"))
    company = fields.text("company_id")
    admin, team = _assignment(call)
    linked = _linked(call, kind)
    silent = _silent(call)
    given = fields.time("created_at")
    at = call.now if given is None else given
    state = tickettypes.first_state(call.workspace)
    key = call.store.next_id("thread")
    call.store.insert(
        "threads",
        id=key,
        ticket_type_id=kind.id,
        category=kind.category,
        ticket_number=call.store.next_id("ticket_number"),
        ticket_state_id=state,
        message_id=call.store.next_id("message"),
        contact_id=_contact(call),
        company_id=lookups.company(call, company)["id"] if company else None,
        title=attributes.get(DEFAULT_TITLE),
        body=paragraph(attributes.get(DEFAULT_DESCRIPTION) or ""),
        created_at=at,
        updated_at=call.now,
        indexed_at=call.now,
        waiting_since=at,
        admin_assignee_id=admin,
        team_assignee_id=team,
        teammates=to_json([admin] if admin else []),
        is_shared=int(kind.category == "Customer"),
        ticket_attributes=to_json(attributes),
    )
    keep_values(call, key, kind, attributes)
    _link(call, key, linked)
    category = tickettypes.state(call.workspace, state)["category"]
    extra = {"ticket_state": category, "previous_ticket_state": category}
    bot = shapes.bot_author(call.workspace.id_code)
    threads.add_part(call, key, Part("ticket_state_updated_by_admin", bot, created_at=at, extra=extra))
    _tell(call, key, kind.category, "ticket created", silent=silent)
    return key


def _contact(call: Call) -> str:
    given = call.fields.items("contacts")
    if len(given) != 1 or not isinstance(given[0], dict):
        raise invalid("contacts must be an array with exactly one contact")
    keys = [name for name in ("id", "external_id", "email") if name in given[0]]
    if len(keys) != 1 or len(given[0]) != 1:
        raise invalid("A contact is named by exactly one of id, external_id and email")
    value = given[0][keys[0]]
    if not isinstance(value, str) or not value:
        raise invalid(f"contacts {keys[0]} must be a string")
    if keys[0] == "id":
        return str(lookups.contact(call, value)["id"])
    row = lookups.contact_by(call, keys[0], value)
    if row is not None:
        return str(row["id"])
    if keys[0] == "external_id":
        raise user_not_found()
    return contacts.insert(call, {"role": "user", "email": value.strip().lower()}, {})


def _assignment(call: Call) -> tuple[int, int]:
    given = call.fields.mapping("assignment") if call.version >= (2, 14) else {}
    admin, team = given.get("admin_assignee_id"), given.get("team_assignee_id")
    if not all(value is None or isinstance(value, str) for value in (admin, team)):
        raise invalid("assignment ids must be strings")
    absent = not_found("Assignee not found", "assignee_not_found")
    return (
        int(lookups.admin(call, admin, absent)["id"]) if admin and admin != "0" else 0,
        int(lookups.team(call, team, absent)["id"]) if team and team != "0" else 0,
    )


def _linked(call: Call, kind: TicketType) -> sqlite3.Row | None:
    """Only a conversation and a Back-office or Tracker ticket can be linked, or a Customer ticket and one of those."""
    key = call.fields.text("conversation_to_link_id") if call.version >= (2, 14) else None
    if key is None:
        return None
    row = lookups.conversation(call, key, not_found("Conversation not found", "conversation_not_found"))
    if kind.category == "Customer":
        raise invalid("A conversation cannot be linked to a Customer ticket")
    return row


def _link(call: Call, key: int, linked: sqlite3.Row | None) -> None:
    if linked is not None:
        for pair in ((key, linked["id"]), (linked["id"], key)):
            call.store.insert("links", thread_id=pair[0], linked_id=pair[1])


def _silent(call: Call) -> bool:
    return call.fields.boolean("skip_notifications") is True and call.version >= (2, 13)


def _tell(call: Call, key: int, category: str, reason: str, *, silent: bool) -> None:
    if silent:
        return
    if category == "Customer":
        call.notify("contact", reason, "documented", key)
    call.notify("teammate", reason, "documented", key)


def keep_values(call: Call, key: int, kind: TicketType, attributes: JsonObject) -> None:
    """Keep a ticket's attribute values where the search finds them."""
    call.store.run("DELETE FROM ticket_values WHERE thread_id=?", key)
    for name, value in attributes.items():
        if name in kind.attributes and not isinstance(value, list):
            call.store.insert(
                "ticket_values", thread_id=key, attribute_id=int(kind.attributes[name]["id"]), value=value
            )


@routes("GET", "/tickets/{id}", (2, 9))
def get(call: Call) -> Result:
    """One ticket with its newest 500 parts."""
    return threads.ticket(call, lookups.ticket(call, call.params["id"]))


@routes("PUT", "/tickets/{id}", (2, 9))
def update(call: Call) -> Result:
    """Change attributes, state, company, open, snooze, sharing or the assignee; leaves a part for each."""
    row = lookups.ticket(call, call.params["id"])
    author = _author(call)
    columns: dict[str, Any] = {}
    parts: list[Part] = []
    for change in (_attributes, _state, _opening, _assignee):
        found, left = change(call, row, author)
        columns |= found
        parts += left
    if call.fields.given("company_id"):
        columns["company_id"] = lookups.company(call, call.fields.needed("company_id"))["id"]
    if call.fields.given("is_shared"):
        columns["is_shared"] = int(call.fields.boolean("is_shared") or False)
    for part in parts:
        threads.add_part(call, row["id"], part)
    silent = _silent(call)
    threads.change(call, row, **columns)
    _tell(call, row["id"], row["category"], "ticket updated", silent=silent)
    return threads.ticket(call, threads.load(call, row["id"]))


Change = tuple[dict[str, Any], list[Part]]


def _author(call: Call) -> JsonObject:
    admin_id = call.fields.integer("admin_id")
    if admin_id is None:
        return shapes.bot_author(call.workspace.id_code)
    return shapes.admin_author(lookups.admin(call, admin_id, not_found("Assignee not found", "assignee_not_found")))


def _attributes(call: Call, row: sqlite3.Row, author: JsonObject) -> Change:
    if not call.fields.given("ticket_attributes"):
        return {}, []
    kind = tickettypes.load(call.workspace, row["ticket_type_id"])
    if kind is None:
        raise not_found("Ticket type not found")
    given = call.fields.mapping("ticket_attributes")
    attributes = tickettypes.check(kind, given, json.loads(row["ticket_attributes"]))
    keep_values(call, row["id"], kind, attributes)
    parts = []
    for name in given:
        entry, value = kind.attributes[name], attributes.get(name)
        shown = {
            "type": "value",
            "id": None if value is None else str(value),
            "label": "" if value is None else str(value),
        }
        about = {"type": "attribute", "id": entry["id"], "label": name}
        extra = {"updated_attribute_data": {"attribute": about, "value": shown}}
        parts.append(Part("ticket_attribute_updated_by_admin", author, extra=extra))
    columns: dict[str, Any] = {"ticket_attributes": to_json(attributes), "title": attributes.get(DEFAULT_TITLE)}
    return columns, parts


def _state(call: Call, row: sqlite3.Row, author: JsonObject) -> Change:
    given = call.fields.text("ticket_state_id")
    if given is None:
        return {}, []
    key = tickettypes.named_state(call, given)
    before = tickettypes.state(call.workspace, row["ticket_state_id"])["category"]
    extra = {"ticket_state": tickettypes.state(call.workspace, key)["category"], "previous_ticket_state": before}
    columns = {"ticket_state_id": key, "previous_ticket_state_id": row["ticket_state_id"]}
    return columns, [Part("ticket_state_updated_by_admin", author, extra=extra)]


def _opening(call: Call, row: sqlite3.Row, author: JsonObject) -> Change:
    is_open, until = call.fields.boolean("open"), call.fields.time("snoozed_until")
    if until is not None:
        if until <= call.now:
            raise invalid("snoozed_until must be a time in the future")
        return {"state": "snoozed", "snoozed_until": until}, [Part("snoozed", author)]
    if is_open is None:
        return {}, []
    columns: dict[str, Any] = {"state": "open" if is_open else "closed", "snoozed_until": None}
    if not is_open:
        columns["waiting_since"] = None
    changed = (row["state"] == "closed") == is_open
    return columns, [Part("open" if is_open else "close", author)] if changed else []


def _assignee(call: Call, row: sqlite3.Row, author: JsonObject) -> Change:
    given = call.fields.text("assignee_id")
    if given is None:
        return {}, []
    if given == "0":
        return {"admin_assignee_id": 0, "team_assignee_id": 0}, [Part("assignment", author)]
    absent: ApiError = not_found("Assignee not found", "assignee_not_found")
    key = number(given)
    is_team = key is not None and call.store.one("SELECT 1 FROM teams WHERE id=?", key) is not None
    kind = "team" if is_team else "admin"
    assignee = int((lookups.team if is_team else lookups.admin)(call, given, absent)["id"])
    columns: dict[str, Any] = {f"{kind}_assignee_id": assignee}
    if not is_team:
        columns["teammates"] = threads.with_teammate(row, assignee)
    return columns, [Part("assignment", author, extra={"assigned_to": shapes.reference(kind, assignee)})]


@routes("DELETE", "/tickets/{id}", (2, 13))
def delete(call: Call) -> Result:
    """Delete for good."""
    row = lookups.ticket(call, call.params["id"])
    threads.remove(call, row)
    return {"id": str(row["id"]), "object": "ticket", "deleted": True}
