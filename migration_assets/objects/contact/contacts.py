"""Contacts: sent one by one (send.py); taken back, those that we made are deleted, the others get their fields back.

Intercom deletes a contact's conversations with it, so none may be left that is to stay.
"""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from migration_assets.objects.contact.declaration import CONTACT, shown_fields
from migration_assets.objects.contact.send import ContactFinder, ContactSender
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
from migration_assets.writing.conflicts import nested
from migration_assets.writing.environment import Environment
from migration_assets.writing.records import Sent
from migration_assets.writing.touch_rules import (
    Refusal,
    Restoring,
    before_of,
    left_of,
    restoring,
    touched_record,
)
from resources.intercom.errors import ContactMerged
from resources.intercom.paging import Page
from schemas.intercom import Contact

PER_PAGE = 20
"""How many conversations of a contact are read at a time: those that stay are few, and one is enough."""
EDIT_RULES = CONTACT.fields.edit_rules


class Contacts(PagedObject, ReadUndoer):
    """What a load and a rollback must know of contacts."""

    declaration = CONTACT

    def __init__(self) -> None:
        super().__init__()
        self.finder = ContactFinder()

    async def prepare(self, env: Environment) -> None:
        """Nothing has to be read first."""
        self._sender = ContactSender(env)

    async def send(self, row: Mapping[str, Any]) -> Sent:
        """Create the contact, or bring the one that stands to the row."""
        if row["operation"] == "create":
            return await self._sender.create(row)
        return await self._sender.update(row, row["intercom_id"], adopted=bool(row["adopted"]))

    async def look(self, row: Row) -> Undoing:
        """Read the contact, and where it is to be deleted, what would go with it."""
        try:
            contact: Contact | None = await found(self._client.get_contact(row["intercom_id"]))
        except ContactMerged:
            return Undoing(refusal=Refusal("merged", "somebody has merged it into another contact"))
        if contact is None:
            return NOTHING_LEFT
        if row["action"] == "restore":
            return self._restore(contact, row)
        left = left_of(row["last_written"], last_at=row["last_at"])
        if self._retained.stood_before_us("contact", row["source_key"], contact.created_at):
            return Undoing(refusal=BEFORE_US)
        refusal = (
            touched_record(shown_fields(contact), left, changed_at(contact), EDIT_RULES)
            or self._added_to(contact)
            or await self._would_take_along(contact)
        )
        return Undoing(refusal=refusal) if refusal else Undoing(lambda: self._client.delete_contact(contact.id))

    async def stands(self, row: Row) -> bool:
        """Whether it is still there, or a field that was to be restored is not as it was."""
        contact: Contact | None = await found(self._client.get_contact(row["intercom_id"]))
        if contact is None or row["action"] != "restore":
            return contact is not None
        return bool(_restoring(contact, row).changes)

    def _restore(self, contact: Contact, row: Row) -> Undoing:
        made = _restoring(contact, row)
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
            if shows_any(contact, name):
                return Refusal(name, f"somebody has given it {name}")
        for company in contact.companies:
            if not self._retained.is_ours("contact_company", f"{contact.id}|{company.id}"):
                return Refusal("companies", "somebody has put it into another company")
        return None

    async def _would_take_along(self, contact: Contact) -> Refusal | None:
        async for intercom_id in self._threads(contact.id):
            if self._retained.stays("conversation", intercom_id):
                ours = self._retained.is_ours("conversation", intercom_id)
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


def _restoring(contact: Contact, row: Row) -> Restoring:
    before = before_of(row["before_images"])
    before.pop("archived", None)
    return restoring(shown_fields(contact), before, left_of(row["last_written"]), EDIT_RULES)
