"""Which contact belongs to which company: one call each, which does no harm when repeated."""

from typing import Any

import duckdb

from migration_assets.objects.contact_company.undo import ContactCompanyUndoer
from migration_assets.writing.environment import Environment
from migration_assets.writing.records import Ids, Record, Sent, Step
from migration_assets.writing.resolve import Repeatable
from resources.journal import Write
from resources.warehouse import fetch_frame

PAGE = """
SELECT w.source_key, w.parent_key, w.operation, w.fingerprint,
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


class ContactCompanies(ContactCompanyUndoer):
    """What a load and a rollback must know of contact-company links."""

    object = "contact_company"
    journal_objects = ("contact_company",)
    non_idempotent_writes = ()

    def __init__(self) -> None:
        self.finder = Repeatable()

    async def prepare(self, env: Environment) -> None:
        """Nothing has to be read first."""
        self._client = env.client

    def page(self, connection: duckdb.DuckDBPyConnection, first: int, last: int) -> list[Record]:
        """Return the records at these positions of the queue."""
        return [self._record(row) for row in fetch_frame(connection, PAGE, [first, last]).to_dicts()]

    async def _stands(self, contact_id: str, company_id: str) -> bool:
        """Whether they belonged together before us, as only a contact and a company can that both stood before us."""
        return company_id in {company.id for company in await self._client.companies_of(contact_id)}

    def _record(self, row: dict[str, Any]) -> Record:
        write = Write("contact_company", row["source_key"], row["operation"], row["fingerprint"], row["parent_key"])

        async def send(_ids: Ids) -> Sent:
            adopted = False
            if row["operation"] == "take_off":
                await self._client.detach_company(row["contact_id"], row["company_id"])
            else:
                adopted = row["may_stand"] and await self._stands(row["contact_id"], row["company_id"])
                await self._client.attach_company(row["contact_id"], row["company_id"])
            return Sent(f"{row['contact_id']}|{row['company_id']}", adopted=adopted)

        return Record(row["source_key"], (Step(write, send),))
