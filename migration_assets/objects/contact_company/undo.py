"""Undoing which contact belongs to which company, of contacts that stay: Intercom takes the others out by itself."""

from migration_assets.objects.undoer import NOTHING_LEFT, ReadUndoer, Row, Undoing, found


class ContactCompanyUndoer(ReadUndoer):
    """Links of contacts to companies."""

    async def look(self, row: Row) -> Undoing:
        """Nothing about a link can be edited: it is there or not."""
        if row["action"] == "restore":
            return NOTHING_LEFT
        contact_id, _, company_id = row["intercom_id"].partition("|")
        return Undoing(lambda: self._client.detach_company(contact_id, company_id))

    async def stands(self, row: Row) -> bool:
        """Whether the contact still shows the company."""
        contact_id, _, company_id = row["intercom_id"].partition("|")
        if row["action"] != "detach":
            return False
        return bool(await found(self._belongs(contact_id, company_id)))

    async def _belongs(self, contact_id: str, company_id: str) -> bool:
        return company_id in {company.id for company in await self._client.companies_of(contact_id)}
