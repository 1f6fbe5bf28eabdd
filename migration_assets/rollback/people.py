"""Undoing contacts, companies and their links: what we made is removed, what stood before us gets its fields back."""

from collections.abc import AsyncIterator
from typing import Any

from migration_assets.objects.company.load import shown_fields as company_fields
from migration_assets.objects.contact.load import shown_fields as contact_fields
from migration_assets.rollback.retained_records import RetainedRecords
from migration_assets.rollback.touch_rules import Refusal, before_of, left_of, restoring, touched_record
from migration_assets.rollback.undoer import NOTHING_LEFT, Row, Undoing, found
from migration_assets.writing.conflicts import nested
from resources.intercom.client import Intercom
from resources.intercom.errors import ContactMerged
from resources.intercom.paging import Page
from schemas.intercom import Answer, Company, Contact

PER_PAGE = 20
"""How many conversations of a contact are read at a time: those that stay are few, and one is enough."""


BEFORE_US = Refusal("before_us", "it stood in Intercom before anything of ours was sent for it")


class Contacts:
    """Contacts. Intercom deletes a contact's conversations with it, so none may be left that is to stay."""

    object = "contact"

    def __init__(self, client: Intercom, ground: RetainedRecords) -> None:
        self._client = client
        self._ground = ground

    async def prepare(self) -> None:
        """Nothing has to be read first."""

    async def look(self, row: Row) -> Undoing:
        """Read the contact, and where it is to be deleted, what would go with it."""
        try:
            contact: Contact | None = await found_contact(self._client, row["intercom_id"])
        except ContactMerged:
            return Undoing(refusal=Refusal("merged", "somebody has merged it into another contact"))
        if contact is None:
            return NOTHING_LEFT
        if row["action"] == "restore":
            return self._restore(contact, row)
        left = left_of(row["last_written"], last_at=row["last_at"])
        if self._ground.stood_before_us("contact", row["source_key"], contact.created_at):
            return Undoing(refusal=BEFORE_US)
        refusal = (
            touched_record(contact_fields(contact), left, _number(contact, "updated_at"))
            or self._added_to(contact)
            or await self._would_take_along(contact)
        )
        return Undoing(refusal=refusal) if refusal else Undoing(lambda: self._client.delete_contact(contact.id))

    async def stands(self, row: Row) -> bool:
        """Whether it is still there, or a field that was to be restored is not as it was."""
        contact = await found_contact(self._client, row["intercom_id"])
        if contact is None or row["action"] != "restore":
            return contact is not None
        return bool(self._restoring(contact, row).changes)

    def _restoring(self, contact: Contact, row: Row) -> Any:  # noqa: ANN401
        before = before_of(row["before_images"])
        before.pop("archived", None)
        return restoring(contact_fields(contact), before, left_of(row["last_written"]))

    def _restore(self, contact: Contact, row: Row) -> Undoing:
        made = self._restoring(contact, row)
        archived = before_of(row["before_images"]).get("archived") is True and not made.edited

        async def send() -> None:
            if made.changes:
                await self._client.update_contact(contact.id, nested(made.changes))
            if archived:
                await self._client.archive_contact(contact.id)

        return Undoing(send if made.changes or archived else None, made.refusal)

    def _added_to(self, contact: Contact) -> Refusal | None:
        """What people hang on a contact; a migration gives contacts neither tags nor notes."""
        for name in ("notes", "tags"):
            if _listed(contact, name):
                return Refusal(name, f"somebody has given it {name}")
        strange = [
            company for company in contact.companies if not self._ground.is_ours("contact_company",
                                                                                  f"{contact.id}|{company.id}")
        ]  # fmt: skip
        return Refusal("companies", "somebody has put it into another company") if strange else None

    async def _would_take_along(self, contact: Contact) -> Refusal | None:
        async for intercom_id in self._threads(contact.id):
            if self._ground.stays("conversation", intercom_id):
                ours = self._ground.is_ours("conversation", intercom_id)
                what = "a conversation of ours that stays" if ours else "a conversation that is not ours"
                return Refusal("conversations", f"it has {what}, which Intercom would delete with it")
        return None

    async def _threads(self, contact_id: str) -> AsyncIterator[str]:
        """Yield the conversations and tickets of a contact; the one search does not show all of the other's."""
        query = {"field": "contact_ids", "operator": "=", "value": contact_id}
        searches: tuple[AsyncIterator[Page[Any]], ...] = (
            self._client.search_conversations(query, per_page=PER_PAGE),
            self._client.search_tickets(query, per_page=PER_PAGE),
        )
        for pages in searches:
            async for page in pages:
                for item in page:
                    yield item.id


async def found_contact(client: Intercom, contact_id: str) -> Contact | None:
    """Return a contact, None where it is not there.

    Raises:
        ContactMerged: it was merged into another one.
    """
    try:
        contact: Contact | None = await found(client.get_contact(contact_id))
    except ContactMerged:
        raise
    return contact


class Companies:
    """Companies. Intercom archives a deleted one a while later, and detaches its contacts."""

    object = "company"

    def __init__(self, client: Intercom, ground: RetainedRecords) -> None:
        self._client = client
        self._ground = ground

    async def prepare(self) -> None:
        """Nothing has to be read first."""

    async def look(self, row: Row) -> Undoing:
        """Read the company, and where it is to be deleted, who belongs to it."""
        company: Company | None = await found(self._client.get_company(row["intercom_id"]))
        if company is None:
            return NOTHING_LEFT
        if row["action"] == "restore":
            made = restoring(company_fields(company), before_of(row["before_images"]), left_of(row["last_written"]))
            body = {"company_id": company.company_id, **nested(made.changes)}
            send = (lambda: self._client.upsert_company(body)) if made.changes else None
            return Undoing(send, made.refusal)
        left = left_of(row["last_written"], last_at=row["last_at"])
        refusal = (
            BEFORE_US
            if self._ground.stood_before_us("company", row["source_key"], company.created_at)
            else touched_record(company_fields(company), left, _number(company, "updated_at"))
        )
        if refusal is None and _listed(company, "tags"):
            refusal = Refusal("tags", "somebody has given it tags")
        refusal = refusal or await self._has_others(company)
        return Undoing(refusal=refusal) if refusal else Undoing(lambda: self._client.delete_company(company.id))

    async def stands(self, row: Row) -> bool:
        """Whether it is still there, or a field that was to be restored is not as it was."""
        company: Company | None = await found(self._client.get_company(row["intercom_id"]))
        if company is None or row["action"] != "restore":
            return company is not None
        made = restoring(company_fields(company), before_of(row["before_images"]), left_of(row["last_written"]))
        return bool(made.changes)

    async def _has_others(self, company: Company) -> Refusal | None:
        async for page in self._client.iter_company_contacts(company.id):
            for contact in page:
                if self._ground.stays("contact_company", f"{contact.id}|{company.id}"):
                    return Refusal("contacts", "contacts belong to it that stay")
        return None


class Links:
    """Which contact belongs to which company, of contacts that stay."""

    object = "contact_company"

    def __init__(self, client: Intercom) -> None:
        self._client = client

    async def prepare(self) -> None:
        """Nothing has to be read first."""

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


def _listed(answer: Answer, name: str) -> bool:
    """Whether an answer shows anything in one of its lists, whichever way Intercom wraps it."""
    value = (answer.model_extra or {}).get(name)
    if isinstance(value, dict):
        value = value.get("data") or value.get(name) or value.get("total_count")
    return bool(value)


def _number(answer: Answer, name: str) -> float | None:
    value = (answer.model_extra or {}).get(name)
    return float(value) if isinstance(value, int) else None
