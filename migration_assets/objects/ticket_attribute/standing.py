"""Which attributes Intercom's ticket types have, read before the plan of a first load."""

from migration_assets.objects.observed import ATTRIBUTES, keep_observed
from migration_assets.objects.ticket_type.ticket_types import describe
from resources.intercom.client import Intercom
from resources.warehouse import Warehouse


async def list_ticket_attributes(client: Intercom, warehouse: Warehouse) -> None:
    """Keep what each ticket type has, but for what is archived."""
    rows = [
        ("ticket", one.name, name, attribute.data_type, list(attribute.options))
        for one in await client.list_ticket_types()
        if not one.archived
        for name, attribute in describe(one).attributes.items()
    ]
    keep_observed(warehouse, ATTRIBUTES, rows)
