"""Whether the ticket type stands in Intercom."""

from migration_assets.objects.destination import Destination, DestinationCount
from migration_assets.objects.ticket_type.ticket_types import find_ticket_type
from migration_assets.writing.environment import Environment


async def count_ticket_type(env: Environment, ticket_type: str) -> list[DestinationCount]:
    """Whether the ticket type is there: one or none."""
    there = int(await find_ticket_type(env.client, ticket_type) is not None)
    return [DestinationCount("ticket_type", 1, there, 0)]


# It is what our tickets are of: where it stood before the journal began, so may they.
DESTINATION = Destination(count_ticket_type, known_if_adopted=True)
