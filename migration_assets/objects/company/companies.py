"""Companies: one upsert each, which Intercom keys by our company_id.

Reading each company before it is changed would cost a call per company. So the companies of the workspace are
listed once, before a load that writes any that the journal does not know. One that is there is adopted: by default
only its empty fields are filled, and what it held is kept. A company without any contact is in no list; if it has our
company_id it is taken for ours. One that is to be changed later is read, so that no edit of somebody's is overwritten.
"""

from collections.abc import Mapping
from typing import Any

from migration_assets.objects.company.declaration import COMPANY, shown_fields
from migration_assets.objects.paged import PagedObject
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
from migration_assets.writing.conflicts import decide, field_hashes, flat, nested, with_emptied
from migration_assets.writing.environment import Environment
from migration_assets.writing.records import Sent, UnsendableError
from migration_assets.writing.touch_rules import (
    CLOCKS_DIFFER,
    Refusal,
    Restoring,
    before_of,
    left_of,
    restoring,
    touched_record,
)
from resources.warehouse import scalar
from schemas.intercom import Company

EDIT_RULES = COMPANY.fields.edit_rules

FIELDS = COMPANY.fields


def wanted_fields(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a company is to hold, by flat field."""
    return flat(FIELDS.wanted(row))


class Companies(PagedObject, ReadUndoer):
    """What a load and a rollback must know of companies."""

    declaration = COMPANY

    def __init__(self) -> None:
        super().__init__()
        self._listed: dict[str, Company] = {}

    async def prepare(self, env: Environment) -> None:
        """List the companies that Intercom has."""
        self._env = env
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
        if existing is not None:
            return await self._bring(row, existing)
        made = await self._env.client.upsert_company(FIELDS.body(row))
        return Sent(made.id, last_written=field_hashes(wanted_fields(row), shown_fields(made)))

    async def _existing(self, row: Mapping[str, Any]) -> Company | None:
        """Return the company if it stands, as far as a load has to know: one that is new was listed before it.

        Raises:
            UnsendableError: it was loaded, and stands no more.
        """
        if row["tried_at"] is None:
            return self._listed.get(row["company_id"])
        existing = await self._env.client.find_company(row["company_id"])
        if existing is None and row["changes"]:
            raise UnsendableError("It is in Intercom no more. To have it back, run with --restore-deleted.")
        made_now = existing is not None and (existing.created_at or 0) >= row["tried_at"] - CLOCKS_DIFFER
        # What an attempt of ours of unknown outcome has made is sent again as a whole; what stood before it is adopted.
        return None if made_now and not row["changes"] else existing

    async def _bring(self, row: Mapping[str, Any], existing: Company) -> Sent:
        """Write to a company that stands what is to be changed of it; nothing is sent if nothing is."""
        adopted = row["adopted"] or not row["changes"]
        left = self._env.journal.last_written("company", row["source_key"]) if row["changes"] else {}
        wanted = with_emptied(wanted_fields(row), left, FIELDS.emptied_by_null)
        decision = decide(shown_fields(existing), wanted, left, self._env.policy, adopted=adopted)
        shown = existing
        if decision.changes:
            shown = await self._env.client.upsert_company({"company_id": row["company_id"], **nested(decision.changes)})
        written = field_hashes(decision.changes, shown_fields(shown))
        return Sent(
            existing.id,
            adopted=adopted,
            before_image=nested(decision.before),
            last_written=written if adopted else written | field_hashes(decision.settled, {}),
            remark=decision.remark,
        )

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
