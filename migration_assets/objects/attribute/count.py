"""Which attributes of contacts and companies stand in Intercom."""

from typing import Literal

from migration_assets.objects.attribute.declaration import ATTRIBUTE
from migration_assets.objects.destination import Destination, DestinationCount, Pairs, keep_found
from migration_assets.writing.environment import Environment

MODELS: tuple[Literal["contact"], Literal["company"]] = ("contact", "company")


async def count_attributes(env: Environment, _ticket_type: str) -> list[DestinationCount]:
    """List the attributes of contacts and companies."""
    pairs: Pairs = []
    for model in MODELS:
        found = await env.client.list_data_attributes(model)
        await env.seen(found)
        pairs += [
            (f"{model}.{item.name}", item.id or item.name)
            for item in found
            if item.custom is not False and not item.archived
        ]
    return [keep_found(env, ATTRIBUTE, pairs)]


DESTINATION = Destination(count_attributes, calls=lambda _connection: len(MODELS))
