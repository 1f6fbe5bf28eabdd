"""Which companies Intercom has, read before the plan of a first load, and when one of them is not ours."""

import asyncio
from collections.abc import Mapping
from typing import Any

from migration_assets.objects.adoption import bears_mark, marked
from migration_assets.objects.company.declaration import COMPANY
from migration_assets.objects.observed import STANDING, keep_observed
from migration_assets.objects.person_names import names_agree
from resources.intercom.client import Intercom
from resources.warehouse import Warehouse
from schemas.intercom import Company

AT_ONCE = 32
"""How many companies are asked for at a time."""
_UNLISTED = """
SELECT company_id FROM target.companies
ANTI JOIN (FROM observed.standing WHERE object = 'company') s ON s.id = company_id ORDER BY company_id
"""
CONTRADICTS = (
    "Intercom has a company of this id whose name or domain contradicts it. Say under same_record in the mapping "
    "whether they are the same."
)


async def list_companies(client: Intercom, warehouse: Warehouse) -> None:
    """Keep what Intercom has of companies. One without any contact is in no list, so those left are asked for by id."""
    async for companies in client.iter_companies():
        keep_observed(warehouse, STANDING, [_row(one) for one in companies])
    with warehouse.connect() as connection:
        ids = [company_id for (company_id,) in connection.execute(_UNLISTED).fetchall()]
    for first in range(0, len(ids), AT_ONCE):
        found = await asyncio.gather(*map(client.find_company, ids[first : first + AT_ONCE]))
        keep_observed(warehouse, STANDING, [_row(one) for one in found if one is not None])


def contradicts(row: Mapping[str, Any], there: Company) -> bool:
    """Whether a company that stands under our id is another one; what bears the mark of an earlier run is ours."""
    if bears_mark(COMPANY, row, there, "company id"):
        return False
    ours, theirs = _domain(row["website"]), _domain(there.website)
    return bool(ours and theirs and ours != theirs) or not names_agree(row["name"], there.name, of_people=False)


def _domain(website: str | None) -> str:
    bare = (website or "").strip().lower().removeprefix("https://").removeprefix("http://").removeprefix("www.")
    return bare.partition("/")[0]


def _row(one: Company) -> tuple[str | None, ...]:
    mark = marked(one.custom_attributes, "company id")
    return ("company", one.id, one.company_id, one.website, None, one.name, mark)
