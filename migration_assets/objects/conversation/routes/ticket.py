"""The ticket route: a Customer ticket from the start. Every call of it can be told not to notify anybody."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from migration_assets.objects.answered import answered
from migration_assets.objects.conversation.declaration import CHANGE_TICKET, CREATE_TICKET, PRIORITY, SETTLE
from migration_assets.objects.conversation.routes.fields import (
    FIELDS,
    STATE,
    customer_mark,
    names_in_body,
    settling,
    shared_mark,
    shown_ticket,
    update_bodies,
    wanted_fields,
    wanted_state,
    with_option_ids,
)
from migration_assets.objects.conversation.routes.shared import (
    SILENT,
    Read,
    RouteWorkspace,
    Row,
    TicketBefore,
    answered_part,
    oldest_first,
    reply_body,
)
from migration_assets.objects.conversation.routes.state import bring_into
from migration_assets.objects.conversation.touches import TITLE_FIELD, own_title, title_touches
from migration_assets.writing.answers import AnsweredFields
from migration_assets.writing.conflicts import (
    FieldDecisions,
    Values,
    field_hash,
    field_hashes,
    hashes_of_found,
    nested,
    with_emptied,
)
from migration_assets.writing.records import Sent, UnsendableError
from migration_assets.writing.resolve import FoundWrite
from migration_assets.writing.touch_rules import Left
from resources.intercom import endpoints, errors
from resources.intercom.errors import IntercomError, error_for
from resources.intercom.outcomes import CallOutcome, Classified
from resources.journal import WriteCode
from schemas.intercom import ConversationPart, Ticket


def create_body(row: Row, workspace: RouteWorkspace) -> dict[str, Any]:
    """Return what `POST /tickets` is sent."""
    fields = FIELDS.body(workspace.with_ids(row), CREATE_TICKET)
    return {"ticket_type_id": workspace.ticket_type.id, **fields, **SILENT}


def as_made(shown: Values) -> dict[str, str]:
    """Return the marks of what a ticket was made with and nobody has set: its state, and whether it is shared."""
    return {STATE: field_hash(STATE, shown[STATE])} | shared_mark(shown, None)


def priority_ignored(answered: str) -> IntercomError:
    """Return the error for a priority that Intercom took and left as it was, as every version but Preview does."""
    said = f"Intercom left its own priority at {answered!r}: the Preview version that can change it did not answer."
    return error_for(
        Classified(CallOutcome.REJECTED, WriteCode.PRIORITY_IGNORED, said),
        200,
        errors.RequestSent(endpoints.UPDATE_CONVERSATION),
    )


class TicketRoute:
    """Writes conversations as tickets. `conversation_id` is Intercom's.

    `ticket_before` is how the ticket stood before this run; None where this run makes it, so that there is nothing of
    anybody's to be overwritten.
    """

    def __init__(self, workspace: RouteWorkspace) -> None:
        self.workspace = workspace
        self.client = workspace.client
        self._no_priority: str | None = None

    async def create(self, row: Row) -> Sent:
        """Create the ticket; its id is the conversation's.

        The state that Intercom gives it is noted with what we gave it: until one is set, it is nobody's edit.
        """
        made = await self.client.create_ticket(create_body(row, self.workspace))
        shown = self._shown(made)
        left = field_hashes(self._wanted(row), shown) | as_made(shown) | customer_mark(row)
        return Sent(made.id, last_written=left, answered=self._answered(row, made, CREATE_TICKET))

    def _wanted(self, row: Row) -> dict[str, Any]:
        return wanted_fields(row, self.workspace)

    def _shown(self, ticket: Ticket) -> dict[str, Any]:
        return shown_ticket(ticket, self.workspace.ticket_type)

    def _answered(self, row: Row, ticket: Ticket, request: str, among: Collection[str] | None = None) -> AnsweredFields:
        there = with_option_ids(ticket, self.workspace.ticket_type)
        return answered(FIELDS, self.workspace.with_ids(row), there, request, among=among)

    async def read(self, conversation_id: str) -> Read:
        """Return what the ticket shows."""
        ticket = await self.client.get_ticket(conversation_id)
        return Read(self._shown(ticket), ticket.parts)

    async def append(self, row: Row, part: Row, conversation_id: str) -> Sent:  # noqa: ARG002 - the other route's
        """Add a part with its files, silently.

        Raises:
            UnsendableError: a contact's part has files, which a ticket does not take; the plan gives it none.
        """
        if part["files"] and part["author_kind"] == "contact":
            raise UnsendableError("A contact's reply to a ticket cannot carry files.")
        async with self.workspace.files.of(part) as files:
            made = await self.client.reply_ticket(conversation_id, {**reply_body(part), **SILENT}, files)
        return Sent(made.id, answered=answered_part(part, made))

    async def update(self, row: Row, conversation_id: str, ticket_before: TicketBefore | None) -> Sent:
        """Bring attributes, company and assignment to the row; does no harm when repeated."""
        decision = await self._decide(row, conversation_id, ticket_before)
        answer = await self._change(conversation_id, decision)
        return self._shared(self._updated(row, conversation_id, decision, answer), answer, ticket_before)

    def _shared(self, sent: Sent, answer: Ticket | None, ticket_before: TicketBefore | None) -> Sent:
        """Add to the marks of a write whether the answer shows the ticket shared."""
        if answer is None or not (mark := shared_mark(self._shown(answer), ticket_before)):
            return sent
        return replace(sent, last_written={**(sent.last_written or {}), **mark})

    async def _decide(self, row: Row, conversation_id: str, ticket_before: TicketBefore | None) -> FieldDecisions:
        """Decide what of a ticket is to be changed; company and inbox title, not shown by it, are read if needed."""
        wanted = self._wanted(row)
        if ticket_before is None:
            return FieldDecisions(changes=wanted)
        wanted = with_emptied(wanted, ticket_before.left, FIELDS.emptied_by_null(CHANGE_TICKET))
        hidden = [name for name in ("company_id", TITLE_FIELD) if wanted.get(name) is not None]
        if not any(ticket_before.would_change(name, wanted[name]) for name in hidden):
            return ticket_before.decide(wanted)
        there = await self.client.get_conversation(conversation_id)
        shown = FIELDS.shown(there, CHANGE_TICKET)
        title = own_title(there.title, self.workspace.answers)
        if title_touches(title, Left(ticket_before.left)):
            shown[TITLE_FIELD] = title
        return ticket_before.decide(wanted, shown)

    async def _change(self, conversation_id: str, decision: FieldDecisions) -> Ticket | None:
        """Write the changes of a ticket, and return the last answer; None where nothing is to be written."""
        answer = None
        for body in update_bodies(decision, self.workspace.admin_id):
            answer = await self.client.update_ticket(conversation_id, body)
        return answer

    def _updated(self, row: Row, conversation_id: str, decision: FieldDecisions, answer: Ticket | None) -> Sent:
        shown = self._shown(answer) if answer is not None else {}
        left = field_hashes(decision.changes, shown) | field_hashes(decision.settled, {})
        return Sent(
            conversation_id,
            before_image=nested(decision.before),
            last_written=left,
            remark=decision.remark,
            answered=self._answered(row, answer, CHANGE_TICKET, names_in_body(decision.changes)) if answer else {},
        )

    async def tag(self, tag_id: str, conversation_id: str) -> None:
        """Put a tag on the ticket."""
        await self.client.tag_ticket(conversation_id, tag_id, self.workspace.admin_id)

    async def untag(self, tag_id: str, conversation_id: str) -> None:
        """Take a tag off the ticket; does no harm when repeated."""
        await self.client.untag_ticket(conversation_id, tag_id, self.workspace.admin_id)

    async def priority(self, row: Row, conversation_id: str, ticket_before: TicketBefore | None) -> Sent:
        """Set Intercom's own priority, which only the Preview version can write.

        Raises:
            UnsendableError: Intercom has said before that this token or workspace may not; it is not asked each time.
        """
        if self._no_priority is not None:
            raise UnsendableError(f"Intercom refused its own priority for another conversation ({self._no_priority}).")
        wanted = FIELDS.wanted(row, PRIORITY)
        if ticket_before is None:
            decision = FieldDecisions(changes=wanted)
        else:
            there = await self.client.get_conversation(conversation_id)
            # "none" is Intercom's word for none.
            shown = {name: None if value == "none" else value for name, value in FIELDS.shown(there, PRIORITY).items()}
            decision = ticket_before.decide(wanted, shown)
        if not decision.changes:
            return self._updated(row, conversation_id, decision, None)
        body = {**wanted, "admin_id": self.workspace.admin_id}
        try:
            answer = await self.client.update_conversation(conversation_id, body, preview=True)
        except IntercomError as error:
            if error.status == 403 or error.code == "intercom_version_invalid":
                self._no_priority = error.code
            raise
        if answer.priority not in (None, row["priority"]):
            raise priority_ignored(answer.priority)
        seen = answered(FIELDS, row, answer, PRIORITY)
        return replace(self._updated(row, conversation_id, decision, None), answered=seen)

    async def settle(self, row: Row, conversation_id: str, ticket_before: TicketBefore | None) -> Sent:
        """Set state, ticket state and snoozing; a state that somebody has chosen is set again after our parts."""
        written_in = ticket_before is not None and not ticket_before.is_ticket
        if ticket_before is not None and written_in and not ticket_before.policy.overwrite_edited:
            # Somebody has written in the conversation before it became a ticket: it stays open for them.
            return Sent(conversation_id, remark=FieldDecisions(kept=[STATE]).remark)
        wanted = wanted_state(row, self.workspace)
        before_us = None if written_in else ticket_before
        states = self.workspace.states.values()
        to = settling(wanted, before_us, states, woken=row["woken"], touched=row.get("touched", False))
        answer: Ticket | None = None
        if to.needed:
            # What this run has sent to it may have woken it.
            known = ticket_before.shown.get(STATE, {}) if ticket_before is not None and not row.get("touched") else {}
            asleep = bool(known.get("snoozed_until"))
            answer = await bring_into(self.workspace, conversation_id, to.target, asleep=asleep)
        shown = self._shown(answer) if answer is not None else {}
        left = field_hashes({STATE: wanted}, shown) if to.ours and (to.needed or STATE in to.decision.settled) else None
        before = nested(to.decision.before)
        remark = FieldDecisions(overwritten=[STATE]).remark if written_in else to.decision.remark
        seen = self._answered(row, answer, SETTLE) if answer is not None and to.ours else {}
        sent = Sent(conversation_id, before_image=before, last_written=left, remark=remark, answered=seen)
        return self._shared(sent, answer, ticket_before)

    async def find(self, row: Row) -> list[FoundWrite]:
        """Find tickets by the source id that is stamped on them."""
        field = f"ticket_attribute.{self.workspace.ticket_type.source_id}"
        query = {"field": field, "operator": "=", "value": row["source_key"]}
        wanted = self._wanted(row)
        return oldest_first(
            [
                FoundWrite(ticket.id, hashes_of_found(wanted, shown) | shared_mark(shown, None) | customer_mark(row))
                async for page in self.client.search_tickets(query)
                for ticket in page
                for shown in (self._shown(ticket),)
            ]
        )

    async def parts(self, row: Row, conversation_id: str) -> list[ConversationPart]:  # noqa: ARG002
        """Read the ticket's parts."""
        return (await self.client.get_ticket(conversation_id)).parts
