"""Which attributes of the ticket type stand in Intercom."""

from migration_assets.objects.destination import Destination, DestinationCount, keep_found
from migration_assets.objects.ticket_attribute.declaration import TICKET_ATTRIBUTE
from migration_assets.objects.ticket_type.ticket_types import find_ticket_type
from migration_assets.writing.environment import Environment


async def count_ticket_attributes(env: Environment, ticket_type: str) -> list[DestinationCount]:
    """List the attributes of the ticket type."""
    found = await find_ticket_type(env.client, ticket_type)
    await env.seen([found] if found is not None else [])
    attributes = found.attributes if found is not None else []
    pairs = [(f"ticket.{item.name}", item.id) for item in attributes if not item.archived]
    return [keep_found(env, TICKET_ATTRIBUTE, pairs)]


DESTINATION = Destination(count_ticket_attributes)
