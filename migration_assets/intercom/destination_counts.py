"""Counting what stands in Intercom by asking Intercom, not the journal: as each object's room says."""

from migration_assets.objects.destination import DestinationCount, count_found
from migration_assets.objects.registry import rooms
from migration_assets.writing.environment import Environment


async def count_destination(env: Environment, object_name: str, ticket_type: str) -> list[DestinationCount]:
    """Ask Intercom what stands of an object (as in the journal), and of what is part of it.

    Raises:
        KeyError: there is no such object, or it is counted with another one.
    """
    count = rooms()[object_name].destination.count
    if count is None:
        raise KeyError(f"{object_name} is counted with another object, or not at all")
    return await count(env, ticket_type)


def recount(env: Environment, object_name: str) -> list[DestinationCount]:
    """Count anew what is kept as found of an object, and what hangs on it."""
    room = rooms()[object_name]
    with env.warehouse.connect() as connection:
        found = [count_found(connection, room.declaration)]
        with_it = room.destination.with_it
        return [*found, with_it(connection)] if with_it is not None else found
