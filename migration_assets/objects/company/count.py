"""Which companies stand in Intercom."""

from migration_assets.objects.company.declaration import COMPANY
from migration_assets.objects.destination import Destination, DestinationCount, Pairs, keep_found
from migration_assets.writing.environment import Environment
from resources.warehouse import fetch_frame
from schemas.intercom import Company


async def count_companies(env: Environment, _ticket_type: str) -> list[DestinationCount]:
    """List the companies with contacts by company_id, then ask for each of ours that no list shows."""
    pairs: Pairs = []
    async for page in env.client.iter_companies():
        pairs += [(company.company_id, company.id) for company in page if company.company_id]
        await env.seen(page.items)
    found = {key for key, _ in pairs}
    with env.warehouse.connect() as connection:
        keys = fetch_frame(connection, "SELECT company_id FROM target.companies")["company_id"].to_list()
    for key in keys:
        company: Company | None = None if key in found else await env.client.find_company(key)
        if company is not None:
            pairs.append((key, company.id))
            await env.seen([company])
    return [keep_found(env, COMPANY, pairs, by="company_id")]


DESTINATION = Destination(count_companies)
