"""Undoing attributes of the ticket type: archived, no more goes, once no ticket of ours has values in them."""

from collections.abc import Mapping

from migration_assets.objects.undoer import ARCHIVED, ListedUndoer, Row
from migration_assets.writing.touch_rules import Refusal


class TicketAttributeUndoer(ListedUndoer):
    """Attributes of the ticket type."""

    removal = "archive"

    async def listed(self) -> Mapping[str, tuple[str, str]]:
        """List the attributes of all ticket types that are not archived, each with the type that has it."""
        return {
            attribute.id: (item.id, attribute.id)
            for item in await self._client.list_ticket_types()
            for attribute in item.attributes
            if not attribute.archived
        }

    async def refusal(self, _row: Row, _there: tuple[str, str]) -> Refusal | None:
        """See whether a ticket of ours stays."""
        stays = self._retained.any_stays("conversation")
        return Refusal("in_use", "tickets that stay have values in it") if stays else None

    async def remove(self, there: tuple[str, str]) -> object:
        """Archive it."""
        return await self._client.update_ticket_type_attribute(*there, ARCHIVED)
