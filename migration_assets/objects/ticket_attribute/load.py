"""Attributes of the ticket type: created where missing, adopted where they fit, refused where not."""

from typing import Any

from migration_assets.objects.attribute.load import BROUGHT_BACK, AttributeLoader, fits, require_fit
from migration_assets.objects.ticket_attribute.undo import TicketAttributeUndoer
from migration_assets.objects.ticket_type.load import require_ticket_type
from migration_assets.writing.environment import Environment
from migration_assets.writing.records import Sent


def ticket_attribute_body(row: dict[str, Any]) -> dict[str, Any]:
    """Return what `POST /ticket_types/{id}/attributes` is sent; customers do not see what was migrated."""
    body = {
        "name": row["name"],
        "description": row.get("description") or row["name"],
        "data_type": row["data_type"],
        "required_to_create": False,
        "required_to_create_for_contacts": False,
        "visible_to_contacts": False,
    }
    if row["data_type"] == "list":
        body["list_items"] = ",".join(row["options"])
    return body


class TicketAttributes(AttributeLoader, TicketAttributeUndoer):
    """Attributes of the ticket type, which must be loaded before."""

    object = "ticket_attribute"
    journal_objects = ("ticket_attribute",)

    def __init__(self, ticket_type: str) -> None:
        super().__init__()
        self._type_name = ticket_type

    async def prepare(self, env: Environment) -> None:
        """Read the ticket type with what it has, and what is archived of it."""
        self._client = env.client
        self._type = await require_ticket_type(env.client, self._type_name)

    async def _send(self, row: dict[str, Any]) -> Sent:
        existing = self._type.attributes.get(row["name"])
        if existing is None:
            archived = self._type.archived.get(row["name"])
            if archived is not None and fits(row, archived.data_type, set(archived.options)):
                await self._client.update_ticket_type_attribute(self._type.id, archived.id, BROUGHT_BACK)
                return Sent(archived.id)
            made = await self._client.create_ticket_type_attribute(self._type.id, ticket_attribute_body(row))
            return Sent(made.id)
        require_fit(row, existing.data_type, set(existing.options))
        return Sent(existing.id, adopted=not row["tried"])
