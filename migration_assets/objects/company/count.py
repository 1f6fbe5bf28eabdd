"""Which companies stand in Intercom."""

import duckdb

from migration_assets.objects.company.declaration import COMPANY
from migration_assets.objects.destination import PLANNED, Destination, DestinationCount, Pairs, keep_found
from migration_assets.objects.read_back import pages
from migration_assets.writing.environment import Environment
from resources.warehouse import fetch_frame, scalar

AT_ONCE = 1_000
"""Companies that are asked for one by one before what they are is passed on."""
KEYS = f"SELECT company_id FROM target.companies SEMI JOIN ({PLANNED}) USING (source_key)"
LINKED = f"""
SELECT count(*) FROM ({PLANNED}) w SEMI JOIN target.contact_companies l ON l.company_key = w.source_key
"""


async def count_companies(env: Environment, _ticket_type: str) -> list[DestinationCount]:
    """List the companies with contacts by company_id, then ask for each of ours that no list shows.

    One that has no contact is in no list of Intercom's, and no search finds companies: it takes a call of its own.
    """
    pairs: Pairs = []
    async for page in env.client.iter_companies():
        pairs += [(company.company_id, company.id) for company in page if company.company_id]
        await env.seen(page.items)
    found = {key for key, _ in pairs}
    with env.warehouse.connect() as connection:
        keys = fetch_frame(connection, KEYS, [COMPANY.name])["company_id"].to_list()
    alone = [key for key in keys if key not in found]
    for first in range(0, len(alone), AT_ONCE):
        asked = await env.each(alone[first : first + AT_ONCE], env.client.find_company)
        there = [company for company in asked if company is not None]
        pairs += [(company.company_id or "", company.id) for company in there]
        await env.seen(there)
    return [keep_found(env, COMPANY, pairs, by="company_id")]


def calls(connection: duckdb.DuckDBPyConnection) -> int:
    """Return the calls: the pages with those that have contacts, a page that is empty, and one for each of the rest."""
    planned = scalar(connection, f"SELECT count(*) FROM ({PLANNED})", [COMPANY.name])
    linked = scalar(connection, LINKED, [COMPANY.name])
    return pages(linked) + 1 + planned - linked


DESTINATION = Destination(count_companies, calls=calls)
