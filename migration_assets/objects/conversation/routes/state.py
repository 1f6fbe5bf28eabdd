"""Bringing a ticket into a state: in every documented way, until Intercom shows it so.

How a ticket is opened, closed and snoozed is documented. That opening wakes one that is snoozed is not; that it wakes
at the time until which it is snoozed is. So every answer is read, and what it does not show is asked for otherwise.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
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


async def bring_into(workspace: RouteWorkspace, conversation_id: str, state: Values, *, asleep: bool = False) -> Ticket:
    """Bring a ticket into a state, and return it as it is then; `asleep` says that it is snoozed now.

    Raises:
        IntercomError: it is refused, or Intercom leaves the ticket in another state whichever way it is asked.
    """
    async for there in _ways(workspace, conversation_id, state, asleep=asleep):
        if stands_in(shown_ticket(there, workspace.ticket_type)[STATE], state):
            return there
    raise state_ignored()


def opens_by_part(state: Values, answers: Mapping[str, str], *, asleep: bool) -> bool:
    """Whether a part opens the conversation first: a probe has seen that opening does not wake the ticket.

    Where it has seen as well that the part does not, nothing is gained by it.
    """
    known = answers.get("open_wakes_snoozed") == "no" and answers.get("open_part_wakes") != "no"
    return known and asleep and wakes(state)


async def _ways(
    workspace: RouteWorkspace, conversation_id: str, state: Values, *, asleep: bool
) -> AsyncIterator[Ticket]:
    """Ask in one way after the other, and yield the ticket as it is after each."""
    client, admin = workspace.client, workspace.admin_id
    part_first = opens_by_part(state, workspace.answers, asleep=asleep)
    if part_first:
        await client.manage_conversation(conversation_id, part_for(state, admin))
    there = await client.update_ticket(conversation_id, settle_body(state, admin))
    yield there
    if not part_first:
        await client.manage_conversation(conversation_id, part_for(state, admin))
        there = await client.get_ticket(conversation_id)
        yield there
    if not (wakes(state) and there.snoozed_until):
        return
    until = int(client.budget.intercom_time()) + SHORT_SNOOZE
    await client.update_ticket(conversation_id, settle_body({**state, "snoozed_until": until}, admin))
    pause = float(SHORT_SNOOZE)
    while client.budget.intercom_time() < until + WAKING:
        await asyncio.sleep(pause)
        yield await client.get_ticket(conversation_id)
        pause = min(2 * pause, LONGEST_PAUSE)
