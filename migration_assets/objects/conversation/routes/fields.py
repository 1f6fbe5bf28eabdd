"""A ticket's fields, flat: as the target wants them, as Intercom shows them, and the bodies that change them.

Assignee and state are a field each, because their parts only make sense together.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from migration_assets.objects.conversation.declaration import CHANGE_TICKET, CONVERSATION, SETTLE
from migration_assets.objects.conversation.routes.shared import SILENT, RouteWorkspace, Row, TicketBefore
from migration_assets.objects.conversation.touches import CUSTOMER_FIELD
from migration_assets.objects.ticket_type.ticket_types import TicketTypeInfo
from migration_assets.writing.conflicts import FieldDecisions, Values, field_hash, nested
from schemas.intercom import Ticket
from schemas.mapping_parts import fold

ASSIGNEES = ("admin_assignee_id", "team_assignee_id")
STATE = "state"
SHARED = "is_shared"
"""Whether the customer sees the ticket: nothing of ours sets it, so that it says only what a person has done."""
FIELDS = CONVERSATION.fields


def wanted_fields(row: Row, workspace: RouteWorkspace) -> dict[str, Any]:
    """Return attributes, company and both kinds of assignee as the row wants them."""
    wanted = FIELDS.wanted(workspace.with_ids(row), CHANGE_TICKET)
    return {**wanted, "assignee": dict.fromkeys(ASSIGNEES) | wanted.get("assignee", {})}


def wanted_state(row: Row, workspace: RouteWorkspace) -> dict[str, Any]:
    """Return ticket state, openness and snoozing as the row wants them."""
    state = FIELDS.wanted({**row, "ticket_state_id": workspace.state_id(row["ticket_state"])}, SETTLE)[STATE]
    return {"snoozed_until": None, **state}


def shown_ticket(ticket: Ticket, ticket_type: TicketTypeInfo) -> dict[str, Any]:
    """Return what a ticket shows of those fields; it names no company, and a list's value as label or as id."""
    ticket = with_option_ids(ticket, ticket_type)
    shared = {} if ticket.is_shared is None else {SHARED: ticket.is_shared}
    return FIELDS.shown(ticket, CHANGE_TICKET) | FIELDS.shown(ticket, SETTLE) | shared


def shared_mark(shown: Values, ticket_before: TicketBefore | None) -> dict[str, str]:
    """Return the mark of whether the customer sees a ticket, by an answer to a write of ours.

    Nothing documents what sharing follows, so that what our own writes leave is noted. Of a ticket that somebody had
    shared or taken back before them, or of which that is not known, there is no mark to be renewed.
    """
    if SHARED not in shown:
        return {}
    if ticket_before is not None and ticket_before.is_ticket:
        left = ticket_before.left.get(SHARED, "").split()
        if field_hash(SHARED, ticket_before.shown.get(SHARED)) not in left:
            return {}
    return {SHARED: field_hash(SHARED, shown[SHARED])}


def customer_mark(row: Row) -> dict[str, str]:
    """Return the mark of whose ticket it is."""
    return {CUSTOMER_FIELD: field_hash(CUSTOMER_FIELD, row["contact_id"])}


def with_option_ids(ticket: Ticket, ticket_type: TicketTypeInfo) -> Ticket:
    """Return a ticket that names options by their ids, whichever way Intercom shows them."""
    attributes = {name: _option(name, value, ticket_type) for name, value in ticket.ticket_attributes.items()}
    return ticket.model_copy(update={"ticket_attributes": attributes})


def names_in_body(changes: Collection[str]) -> set[str]:
    """Return the changed fields by the names that they have in the declaration, where both assignees are fields."""
    assigned = {f"assignee.{name}" for name in ASSIGNEES} if "assignee" in changes else set()
    return {name for name in changes if name != "assignee"} | assigned


def _option(name: str, value: Any, ticket_type: TicketTypeInfo) -> Any:  # noqa: ANN401 - any attribute's value
    attribute = ticket_type.attributes.get(name)
    if attribute is None or attribute.data_type != "list" or value is None:
        return value
    return attribute.options.get(fold(str(value)), value)


def update_bodies(decision: FieldDecisions, admin_id: str) -> list[dict[str, Any]]:
    """Return what `PUT /tickets/{id}` is sent to change attributes, company and assignee: one body per assignee.

    That is a step: one call can name only one assignee, and leaves the other kind; "0" is nobody of either kind.
    """
    assigned: list[str] = []
    if "assignee" in decision.changes:
        wanted, before = decision.changes["assignee"], decision.before.get("assignee", {})
        to_clear = any(before.get(name) and not wanted[name] for name in ASSIGNEES)
        assigned = [found for found in wanted.values() if found]
        assigned = ["0", *assigned] if to_clear or not assigned else assigned
    bodies: list[dict[str, Any]] = [{"assignee_id": found} for found in assigned]
    rest = nested({name: value for name, value in decision.changes.items() if name != "assignee"})
    if rest:
        bodies[:1] = [(bodies[0] if bodies else {}) | rest]
    return [body | {"admin_id": int(admin_id), **SILENT} for body in bodies]


def is_half_way(shown: Values, wanted: Values, left: Collection[str], states: Collection[str]) -> bool:
    """Whether a ticket that is to wake has the wanted ticket state and is still snoozed as we left it.

    So it stands where a run has died between the two calls that may be needed; `left` are the marks of how we left it.
    """
    to_wake = shown["snoozed_until"] and not wanted["snoozed_until"]
    if not to_wake or shown["ticket_state_id"] != wanted["ticket_state_id"]:
        return False
    befores = [{**shown, "ticket_state_id": state, "open": is_open} for state in states for is_open in (True, False)]
    return any(field_hash(STATE, before) in left for before in befores)


@dataclass(frozen=True)
class Settling:
    """Into which state a ticket is to be brought, why, and whether a call is needed for it."""

    target: Values
    decision: FieldDecisions
    ours: bool
    """Whether that is the state that the target wants, not the one that somebody has chosen in Intercom."""
    needed: bool


def settling(
    wanted: Values, ticket_before: TicketBefore | None, states: Collection[str], *, woken: bool, touched: bool
) -> Settling:
    """Decide into which state a ticket is brought last.

    Args:
        wanted: the state that the target wants.
        ticket_before: how it stood before this run; None for a ticket whose state was never set by us.
        states: the ids of the workspace's ticket states.
        woken: whether an earlier run wrote to it after it had set the state: that it is open is then our doing.
        touched: whether this run wrote to it, which may have woken it: the state is then set in any case.
    """
    if ticket_before is None:
        return Settling(wanted, FieldDecisions(changes={STATE: wanted}), ours=True, needed=True)
    shown = ticket_before.shown[STATE]
    left = ticket_before.left.get(STATE, "").split()
    was_woken = woken and shown["open"] and not shown["snoozed_until"]
    if was_woken or is_half_way(shown, wanted, left, states):
        return Settling(wanted, FieldDecisions(changes={STATE: wanted}, before={STATE: shown}), ours=True, needed=True)
    decision = ticket_before.decide({STATE: wanted})
    as_left = field_hash(STATE, shown) in left
    ours = STATE in decision.changes or STATE in decision.settled or as_left
    return Settling(wanted if ours else shown, decision, ours=ours, needed=touched or STATE in decision.changes)
