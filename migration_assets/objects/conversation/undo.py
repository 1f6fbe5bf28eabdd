"""Undoing conversations: read whole, and deleted with all their messages unless somebody has touched them since."""

from collections.abc import Collection

from migration_assets.objects.conversation.routes.fields import STATE, shown_ticket
from migration_assets.objects.ticket_type.load import TicketTypeInfo, describe
from migration_assets.objects.undoer import NOTHING_LEFT, ReadUndoer, Row, Undoing, found
from migration_assets.writing.touch_rules import EditRules, ReadThread, left_of, touched_thread
from schemas.intercom import Conversation, Ticket

EDIT_RULES = EditRules(not_shown=frozenset({"company_id", "priority"}), of_itself=frozenset({STATE, "assignee"}))
"""Company and priority only a ticket's conversation shows, which is not read; every ticket has a state and an assignee,
also before our writes have come to them."""


class ConversationUndoer(ReadUndoer):
    """Conversations with their tickets, messages and tags."""

    async def look(self, row: Row) -> Undoing:
        """Read the ticket, or the conversation where a load died before it was made one."""
        there = await self._read(row["intercom_id"])
        if there is None:
            return NOTHING_LEFT
        blanked = [part.id for part in there.parts if part.redacted and self._retained.was_doubled(there.id, part.id)]
        left = left_of(row["last_written"], row["parts"], row["last_at"])
        refusal = touched_thread(thread_of(there, blanked), left, EDIT_RULES)
        if refusal is not None:
            return Undoing(refusal=refusal)
        remove = self._client.delete_ticket if isinstance(there, Ticket) else self._client.delete_conversation
        return Undoing(lambda: remove(there.id))

    async def stands(self, row: Row) -> bool:
        """Whether it can still be read."""
        return await self._read(row["intercom_id"]) is not None

    async def _read(self, conversation_id: str) -> Ticket | Conversation | None:
        ticket: Ticket | None = await found(self._client.get_ticket(conversation_id))
        if ticket is not None:
            return ticket
        conversation: Conversation | None = await found(self._client.get_conversation(conversation_id))
        return conversation


def thread_of(there: Ticket | Conversation, blanked: Collection[str] = ()) -> ReadThread:
    """Return what is judged of a ticket or conversation; of a conversation that is no ticket yet, its messages.

    Those that we have blanked ourselves are left out.
    """
    parts = [part for part in there.parts if part.id not in blanked]
    if isinstance(there, Conversation):
        return ReadThread({}, parts)
    ticket_type = describe(there.ticket_type) if there.ticket_type is not None else TicketTypeInfo("", {})
    return ReadThread(shown_ticket(there, ticket_type), parts)
