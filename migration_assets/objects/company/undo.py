"""Undoing companies: those that we made are deleted, those that stood before us get their fields back.

Intercom archives a deleted one a while later, and detaches its contacts.
"""

from migration_assets.objects.company.declaration import COMPANY, shown_fields
from migration_assets.objects.undoer import (
    BEFORE_US,
    NOTHING_LEFT,
    ReadUndoer,
    Row,
    Undoing,
    changed_at,
    found,
    shows_any,
)
from migration_assets.writing.conflicts import nested
from migration_assets.writing.touch_rules import (
    Refusal,
    Restoring,
    before_of,
    left_of,
    restoring,
    touched_record,
)
from schemas.intercom import Company

EDIT_RULES = COMPANY.fields.edit_rules


class CompanyUndoer(ReadUndoer):
    """Companies."""

    async def look(self, row: Row) -> Undoing:
        """Read the company, and where it is to be deleted, who belongs to it."""
        company: Company | None = await found(self._client.get_company(row["intercom_id"]))
        if company is None:
            return NOTHING_LEFT
        if row["action"] == "restore":
            made = _restoring(company, row)
            body = {"company_id": company.company_id, **nested(made.changes)}
            send = (lambda: self._client.upsert_company(body)) if made.changes else None
            return Undoing(send, made.refusal)
        refusal = self._touched(company, row) or await self._has_others(company)
        return Undoing(refusal=refusal) if refusal else Undoing(lambda: self._client.delete_company(company.id))

    async def stands(self, row: Row) -> bool:
        """Whether it is still there, or a field that was to be restored is not as it was."""
        company: Company | None = await found(self._client.get_company(row["intercom_id"]))
        if company is None or row["action"] != "restore":
            return company is not None
        return bool(_restoring(company, row).changes)

    def _touched(self, company: Company, row: Row) -> Refusal | None:
        if self._retained.stood_before_us("company", row["source_key"], company.created_at):
            return BEFORE_US
        left = left_of(row["last_written"], last_at=row["last_at"])
        edited = touched_record(shown_fields(company), left, changed_at(company), EDIT_RULES)
        return edited or (Refusal("tags", "somebody has given it tags") if shows_any(company, "tags") else None)

    async def _has_others(self, company: Company) -> Refusal | None:
        async for page in self._client.iter_company_contacts(company.id):
            for contact in page:
                if self._retained.stays("contact_company", f"{contact.id}|{company.id}"):
                    return Refusal("contacts", "contacts belong to it that stay")
        return None


def _restoring(company: Company, row: Row) -> Restoring:
    before, left = before_of(row["before_images"]), left_of(row["last_written"])
    return restoring(shown_fields(company), before, left, EDIT_RULES)
