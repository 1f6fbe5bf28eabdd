"""Which contact belongs to which company: one call each, which does no harm when repeated."""

from collections.abc import Mapping
from typing import Any

import duckdb

from migration_assets.objects.contact_company.declaration import CONTACT_COMPANY
from migration_assets.objects.declaration import UndoAction
from migration_assets.objects.paged import PagedObject
from migration_assets.objects.undoer import NOTHING_LEFT, ReadUndoer, Row, Undoing, found
from migration_assets.writing.environment import Environment
from migration_assets.writing.records import Record, Sent
from resources.warehouse import fetch_frame

PAGE = """
SELECT w.source_key, w.parent_key, w.operation, w.fingerprint AS write_fingerprint,
    contact.intercom_id AS contact_id, company.intercom_id AS company_id,
    EXISTS (SELECT 1 FROM plan.journal j WHERE j.object = 'contact' AND j.source_key = w.parent_key AND j.adopted)
    AND EXISTS (
        SELECT 1 FROM plan.journal j WHERE j.object = 'company' AND j.source_key = company.source_key AND j.adopted)
    AND NOT EXISTS (SELECT 1 FROM plan.journal j WHERE j.object = 'contact_company' AND j.source_key = w.source_key)
        AS may_stand
FROM plan.queue q
JOIN plan.writes w ON w.object = 'contact_company' AND w.record_key = q.record_key AND w.verdict = 'send'
JOIN plan.ids contact ON contact.object = 'contact' AND contact.source_key = w.parent_key
-- A link's key is the contact's and the company's, with a bar between them.
JOIN plan.ids company ON company.object = 'company' AND company.source_key = substr(w.source_key, len(w.parent_key) + 2)
WHERE q.position >= ? AND q.position < ?
ORDER BY q.position
"""


class ContactCompanies(PagedObject, ReadUndoer):
    """What a load and a rollback must know of contact-company links."""

    declaration = CONTACT_COMPANY

    async def prepare(self, env: Environment) -> None:
        """Nothing has to be read first."""
        self._client = env.client

    def page(self, connection: duckdb.DuckDBPyConnection, first: int, last: int) -> list[Record]:
        """Return the records at these positions of the queue."""
        return [self.record(row) for row in fetch_frame(connection, PAGE, [first, last]).to_dicts()]

    async def send(self, row: Mapping[str, Any]) -> Sent:
        """Attach the company, or take it off."""
        adopted, seen = False, {}
        if row["operation"] == "take_off":
            await self._client.detach_company(row["contact_id"], row["company_id"])
        else:
            # They may have belonged together before us, as only a contact and a company can that both stood before us.
            adopted = row["may_stand"] and await self._belongs(row["contact_id"], row["company_id"])
            made = await self._client.attach_company(row["contact_id"], row["company_id"])
            seen = {"present": ("true", "true" if made.id == row["company_id"] else None)}
        return Sent(f"{row['contact_id']}|{row['company_id']}", adopted=adopted, answered=seen)

    async def look(self, row: Row) -> Undoing:
        """Nothing about a link can be edited: it is there or not."""
        if row["action"] == UndoAction.RESTORE:
            return NOTHING_LEFT
        contact_id, _, company_id = row["intercom_id"].partition("|")
        return Undoing(lambda: self._client.detach_company(contact_id, company_id))

    async def stands(self, row: Row) -> bool:
        """Whether the contact still shows the company."""
        contact_id, _, company_id = row["intercom_id"].partition("|")
        if row["action"] != UndoAction.DETACH:
            return False
        return bool(await found(self._belongs(contact_id, company_id)))

    async def _belongs(self, contact_id: str, company_id: str) -> bool:
        return company_id in {company.id for company in await self._client.companies_of(contact_id)}
