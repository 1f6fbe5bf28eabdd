"""Tickets: create, read, delete."""

import sqlite3

from embedded_intercom.api import lookups
from embedded_intercom.api.freshness import note_made
from embedded_intercom.api.routing import Call, Result, Routes
from embedded_intercom.protocol.checks import JsonObject
from embedded_intercom.protocol.default_attributes import DEFAULT_DESCRIPTION, DEFAULT_TITLE
from embedded_intercom.protocol.errors import ApiError, invalid, not_found, user_not_found
from embedded_intercom.records import shapes, threads, ticket_type_record
from embedded_intercom.records.bodies import paragraph
from embedded_intercom.records.rewriting import kept_time, kept_title
from embedded_intercom.records.threads import ThreadPart
from embedded_intercom.records.ticket_type_record import TicketTypeRecord
from embedded_intercom.routes import contacts
from embedded_intercom.state.notifications import Basis
from embedded_intercom.state.store import to_json

routes = Routes()

_TRACKERS = (
    "SELECT links.linked_id FROM links JOIN threads ON threads.id=links.linked_id "
    "WHERE links.thread_id=? AND threads.category='Tracker'"
)


@routes("POST", "/tickets", (2, 9))
def create(call: Call) -> Result:
    """Create a ticket; answers it whole."""
    return threads.ticket(call, threads.load(call, create_ticket(call)))


def create_ticket(call: Call) -> int:
    """Create the ticket of the call's body and return its id; raises like the endpoint."""
    fields = call.fields
    kind = ticket_type_record.named(call, fields.needed("ticket_type_id"))
    attributes = kept_title(call, ticket_type_record.check(kind, fields.mapping("ticket_attributes")))
    company = fields.text("company_id")
    admin, team = _assignment(call)
    linked = _linked(call, kind)
    quiet = silent(call)
    given = fields.time("created_at")
    at = kept_time(call, given)
    state = ticket_type_record.first_state(call.workspace)
    key = call.store.next_id("thread")
    note_made(call, key)
    call.store.insert(
        "threads",
        id=key,
        ticket_type_id=kind.id,
        category=kind.category,
        ticket_number=call.store.next_id("ticket_number"),
        ticket_state_id=state,
        message_id=call.store.next_id("message"),
        contact_id=_contact(call),
        company_id=company_of(call, company) if company else None,
        title=attributes.get(DEFAULT_TITLE),
        body=_opening(call, attributes),
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
    _link(call, key, kind, linked)
    category = ticket_type_record.state(call.workspace, state)["category"]
    _leave_events(call, key, at, category, admin, team)
    if not quiet:
        told_of_ticket(call, key, kind.category, "ticket created", "documented")
    return key


def _opening(call: Call, attributes: JsonObject) -> str:
    """The text that the thread begins with."""
    if call.behaves("opening_text") == "empty":
        return ""
    return paragraph(attributes.get(DEFAULT_DESCRIPTION) or "")


def _leave_events(call: Call, key: int, at: int, category: str, admin: int, team: int) -> None:
    """The parts that creating a ticket leaves by itself: of its state, and of whom it was assigned to."""
    if call.behaves("creation_event_time") == "now":
        at = call.now
    authors = {"bot": shapes.bot_author(call.workspace.id_code), "admin": shapes.admin_author(lookups.own_admin(call))}
    author = authors.get(call.behaves("creation_state_event"))
    if author is not None:
        extra = {"ticket_state": category, "previous_ticket_state": category}
        threads.add_part(call, key, ThreadPart("ticket_state_updated_by_admin", author, created_at=at, extra=extra))
    author = authors.get(call.behaves("creation_assignment_event"))
    if author is not None and (admin or team):
        to = shapes.reference("admin", admin) if admin else shapes.reference("team", team)
        threads.add_part(call, key, ThreadPart("assignment", author, created_at=at, extra={"assigned_to": to}))


def company_of(call: Call, given: str) -> str:
    """Return Intercom's id of the company that a write names: by that id since 2.14, by the caller's own before."""
    find = lookups.company if call.version >= (2, 14) else lookups.company_by
    return str(find(call, given)["id"])


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


def _linked(call: Call, kind: TicketTypeRecord) -> sqlite3.Row | None:
    """Only a conversation and a Back-office or Tracker ticket can be linked, or a Customer ticket and one of those."""
    key = call.fields.text("conversation_to_link_id") if call.version >= (2, 14) else None
    if key is None:
        return None
    row = lookups.conversation(call, key, not_found("Conversation not found", "conversation_not_found"))
    if kind.category == "Customer":
        raise invalid("A conversation cannot be linked to a Customer ticket")
    return row


def _link(call: Call, key: int, kind: TicketTypeRecord, linked: sqlite3.Row | None) -> None:
    if linked is None:
        return
    if kind.category == "Tracker" and call.store.all(_TRACKERS, [linked["id"]]):
        raise ApiError(400, "already_linked_to_tracker", "A conversation can only have one tracker ticket")
    threads.link(call, key, linked["id"])
    if kind.category == "Tracker":
        threads.change(call, threads.load(call, linked["id"]))


def silent(call: Call) -> bool:
    """Whether the call asks not to notify anybody, in a version that knows of it."""
    return call.fields.boolean("skip_notifications") is True and call.version >= (2, 13)


def told_of_ticket(call: Call, key: int, category: str, reason: str, basis: Basis) -> None:
    """Record who is told when a ticket is made or changed: teammates, and of a Customer ticket the contact."""
    if category == "Customer":
        call.notify("contact", reason, basis, key)
    call.notify("teammate", reason, basis, key)


def keep_values(call: Call, key: int, kind: TicketTypeRecord, attributes: JsonObject) -> None:
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


@routes("DELETE", "/tickets/{id}", (2, 13))
def delete(call: Call) -> Result:
    """Delete for good."""
    row = lookups.ticket(call, call.params["id"])
    threads.remove(call, row)
    return {"id": str(row["id"]), "object": "ticket", "deleted": True}
