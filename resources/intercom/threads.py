"""Tickets and conversations, and the parts in them."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from resources.intercom import endpoints
from resources.intercom.errors import nothing_there
from resources.intercom.http import Connection
from resources.intercom.paging import Page, search_pages
from resources.intercom.uploads import Upload
from schemas.intercom import Conversation, ConversationPart, Message, Tag, Ticket


class TicketCalls(Connection):
    """Calls about tickets; `id` is never the number shown in the Inbox. All raise `IntercomError`."""

    async def create_ticket(self, body: Mapping[str, Any]) -> Ticket:
        """Create a ticket; not safe to send again."""
        return await self.call_for(Ticket, endpoints.CREATE_TICKET, body=body)

    async def get_ticket(self, ticket_id: str) -> Ticket:
        """Read a ticket with its 500 newest parts."""
        return await self.call_for(Ticket, endpoints.TICKET, ids={"ticket_id": ticket_id})

    async def update_ticket(self, ticket_id: str, body: Mapping[str, Any]) -> Ticket:
        """Change a ticket; what `body` does not name stays."""
        return await self.call_for(Ticket, endpoints.UPDATE_TICKET, ids={"ticket_id": ticket_id}, body=body)

    async def reply_ticket(
        self, ticket_id: str, body: Mapping[str, Any], files: Sequence[Upload] = ()
    ) -> ConversationPart:
        """Add a comment or a note to a ticket and return that part; not safe to send again.

        Only an admin's may have `files`, ten at most.
        """
        ids = {"ticket_id": ticket_id}
        return await self.call_for(ConversationPart, endpoints.REPLY_TICKET, ids=ids, body=body, files=files)

    def search_tickets(self, query: Mapping[str, Any], per_page: int = 150) -> AsyncIterator[Page[Ticket]]:
        """Search tickets, page by page; one just made may be missing for a while."""
        return search_pages(self, Ticket, endpoints.SEARCH_TICKETS, "tickets", query, per_page)

    async def tag_ticket(self, ticket_id: str, tag_id: str, admin_id: str) -> Tag:
        """Put a tag on a ticket in the name of a teammate: safe to send again."""
        body = {"id": tag_id, "admin_id": admin_id}
        return await self.call_for(Tag, endpoints.TAG_TICKET, ids={"ticket_id": ticket_id}, body=body)

    async def delete_ticket(self, ticket_id: str) -> None:
        """Delete a ticket for good, with everything in it; nobody is told. One that is gone is answered with 404."""
        await self.call(endpoints.DELETE_TICKET, ids={"ticket_id": ticket_id})

    async def untag_ticket(self, ticket_id: str, tag_id: str, admin_id: str) -> None:
        """Take a tag off a ticket in the name of a teammate; one that it does not wear is no error."""
        ids = {"ticket_id": ticket_id, "tag_id": tag_id}
        with nothing_there():
            await self.call(endpoints.UNTAG_TICKET, ids=ids, body={"admin_id": admin_id})


class ConversationCalls(Connection):
    """Calls about conversations. All raise `IntercomError`."""

    async def create_conversation(self, body: Mapping[str, Any]) -> Message:
        """Create a conversation; not safe to send again. Later calls need the answer's `conversation_id`."""
        return await self.call_for(Message, endpoints.CREATE_CONVERSATION, body=body)

    async def get_conversation(self, conversation_id: str) -> Conversation:
        """Read a conversation with its 500 newest parts."""
        ids = {"conversation_id": conversation_id}
        return await self.call_for(Conversation, endpoints.CONVERSATION, ids=ids)

    async def update_conversation(
        self, conversation_id: str, body: Mapping[str, Any], *, preview: bool = False
    ) -> Conversation:
        """Change a conversation; its priority can be written with `preview` only, other versions ignore it."""
        ids = {"conversation_id": conversation_id}
        return await self.call_for(Conversation, endpoints.UPDATE_CONVERSATION, ids=ids, body=body, preview=preview)

    async def reply_conversation(
        self, conversation_id: str, body: Mapping[str, Any], files: Sequence[Upload] = ()
    ) -> Conversation:
        """Add a comment or note, with ten files at most, and return the whole conversation; not safe to send again."""
        ids = {"conversation_id": conversation_id}
        return await self.call_for(Conversation, endpoints.REPLY_CONVERSATION, ids=ids, body=body, files=files)

    async def manage_conversation(self, conversation_id: str, body: Mapping[str, Any]) -> Conversation:
        """Close, open, snooze or assign; each call adds a visible part that is dated now."""
        ids = {"conversation_id": conversation_id}
        return await self.call_for(Conversation, endpoints.MANAGE_CONVERSATION, ids=ids, body=body)

    async def convert_conversation(self, conversation_id: str, body: Mapping[str, Any]) -> Ticket:
        """Turn a conversation into a Customer ticket, which keeps its thread; cannot be undone."""
        ids = {"conversation_id": conversation_id}
        return await self.call_for(Ticket, endpoints.CONVERT_CONVERSATION, ids=ids, body=body)

    async def tag_conversation(self, conversation_id: str, tag_id: str, admin_id: str) -> Tag:
        """Put a tag on a conversation in the name of a teammate: safe to send again."""
        ids = {"conversation_id": conversation_id}
        body = {"id": tag_id, "admin_id": admin_id}
        return await self.call_for(Tag, endpoints.TAG_CONVERSATION, ids=ids, body=body)

    async def delete_conversation(self, conversation_id: str) -> None:
        """Delete a conversation for good, with everything in it; one that is gone is answered with 404."""
        await self.call(endpoints.DELETE_CONVERSATION, ids={"conversation_id": conversation_id})

    async def redact_part(self, conversation_id: str, part_id: str) -> Conversation:
        """Take text and files out of a part of a conversation or ticket; an empty part stays. Cannot be undone."""
        body = {"type": "conversation_part", "conversation_id": conversation_id, "conversation_part_id": part_id}
        return await self.call_for(Conversation, endpoints.REDACT_PART, body=body)

    async def untag_conversation(self, conversation_id: str, tag_id: str, admin_id: str) -> None:
        """Take a tag off a conversation in the name of a teammate; one that it does not wear is no error."""
        ids = {"conversation_id": conversation_id, "tag_id": tag_id}
        with nothing_there():
            await self.call(endpoints.UNTAG_CONVERSATION, ids=ids, body={"admin_id": admin_id})

    def search_conversations(self, query: Mapping[str, Any], per_page: int = 150) -> AsyncIterator[Page[Conversation]]:
        """Search conversations, page by page; one just made may be missing for a while."""
        return search_pages(self, Conversation, endpoints.SEARCH_CONVERSATIONS, "conversations", query, per_page)
