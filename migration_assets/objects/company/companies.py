"""Companies: one upsert each, which Intercom keys by our company_id.

Reading each company before it is changed would cost a call per company. So the companies of the workspace are
listed once, before a load that writes any that the journal does not know. One that is there is adopted: by default
only its empty fields are filled, and what it held is kept. A company without any contact is in no list; if it has our
company_id it is taken for ours. One that is to be changed later is read, so that no edit of somebody's is overwritten.
"""

from collections.abc import Mapping
from typing import Any

from migration_assets.objects.company.declaration import COMPANY
from migration_assets.objects.editable import EditableObject
from migration_assets.objects.undoer import shows_any
from migration_assets.writing.environment import Environment
from migration_assets.writing.records import Sent, UnsendableError
from migration_assets.writing.touch_rules import CLOCKS_DIFFER, Refusal, RefusalCode
from resources.warehouse import scalar
from schemas.intercom import Company


class Companies(EditableObject):
    """What a load and a rollback must know of companies."""

    declaration = COMPANY

    def __init__(self) -> None:
        super().__init__()
        self._listed: dict[str, Company] = {}

    async def prepare(self, env: Environment) -> None:
        """List the companies that Intercom has."""
        await super().prepare(env)
        with env.warehouse.connect() as connection:
            strangers = scalar(
                connection,
                "SELECT count(*) FROM plan.queue WHERE record_key NOT IN "
                "(SELECT source_key FROM plan.journal WHERE object = 'company')",
            )
        if strangers:
            async for page in env.client.iter_companies():
                self._listed |= {company.company_id: company for company in page if company.company_id}

    async def send(self, row: Mapping[str, Any]) -> Sent:
        """Create the company, or bring the one that stands to the row."""
        existing = await self._existing(row)
        if existing is None:
            return self.made(row, await self._client.upsert_company(COMPANY.fields.body(row)))
        left = self._env.journal.last_written("company", row["source_key"]) if row["changes"] else {}
        return await self.bring(row, existing, left, adopted=row["adopted"] or not row["changes"])

    async def _existing(self, row: Mapping[str, Any]) -> Company | None:
        """Return the company if it stands, as far as a load has to know: one that is new was listed before it.

        Raises:
            UnsendableError: it was loaded, and stands no more.
        """
        if row["tried_at"] is None:
            return self._listed.get(row["company_id"])
        existing = await self._client.find_company(row["company_id"])
        if existing is None and row["changes"]:
            raise UnsendableError("It is in Intercom no more. To have it back, run with --restore-deleted.")
        made_now = existing is not None and (existing.created_at or 0) >= row["tried_at"] - CLOCKS_DIFFER
        # What an attempt of ours of unknown outcome has made is sent again as a whole; what stood before it is adopted.
        return None if made_now and not row["changes"] else existing

    def held(self, there: Company) -> dict[str, Any]:
        """Return what a company holds; where it has no size, Intercom shows 0."""
        return super().held(there) | {"size": there.size or None}

    async def get(self, intercom_id: str) -> Company:
        """Read a company."""
        return await self._client.get_company(intercom_id)

    async def change(self, there: Company, body: Mapping[str, Any]) -> Company:
        """Write fields to a company."""
        return await self._client.upsert_company({"company_id": there.company_id, **body})

    async def delete(self, there: Company) -> None:
        """Delete a company."""
        await self._client.delete_company(there.id)

    async def hung_on(self, there: Company) -> Refusal | None:
        """See whether somebody has given it tags, or contacts that stay belong to it."""
        if shows_any(there, "tags"):
            return Refusal(RefusalCode.TAGS, "somebody has given it tags")
        async for page in self._client.iter_company_contacts(there.id):
            for contact in page:
                if self._retained.stays("contact_company", f"{contact.id}|{there.id}"):
                    return Refusal(RefusalCode.CONTACTS, "contacts belong to it that stay")
        return None
