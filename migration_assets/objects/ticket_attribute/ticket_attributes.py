"""Attributes of the ticket type: created where missing, adopted where they fit, refused where not."""

from collections.abc import Mapping
from typing import Any

from migration_assets.objects.answered import answered
from migration_assets.objects.attribute.attributes import BROUGHT_BACK, fits, require_fit
from migration_assets.objects.paged import PagedObject
from migration_assets.objects.ticket_attribute.declaration import TICKET_ATTRIBUTE
from migration_assets.objects.ticket_type.ticket_types import TicketTypeInfo, require_ticket_type
from migration_assets.objects.undoer import ARCHIVED, ListedUndoer, Row
from migration_assets.writing.environment import Environment
from migration_assets.writing.records import Sent
from migration_assets.writing.touch_rules import Refusal, RefusalCode
from resources.intercom.client import Intercom


async def bring_ticket_attribute(client: Intercom, there: TicketTypeInfo, row: Mapping[str, Any]) -> Sent:
    """Create an attribute of a ticket type, adopt the one that fits, or bring back one that is archived."""
    existing = there.attributes.get(row["name"])
    if existing is not None:
        require_fit(row, existing.data_type, set(existing.options))
        return Sent(existing.id, adopted=not row["tried"])
    archived = there.archived.get(row["name"])
    if archived is not None and fits(row, archived.data_type, set(archived.options)):
        await client.update_ticket_type_attribute(there.id, archived.id, BROUGHT_BACK)
        return Sent(archived.id)
    row = {**row, "description": row["description"] or row["name"]}
    made = await client.create_ticket_type_attribute(there.id, TICKET_ATTRIBUTE.fields.body(row))
    return Sent(made.id, answered=answered(TICKET_ATTRIBUTE.fields, row, made))


class TicketAttributes(PagedObject, ListedUndoer):
    """Attributes of the ticket type, which must be loaded before."""

    declaration = TICKET_ATTRIBUTE

    def __init__(self, ticket_type: str) -> None:
        super().__init__()
        self._type_name = ticket_type

    async def prepare(self, env: Environment) -> None:
        """Read the ticket type with what it has, and what is archived of it."""
        self._client = env.client
        self._type = await require_ticket_type(env.client, self._type_name)

    async def send(self, row: Mapping[str, Any]) -> Sent:
        """Create it, adopt the one that fits, or bring back one that is archived."""
        return await bring_ticket_attribute(self._client, self._type, row)

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
        return Refusal(RefusalCode.IN_USE, "tickets that stay have values in it") if stays else None

    async def remove(self, there: tuple[str, str]) -> object:
        """Archive it."""
        return await self._client.update_ticket_type_attribute(*there, ARCHIVED)
