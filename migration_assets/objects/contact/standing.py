"""Which contacts Intercom has, read before the plan of a first load."""

from migration_assets.objects.adoption import marked
from migration_assets.objects.observed import STANDING, keep_observed
from resources.intercom.client import Intercom
from resources.warehouse import Warehouse
from schemas.intercom import Contact


async def list_contacts(client: Intercom, warehouse: Warehouse) -> None:
    """Keep what Intercom has of people, page by page.

    A lead is not in the way: Intercom lets a lead and a user have one address, and its external id is Intercom's own.
    So ours is made beside it, and the lead stays as it is.
    """
    async for people in client.iter_contacts():
        keep_observed(warehouse, STANDING, [_row(one) for one in people if one.role != "lead"])


def _row(one: Contact) -> tuple[str | None, ...]:
    email = one.email.strip().lower() if one.email else None
    return ("contact", one.id, one.external_id, email, one.phone, one.name, marked(one.custom_attributes, "id"))
