"""Bringing a ticket into a state: in every documented way, until Intercom shows it so.

How a ticket is opened, closed and snoozed is documented. That opening wakes one that is snoozed is not; that it wakes
at the time until which it is snoozed is. So every answer is read, and what it does not show is asked for otherwise.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from migration_assets.objects.conversation.routes.fields import STATE, shown_ticket
from migration_assets.objects.conversation.routes.shared import SILENT, RouteWorkspace
from migration_assets.writing.conflicts import Values
from resources.intercom import endpoints, errors
from resources.intercom.errors import IntercomError, error_for
from resources.intercom.outcomes import CallOutcome, Classified
from resources.journal import WriteCode
from schemas.intercom import Ticket

SHORT_SNOOZE = 3
"""Seconds for which a ticket is snoozed that is to wake by that: its clock may be a second before ours, and the call
takes a while."""
WAKING = 60.0
"""Seconds that it is given for waking, after the time until which it was snoozed."""
LONGEST_PAUSE = 10.0
"""Seconds between two looks at whether it has woken, at the most."""


def settle_body(state: Values, admin_id: str) -> dict[str, Any]:
    """Return what `PUT /tickets/{id}` is sent to bring a ticket into a state."""
    body = {"ticket_state_id": state["ticket_state_id"], "open": state["open"], "admin_id": int(admin_id), **SILENT}
    return body | ({"snoozed_until": state["snoozed_until"]} if state["snoozed_until"] else {})


def stands_in(shown: Values, state: Values) -> bool:
    """Whether a ticket that shows one state is in the other: snoozed or not, open or not, and its ticket state."""
    if bool(shown["snoozed_until"]) != bool(state["snoozed_until"]):
        return False
    # A snoozed ticket is not closed; whether it is called open is not documented.
    is_open = state["snoozed_until"] or shown["open"] == state["open"]
    return bool(is_open) and str(shown["ticket_state_id"]) == str(state["ticket_state_id"])


def part_for(state: Values, admin_id: str) -> dict[str, Any]:
    """Return what `POST /conversations/{id}/parts` is sent to open, close or snooze a conversation."""
    body = {"type": "admin", "admin_id": admin_id}
    if state["snoozed_until"]:
        return body | {"message_type": "snoozed", "snoozed_until": state["snoozed_until"]}
    return body | {"message_type": "open" if state["open"] else "close"}


def wakes(state: Values) -> bool:
    """Whether a ticket in that state is awake and open, so that a snoozed one must be woken for it."""
    return bool(state["open"]) and not state["snoozed_until"]


def state_ignored() -> IntercomError:
    """Return the error for a state that Intercom took and did not bring the ticket into, whichever way it was asked."""
    said = "Intercom took the ticket's state and left the ticket in another; it was asked in every documented way."
    return error_for(
        Classified(CallOutcome.REJECTED, WriteCode.STATE_IGNORED, said),
        200,
        errors.RequestSent(endpoints.UPDATE_TICKET),
    )


async def bring_into(workspace: RouteWorkspace, conversation_id: str, state: Values) -> Ticket:
    """Bring a ticket into a state, and return it as it is then.

    Raises:
        IntercomError: it is refused, or Intercom leaves the ticket in another state whichever way it is asked.
    """
    async for ticket in _ways(workspace, conversation_id, state):
        if stands_in(shown_ticket(ticket, workspace.ticket_type)[STATE], state):
            return ticket
    raise state_ignored()


async def _ways(workspace: RouteWorkspace, conversation_id: str, state: Values) -> AsyncIterator[Ticket]:
    """Ask in one way after the other, and yield the ticket as it is after each."""
    client, admin = workspace.client, workspace.admin_id

    yield await client.update_ticket(conversation_id, settle_body(state, admin))
    await client.manage_conversation(conversation_id, part_for(state, admin))
    ticket = await client.get_ticket(conversation_id)
    yield ticket
    if not (wakes(state) and shown_ticket(ticket, workspace.ticket_type)[STATE]["snoozed_until"]):
        return
    until = int(client.budget.intercom_time()) + SHORT_SNOOZE
    await client.update_ticket(conversation_id, settle_body({**state, "snoozed_until": until}, admin))
    pause = float(SHORT_SNOOZE)
    while client.budget.intercom_time() < until + WAKING:
        await asyncio.sleep(pause)
        yield await client.get_ticket(conversation_id)
        pause = min(2 * pause, LONGEST_PAUSE)
