"""The conversation route: a conversation that the contact opens, then the replies, then its conversion to a ticket.

Creating, a contact's replies and converting cannot be silenced; once it is a ticket, everything is written
through the ticket and is silent.
"""

from dataclasses import replace

from migration_assets.objects.answered import answered
from migration_assets.objects.conversation.declaration import CHANGE_CONVERSATION, CONVERT, OPEN
from migration_assets.objects.conversation.routes.fields import FIELDS, customer_mark
from migration_assets.objects.conversation.routes.shared import (
    SILENT,
    Read,
    Row,
    TicketBefore,
    answered_part,
    oldest_first,
    reply_body,
    same_part,
)
from migration_assets.objects.conversation.routes.ticket import TicketRoute
from migration_assets.objects.shown import as_text
from migration_assets.objects.ticket_type.ticket_types import TITLE
from migration_assets.writing.conflicts import FieldDecisions, normal
from migration_assets.writing.records import Sent
from migration_assets.writing.resolve import FoundWrite
from migration_assets.writing.text import plain
from schemas.intercom import Conversation, ConversationPart, Ticket


class ConversationRoute(TicketRoute):
    """Writes conversations as such and converts them; what comes after is the ticket route's."""

    async def create(self, row: Row) -> Sent:
        """Open the conversation. The answer's own id is the message's and of no use."""
        body = FIELDS.body(row, OPEN)
        made = await self.client.create_conversation(body)
        shown = {"created_at": made.created_at, "opening": made.body}
        sent = {"created_at": row["created_at"], "opening": body["body"]}
        seen = {name: (as_text(sent[name]), as_text(value)) for name, value in shown.items() if value is not None}
        return Sent(made.conversation_id, answered=seen)

    async def read(self, conversation_id: str) -> Read:
        """Return what the ticket shows, or the parts while it is a conversation only."""
        there = await self.client.get_conversation(conversation_id)
        return await super().read(conversation_id) if there.ticket else Read({}, there.parts, is_ticket=False)

    async def append(self, row: Row, part: Row, conversation_id: str) -> Sent:
        """Add a part with its files: as a ticket's once it is one, which is silent."""
        if row["converted"]:
            return await super().append(row, part, conversation_id)
        body = reply_body(part)
        if part["author_kind"] == "admin":
            body |= SILENT
        async with self.workspace.files.of(part) as files:
            answer = await self.client.reply_conversation(conversation_id, body, files)
        # The whole conversation comes back: ours is the newest of those that look like it.
        ours = oldest_first([FoundWrite(found.id) for found in answer.parts if same_part(part, found)])
        made = next((found for found in answer.parts if ours and found.id == ours[-1].id), answer.parts[-1])
        return Sent(made.id, answered=answered_part(part, made))

    async def update(self, row: Row, conversation_id: str, ticket_before: TicketBefore | None) -> Sent:
        """Set title and company, make it a ticket if it is none, and set its attributes and assignment."""
        if ticket_before is not None and not ticket_before.is_ticket:
            ticket_before = None  # it has nothing of a ticket's that anybody could have edited
        decision = await self._decide(row, conversation_id, ticket_before)
        if ticket_before is not None:
            if f"ticket_attributes.{TITLE}" in decision.changes:
                await self.client.update_conversation(conversation_id, {"title": row["title"]})
            answer = await self._change(conversation_id, decision)
            return self._shared(self._updated(row, conversation_id, decision, answer), answer, ticket_before)
        there = await self.client.get_conversation(conversation_id)
        changed = await self.client.update_conversation(conversation_id, FIELDS.body(row, CHANGE_CONVERSATION))
        if there.ticket:
            answer = await self._change(conversation_id, decision)
        else:
            answer = await self._convert(row, conversation_id, decision)
        sent = self._shared(self._updated(row, conversation_id, decision, answer), answer, ticket_before)
        sent = replace(sent, last_written={**(sent.last_written or {}), **customer_mark(row)})
        return replace(sent, answered={**answered(FIELDS, row, changed, CHANGE_CONVERSATION), **sent.answered})

    async def _convert(self, row: Row, conversation_id: str, decision: FieldDecisions) -> Ticket:
        """Make it a ticket, which cannot be told its assignee, and set what the answer does not show."""
        state = {"ticket_state_id": self.workspace.state_id(row["ticket_state"])}
        fields = FIELDS.body({**self.workspace.with_ids(row), **state}, CONVERT)
        body = {"ticket_type_id": self.workspace.ticket_type.id, **fields}
        made = await self.client.convert_conversation(conversation_id, body)
        shown = self._shown(made)
        # A ticket does not show its company, which the conversation was given.
        told = {name: value for name, value in decision.changes.items() if name != "company_id"}
        missing = {name: value for name, value in told.items() if normal(name, shown.get(name)) != normal(name, value)}
        # Nobody is assigned to what was just made.
        if not any(missing.get("assignee", {}).values()):
            missing.pop("assignee", None)
        return await self._change(conversation_id, FieldDecisions(changes=missing)) or made

    async def tag(self, tag_id: str, conversation_id: str) -> None:
        """Put a tag on the conversation."""
        await self.client.tag_conversation(conversation_id, tag_id, self.workspace.admin_id)

    async def untag(self, tag_id: str, conversation_id: str) -> None:
        """Take a tag off the conversation."""
        await self.client.untag_conversation(conversation_id, tag_id, self.workspace.admin_id)

    async def find(self, row: Row) -> list[FoundWrite]:
        """Find conversations of the contact that began at that second with that text."""
        query = {"field": "contact_ids", "operator": "=", "value": row["contact_id"]}
        found = [
            FoundWrite(conversation.id)
            async for page in self.client.search_conversations(query)
            for conversation in page
            if _same(row, conversation)
        ]
        return oldest_first(found)

    async def parts(self, row: Row, conversation_id: str) -> list[ConversationPart]:  # noqa: ARG002
        """Read the conversation's parts."""
        return (await self.client.get_conversation(conversation_id)).parts


def _same(row: Row, conversation: Conversation) -> bool:
    text = (conversation.source or {}).get("body")
    return conversation.created_at == row["created_at"] and plain(text) == plain(FIELDS.body(row, OPEN)["body"])
