"""Undoing the ticket type: it is archived, no more goes, once no ticket has it."""

from collections.abc import Mapping

from migration_assets.objects.undoer import ARCHIVED, ListedUndoer, Row
from migration_assets.writing.touch_rules import Refusal
from schemas.intercom import TicketType


class TicketTypeUndoer(ListedUndoer):
    """The ticket type."""

    removal = "archive"

    async def listed(self) -> Mapping[str, TicketType]:
        """List the ticket types that are not archived."""
        return {item.id: item for item in await self._client.list_ticket_types() if not item.archived}

    async def refusal(self, _row: Row, there: TicketType) -> Refusal | None:
        """See whether it is still used."""
        if self._retained.any_stays("conversation") or await self._used(there.id):
            return Refusal("in_use", "tickets that stay have it")
        return None

    async def remove(self, there: TicketType) -> object:
        """Archive it."""
        return await self._client.update_ticket_type(there.id, ARCHIVED)

    async def _used(self, type_id: str) -> bool:
        query = {"field": "ticket_type_id", "operator": "=", "value": type_id}
        async for page in self._client.search_tickets(query):
            if any(self._retained.stays("conversation", ticket.id) for ticket in page):
                return True
        return False
