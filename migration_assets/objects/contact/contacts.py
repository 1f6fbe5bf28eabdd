"""Contacts: created by one call; one that is there already is adopted, and by default only its empty fields are filled.

Before a contact is changed it is read, so that nothing that somebody has edited there is overwritten in silence.
Intercom deletes a contact's conversations with it, so none may be left that is to stay.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Any

import duckdb

from migration_assets.objects.adoption import bears_mark, called_the_same
from migration_assets.objects.contact.contact_touches import LINKS_SHOWN, company_touches, links_of
from migration_assets.objects.contact.declaration import CONTACT
from migration_assets.objects.contact.merged import merged_away, survivor
from migration_assets.objects.editable import EditableObject
from migration_assets.objects.person_names import names_agree
from migration_assets.objects.undoer import Row, Undoing, shows_any
from migration_assets.writing.conflicts import hashes_of_found
from migration_assets.writing.environment import Environment
from migration_assets.writing.records import Sent, UnsendableError
from migration_assets.writing.resolve import FoundWrite, UnknownWrite
from migration_assets.writing.touch_rules import CLOCKS_DIFFER, Refusal, RefusalCode, before_of
from resources.intercom.errors import ContactConflict, ContactMerged, IntercomError
from resources.intercom.paging import Page
from resources.warehouse import fetch_frame, table_exists
from resources.wording import listed
from schemas.intercom import Contact

PER_PAGE = 20
"""How many conversations of a contact are read at a time: those that stay are few, and one is enough."""
MERGED_TWIN = (
    "Intercom refuses this contact for one with the same external id or e-mail that somebody merged into another "
    "contact, and that cannot be restored. Give the customer the e-mail of the contact that is left, in the extract, "
    "or delete the merged one in Intercom."
)

CONTRADICTS = (
    "Intercom has a contact of this external id or e-mail whose name, e-mail, phone or external id contradicts it. Say "
    "under same_record in the mapping whether they are the same."
)


def contradicts(row: Mapping[str, Any], there: Contact) -> bool:
    """Whether what stands is somebody else: the plan looks before, this is for what came since, or is archived."""
    if bears_mark(CONTACT, row, there, "id"):
        return False
    own_id = row["external_id"] if row["external_id"] == row.get("older_id") and not row["placeholder"] else None
    pairs = (
        (row["email"], there.email),
        ("".join(filter(str.isdigit, row["phone"] or "")), "".join(filter(str.isdigit, there.phone or ""))),
        (own_id, there.external_id),
    )
    if any(one and other and one.lower() != other.lower() for one, other in pairs):
        return True
    return not names_agree(row["name"], there.name)


def made_by_us(contact: Contact, tried_at: float | None) -> bool:
    """Whether a contact under our external id came of our attempts, the first of them at `tried_at`.

    The customer's own product may have made it under the same id; it is then adopted and never overwritten.
    """
    return tried_at is not None and (contact.created_at or 0) >= tried_at - CLOCKS_DIFFER


class Contacts(EditableObject):
    """What a load and a rollback must know of contacts."""

    declaration = CONTACT

    def __init__(self) -> None:
        super().__init__()
        self.finder = ContactFinder()
        self._older: dict[str, str] = {}
        self._same: set[str] = set()

    async def prepare(self, env: Environment) -> None:
        """Read what the plan found to be ours under an older id, and whom a person has called the same."""
        await super().prepare(env)
        with env.warehouse.connect() as connection:
            if table_exists(connection, "observed.older_contacts"):
                self._older = dict(connection.execute("FROM observed.older_contacts").fetchall())
            self._same = called_the_same(connection, "contact")

    async def bring(self, row: Mapping[str, Any], there: Any, left: Mapping[str, str], *, adopted: bool) -> Sent:  # noqa: ANN401
        """Write what is to be changed, but leave a contact of ours under the id that an older version gave it."""
        if there.external_id is not None and there.external_id == row.get("older_id"):
            row = {**row, "external_id": there.external_id}
        return await super().bring(row, there, left, adopted=adopted)

    async def send(self, row: Mapping[str, Any]) -> Sent:
        """Create the contact, or bring the one that stands to the row."""
        if row["operation"] == "create":
            return await self.create(row)
        return await self.update(row, row["intercom_id"], adopted=bool(row["adopted"]))

    async def get(self, intercom_id: str) -> Contact:
        """Read a contact."""
        return await self._client.get_contact(intercom_id)

    async def change(self, there: Contact, body: Mapping[str, Any]) -> Contact:
        """Write fields to a contact."""
        return await self._client.update_contact(there.id, body)

    async def delete(self, there: Contact) -> None:
        """Delete a contact."""
        await self._client.delete_contact(there.id)

    async def create(self, row: Mapping[str, Any]) -> Sent:
        """Create the contact, or adopt the one that Intercom says is there."""
        if (older := self._older.get(row["source_key"])) is not None:
            return await self.bring(row, await self._client.get_contact(older), {}, adopted=True)
        try:
            made = await self._client.create_contact(CONTACT.fields.body(row))
        except ContactConflict as conflict:
            if conflict.existing_id is None:
                raise
            return await self._adopt(row, conflict, conflict.existing_id)
        return self.made(row, made)

    async def update(self, row: Mapping[str, Any], intercom_id: str, *, adopted: bool) -> Sent:
        """Bring the contact to the row, but for what somebody has edited, and what an adopted one had before us."""
        try:
            existing = await self._client.get_contact(intercom_id)
        except ContactMerged:
            return await self._follow(row, intercom_id)
        left = self._env.journal.last_written("contact", row["source_key"])
        return await self.bring(row, existing, left, adopted=adopted)

    async def _follow(self, row: Mapping[str, Any], merged_id: str) -> Sent:
        """Write to the contact that is left of a merged one, which is adopted, and hand over what hangs on it."""
        left = await survivor(self._client, merged_id)
        if left is None:
            raise UnsendableError("It was merged into another contact in Intercom, which is there no more.")
        sent = await self.bring(row, left, {}, adopted=True)
        await self._env.journal.follow_merge(merged_away(row["source_key"]), left.id, row["write_fingerprint"])
        return sent

    async def _adopt(self, row: Mapping[str, Any], conflict: ContactConflict, existing_id: str) -> Sent:
        holder = self._env.journal.holder_of("contact", existing_id)
        if holder is not None and holder != row["source_key"]:
            # Two rows of ours claim the same person: Intercom refuses the second, and so do we.
            raise conflict
        existing = await self._read(existing_id, conflict)
        brought_back = existing is None
        if existing is None:
            await self._unarchive(existing_id, conflict)
            existing = await self._client.get_contact(existing_id)
        ours = existing.external_id == row["external_id"] and made_by_us(existing, row["tried_at"])
        if not ours and row["source_key"] not in self._same and contradicts(row, existing):
            if brought_back:
                await self._client.archive_contact(existing_id)
            raise UnsendableError(CONTRADICTS)
        if conflict.archived and not brought_back:
            await self._unarchive(existing_id, conflict)
        sent = await self.bring(row, existing, {}, adopted=True)
        if ours:
            # Our own attempt, whose answer was lost: what stands there as it was sent is ours.
            left = hashes_of_found(self.wanted(row), self.held(existing)) | dict(sent.last_written or {})
            sent = replace(sent, adopted=False, before_image=None, last_written=left, remark=None)
        return (
            replace(sent, before_image={**(sent.before_image or {}), "archived": True}) if conflict.archived else sent
        )

    async def _read(self, contact_id: str, conflict: ContactConflict) -> Contact | None:
        """Return the contact that stands; None of an archived one that is not shown, which nothing documents."""
        try:
            return await self._client.get_contact(contact_id)
        except ContactMerged:
            raise UnsendableError(MERGED_TWIN) from None
        except IntercomError as error:
            if conflict.archived and error.status == 404:
                return None
            raise

    async def _unarchive(self, contact_id: str, conflict: ContactConflict) -> None:
        try:
            await self._client.unarchive_contact(contact_id)
        except IntercomError as error:
            if error.may_have_happened or error.stop or error.status is None:
                raise
            if isinstance(error, ContactMerged) or await self._is_merged(contact_id):
                raise UnsendableError(MERGED_TWIN) from None
            # What it was refused for is the conflict, and that is what a person must look at.
            raise conflict from None

    async def _is_merged(self, contact_id: str) -> bool:
        """Ask by reading it: the refusal to bring a merged contact back has no code of its own (400 bad_request)."""
        try:
            await self._client.get_contact(contact_id)
        except ContactMerged:
            return True
        except IntercomError as error:
            if error.status != 404:
                raise
        return False

    async def look(self, row: Row) -> Undoing:
        """Read the contact, and where it is to be deleted, what would go with it."""
        try:
            return await super().look(row)
        except ContactMerged:
            return Undoing(refusal=Refusal(RefusalCode.MERGED, "it was merged into another contact in Intercom"))

    def restore(self, there: Contact, row: Row) -> Undoing:
        """Give it its fields back, and archive it again if nobody has edited it."""
        fields = super().restore(there, row)
        if fields.refusal is not None or before_of(row["before_images"]).get("archived") is not True:
            return fields

        async def send() -> None:
            if fields.send is not None:
                await fields.send()
            await self._client.archive_contact(there.id)

        return Undoing(send)

    async def hung_on(self, there: Contact) -> Refusal | None:
        """See what people hang on a contact, which a migration gives neither tags nor notes, and what goes with it."""
        for name in (RefusalCode.NOTES, RefusalCode.TAGS):
            if shows_any(there, name):
                return Refusal(name, f"it was given {name}")
        if done := await self._moved(there):
            return Refusal(RefusalCode.COMPANIES, f"it was {listed(done)}")
        async for intercom_id in self._threads(there.id):
            if self._retained.stays("conversation", intercom_id):
                ours = self._retained.is_ours("conversation", intercom_id)
                what = "a conversation of ours that stays" if ours else "a conversation that is not ours"
                return Refusal(RefusalCode.CONVERSATIONS, f"it has {what}, which Intercom would delete with it")
        return None

    async def _moved(self, there: Contact) -> list[str]:
        """See what people have done with the companies that it is in; all of them are asked for where it shows ten."""
        shown = [company.id for company in there.companies]
        strange = any(not self._retained.is_ours("contact_company", link) for link in links_of(there))
        if len(shown) >= LINKS_SHOWN:
            shown = [company.id for company in await self._client.companies_of(there.id)]
        links = self._retained.worn("contact_company", "contact", there.id)
        left = [link.partition("|")[2] for link in links]
        # A company of ours that we have taken back since is gone by our own doing.
        standing = [one for one in left if self._retained.stands("company", one)]
        return company_touches(shown, standing, strange=strange, whole=True)

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


class ContactFinder:
    """Looks up a contact by our external id, read directly and not through the search, which lags."""

    def repeatable(self, write: UnknownWrite) -> bool:
        """Only updating; creating is looked up."""
        return write.operation != "create"

    def prepare(self, connection: duckdb.DuckDBPyConnection, writes: list[UnknownWrite]) -> None:
        """Read the contacts in question."""
        keys = [write.source_key for write in writes]
        query = "SELECT * FROM target.contacts WHERE list_contains(?, source_key)"
        self._rows = {row["source_key"]: row for row in fetch_frame(connection, query, [keys]).to_dicts()}

    async def find(self, env: Environment, write: UnknownWrite) -> list[FoundWrite]:
        """Return the contact, if it is there and was not before; such a one is adopted when sent again."""
        row = self._rows.get(write.source_key, {})
        try:
            found = await env.client.find_contact(row.get("external_id") or write.source_key)
        except ContactMerged as merged:
            left = await survivor(env.client, merged.into_id) if merged.into_id else None
            return [FoundWrite(left.id, adopted=True)] if left else []
        if found is None or not made_by_us(found, write.first_at):
            return []
        return [FoundWrite(found.id, hashes_of_found(CONTACT.fields.wanted(row), CONTACT.fields.shown(found)))]
