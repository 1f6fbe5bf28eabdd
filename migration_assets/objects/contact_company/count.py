"""Which contacts belong to which companies in Intercom."""

from pathlib import Path

import polars as pl

from migration_assets.objects.contact_company.declaration import CONTACT_COMPANY
from migration_assets.objects.destination import Destination, DestinationCount, Pairs, count_found, pages_of_planned
from migration_assets.writing.environment import Environment
from resources.warehouse import insert_frame

IN_FULL = 10
"""Intercom shows at most this many companies inside a contact; the rest is counted as journalled."""
_SCHEMA = {"source_key": pl.String, "intercom_id": pl.String}


async def count_links(env: Environment, _ticket_type: str) -> list[DestinationCount]:
    """Read which companies the contacts show; both ends are translated back to our keys."""
    pairs: Pairs = []
    async for page in env.client.iter_contacts():
        for contact in page:
            if len(contact.companies) >= IN_FULL:
                # A longer list is cut off inside a contact; the contact alone has the same limit.
                pairs += [(f"{contact.id}|*", contact.id)]
            pairs += [(f"{contact.id}|{company.id}", contact.id) for company in contact.companies]
    with env.warehouse.connect() as connection:
        insert_frame(connection, "observed.found", pl.DataFrame(pairs, schema=_SCHEMA, orient="row"), create=True)
        connection.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))
        return [count_found(connection, CONTACT_COMPANY)]


# They are read from the pages of the contacts.
DESTINATION = Destination(count_links, calls=pages_of_planned("contact"))
