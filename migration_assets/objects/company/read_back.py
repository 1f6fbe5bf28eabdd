"""Reading companies back: from the pages in which they are counted, or one by one by our own id."""

from migration_assets.objects.company.declaration import COMPANY
from migration_assets.objects.read_back import AnswerSource, Getter, ReadBack, pages_of
from migration_assets.objects.shown import declared
from migration_assets.writing.environment import Environment
from resources.warehouse import fetch_frame
from schemas.intercom import Answer, Company

COMPANY_IDS = """
SELECT k.intercom_id, c.company_id FROM verified.applied_writes k JOIN target.companies c USING (source_key)
WHERE k.object = 'company'
"""


def by_id(env: Environment) -> Getter:
    """Return what asks for a company by the id that the migration gave it."""
    with env.warehouse.connect() as connection:
        company_ids = {row["intercom_id"]: row["company_id"] for row in fetch_frame(connection, COMPANY_IDS).to_dicts()}

    async def company(key: str) -> Answer | None:
        return await env.client.find_company(company_ids[key])

    return company


READ_BACK = ReadBack(
    sources=(AnswerSource("company", Company, COMPANY.name, by_id=by_id),),
    shows={Company: declared(COMPANY)},
    # A company that has no contact is in no page.
    calls=pages_of(COMPANY.name, more=1),
)
