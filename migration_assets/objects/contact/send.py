"""Contacts: created by one call; one that is there already is adopted, and by default only its empty fields are filled.

Before a contact is changed it is read, so that nothing that somebody has edited there is overwritten in silence.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import duckdb

from migration_assets.objects.contact.declaration import CONTACT, shown_fields
from migration_assets.objects.contact.merged import merged_away, survivor
from migration_assets.writing.conflicts import decide, field_hashes, flat, hashes_of_found, nested, with_emptied
from migration_assets.writing.environment import Environment
from migration_assets.writing.records import Sent, UnsendableError
from migration_assets.writing.resolve import FoundWrite, UnknownWrite
from migration_assets.writing.touch_rules import CLOCKS_DIFFER
from resources.intercom.errors import ContactConflict, ContactMerged, IntercomError
from resources.warehouse import fetch_frame
from schemas.intercom import Contact

FIELDS = CONTACT.fields
BY_ITSELF = FIELDS.edit_rules.by_itself

MERGED_TWIN = (
    "Intercom refuses this contact for one with the same external id or e-mail that somebody merged into another "
    "contact, and that cannot be restored. Give the customer the e-mail of the contact that is left, in the extract, "
    "or delete the merged one in Intercom."
)


def made_by_us(contact: Contact, tried_at: float | None) -> bool:
    """Whether a contact under our external id came of our attempts, the first of them at `tried_at`.

    The customer's own product may have made it under the same id; it is then adopted and never overwritten.
    """
    return tried_at is not None and (contact.created_at or 0) >= tried_at - CLOCKS_DIFFER


def wanted_fields(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a contact is to hold, by flat field."""
    return flat(FIELDS.wanted(row))


class ContactSender:
    """Sends contacts."""

    def __init__(self, env: Environment) -> None:
        self._client = env.client
        self._journal = env.journal
        self._policy = env.policy

    async def create(self, row: Mapping[str, Any]) -> Sent:
        """Create the contact, or adopt the one that Intercom says is there."""
        body = FIELDS.body(row)
        try:
            made = await self._client.create_contact(body)
        except ContactConflict as conflict:
            if conflict.existing_id is None:
                raise
            return await self._adopt(row, conflict, conflict.existing_id)
        return Sent(made.id, last_written=field_hashes(wanted_fields(row), shown_fields(made)))

    async def update(self, row: Mapping[str, Any], intercom_id: str, *, adopted: bool) -> Sent:
        """Bring the contact to the row, but for what somebody has edited, and what an adopted one had before us."""
        try:
            existing = await self._client.get_contact(intercom_id)
        except ContactMerged:
            return await self._follow(row, intercom_id)
        left = self._journal.last_written("contact", row["source_key"])
        return await self._bring(row, existing, left, adopted=adopted)

    async def _follow(self, row: Mapping[str, Any], merged_id: str) -> Sent:
        """Write to the contact that is left of a merged one, which is adopted, and hand over what hangs on it."""
        left = await survivor(self._client, merged_id)
        if left is None:
            raise UnsendableError("It was merged into another contact in Intercom, which is there no more.")
        sent = await self._bring(row, left, {}, adopted=True)
        await self._journal.follow_merge(merged_away(row["source_key"]), left.id, row["write_fingerprint"])
        return sent

    async def _bring(
        self, row: Mapping[str, Any], existing: Contact, left: Mapping[str, str], *, adopted: bool
    ) -> Sent:
        """Write to a contact that stands what is to be changed of it; nothing is sent if nothing is."""
        wanted = with_emptied(wanted_fields(row), left, FIELDS.emptied_by_null)
        decision = decide(shown_fields(existing), wanted, left, self._policy, adopted=adopted, by_itself=BY_ITSELF)
        shown = existing
        if decision.changes:
            shown = await self._client.update_contact(existing.id, nested(decision.changes))
        written = field_hashes(decision.changes, shown_fields(shown))
        return Sent(
            existing.id,
            adopted=adopted,
            before_image=nested(decision.before),
            last_written=written if adopted else written | field_hashes(decision.settled, {}),
            remark=decision.remark,
        )

    async def _adopt(self, row: Mapping[str, Any], conflict: ContactConflict, existing_id: str) -> Sent:
        holder = self._journal.holder_of("contact", existing_id)
        if holder is not None and holder != row["source_key"]:
            # Two rows of ours claim the same person: Intercom refuses the second, and so do we.
            raise conflict
        if conflict.archived:
            await self._unarchive(existing_id, conflict)
        try:
            existing = await self._client.get_contact(existing_id)
        except ContactMerged:
            raise UnsendableError(MERGED_TWIN) from None
        sent = await self._bring(row, existing, {}, adopted=True)
        if existing.external_id == row["external_id"] and made_by_us(existing, row["tried_at"]):
            # Our own attempt, whose answer was lost: what stands there as it was sent is ours.
            left = hashes_of_found(wanted_fields(row), shown_fields(existing)) | dict(sent.last_written or {})
            sent = replace(sent, adopted=False, before_image=None, last_written=left, remark=None)
        return (
            replace(sent, before_image={**(sent.before_image or {}), "archived": True}) if conflict.archived else sent
        )

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
        return [FoundWrite(found.id, hashes_of_found(wanted_fields(row), shown_fields(found)))]
