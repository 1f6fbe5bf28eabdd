"""Companies: one upsert each, which Intercom keys by our company_id.

An upsert changes in silence what stands under the id, so each company that the journal does not know is asked for
before it is sent: one without any contact is in no list. One that is there is adopted: by default only its empty fields
are filled, and what it held is kept. One whose name or domain contradicts ours is left alone. One that is to be changed
later is read, so that no edit of somebody's is overwritten.
"""

from collections.abc import Mapping
from typing import Any

from migration_assets.objects.adoption import called_the_same
from migration_assets.objects.company.company_touches import company_fields
from migration_assets.objects.company.declaration import COMPANY
from migration_assets.objects.company.standing import CONTRADICTS, contradicts
from migration_assets.objects.editable import EditableObject
from migration_assets.objects.undoer import shows_any
from migration_assets.writing.environment import Environment
from migration_assets.writing.records import Sent, UnsendableError
from migration_assets.writing.touch_rules import CLOCKS_DIFFER, Refusal, RefusalCode
from schemas.intercom import Company
from schemas.run_options import make


class Companies(EditableObject):
    """What a load and a rollback must know of companies."""

    declaration = COMPANY

    def __init__(self) -> None:
        super().__init__()
        self._same: set[str] = set()

    async def prepare(self, env: Environment) -> None:
        """Read which companies a person has called the same."""
        await super().prepare(env)
        with env.warehouse.connect() as connection:
            self._same = called_the_same(connection, "company")

    async def send(self, row: Mapping[str, Any]) -> Sent:
        """Create the company, or bring the one that stands to the row."""
        existing = await self._existing(row)
        if existing is None:
            return self.made(row, await self._client.upsert_company(COMPANY.fields.body(row)))
        left = self._env.journal.last_written("company", row["source_key"]) if row["changes"] else {}
        return await self.bring(row, existing, left, adopted=row["adopted"] or not row["changes"])

    async def _existing(self, row: Mapping[str, Any]) -> Company | None:
        """Return the company if it stands.

        Raises:
            UnsendableError: it was loaded, and stands no more; or what stands is another company.
        """
        existing = await self._client.find_company(row["company_id"])
        if row["changes"]:
            if existing is None:
                raise UnsendableError(
                    f"It is in Intercom no more. To have it back, run {make('migrate', 'restore_deleted')}."
                )
            return existing
        if existing is None or _made_since(existing, row["tried_at"]):
            return None  # what an attempt of ours of unknown outcome has made is sent again as a whole
        if row["source_key"] not in self._same and contradicts(row, existing):
            raise UnsendableError(CONTRADICTS)
        return existing

    def held(self, there: Company) -> dict[str, Any]:
        """Return what a company holds; where it has no size, Intercom shows 0."""
        return company_fields(there)

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
        """See whether it was given tags, or contacts that stay belong to it."""
        if shows_any(there, "tags"):
            return Refusal(RefusalCode.TAGS, "it was given tags")
        async for page in self._client.iter_company_contacts(there.id):
            for contact in page:
                if self._retained.stays("contact_company", f"{contact.id}|{there.id}"):
                    return Refusal(RefusalCode.CONTACTS, "contacts belong to it that stay")
        return None


def _made_since(there: Company, tried_at: float | None) -> bool:
    return tried_at is not None and (there.created_at or 0) >= tried_at - CLOCKS_DIFFER
