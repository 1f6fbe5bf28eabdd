"""Contacts: created by one call; one that is there already is adopted, and only its empty fields are filled."""

import json
from collections.abc import Mapping
from typing import Any

import duckdb

from migration_assets.intercom.environment import Environment
from migration_assets.intercom.records import Ids, Record, Sent, Step
from migration_assets.intercom.resolve import Unknown
from resources.intercom.client import Intercom
from resources.intercom.errors import ContactConflict, IntercomError
from resources.journal import Journal, Write
from resources.warehouse import fetch_frame
from schemas.intercom import Contact

FIELDS = ("external_id", "email", "phone", "name", "signed_up_at", "last_seen_at")

PAGE = """
SELECT
    t.*, w.operation, w.fingerprint AS write_fingerprint, i.intercom_id,
    coalesce(j.adopted, FALSE) AS adopted, j.intent_at AS tried_at
FROM plan.queue q
JOIN plan.writes w ON w.object = 'contact' AND w.record_key = q.record_key AND w.verdict = 'send'
JOIN target.contacts t ON t.source_key = q.record_key
LEFT JOIN plan.ids i ON i.object = 'contact' AND i.source_key = q.record_key
LEFT JOIN plan.journal j ON j.object = 'contact' AND j.source_key = q.record_key AND j.operation = 'create'
WHERE q.position >= ? AND q.position < ?
ORDER BY q.position
"""


CLOCKS_DIFFER = 300.0
"""Seconds by which Intercom's clock may differ from ours when it is asked who was first."""


def made_by_us(contact: Contact, tried_at: float | None) -> bool:
    """Whether a contact under our external id came of our attempt of `tried_at`, and did not stand there before.

    The customer's own product may have made it under the same id; it is then adopted and never overwritten.
    """
    return tried_at is not None and (contact.created_at or 0) >= tried_at - CLOCKS_DIFFER


def contact_body(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `POST /contacts` is sent for a row of target.contacts; empty fields are left out."""
    body: dict[str, Any] = {"role": "user"}
    body |= {name: row[name] for name in FIELDS if row.get(name) is not None}
    attributes = custom_attributes(row)
    if attributes:
        body["custom_attributes"] = attributes
    return body


def custom_attributes(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the row's custom attributes that have a value."""
    found = json.loads(row.get("custom_attributes") or "{}")
    return {name: value for name, value in found.items() if value is not None}


def empty_fields(existing: Contact, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return the part of `wanted` that `existing` has no value for: what stands there is never overwritten."""
    body = {name: wanted[name] for name in FIELDS if name in wanted and getattr(existing, name, None) in (None, "")}
    attributes = {
        name: value
        for name, value in wanted.get("custom_attributes", {}).items()
        if existing.custom_attributes.get(name) in (None, "")
    }
    return body | ({"custom_attributes": attributes} if attributes else {})


def before_image(existing: Contact, changed: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `existing` held in the fields that are about to be changed."""
    image = {name: getattr(existing, name, None) for name in changed if name != "custom_attributes"}
    if "custom_attributes" in changed:
        image["custom_attributes"] = {
            name: existing.custom_attributes.get(name) for name in changed["custom_attributes"]
        }
    return image


class ContactSender:
    """Sends contacts."""

    def __init__(self, client: Intercom, journal: Journal) -> None:
        self._client = client
        self._journal = journal

    async def create(self, row: Mapping[str, Any]) -> Sent:
        """Create the contact, or adopt the one that Intercom says is there."""
        body = contact_body(row)
        try:
            return Sent((await self._client.create_contact(body)).id)
        except ContactConflict as conflict:
            if conflict.existing_id is None:
                raise
            return await self._adopt(row, body, conflict, conflict.existing_id)

    async def update(self, row: Mapping[str, Any], intercom_id: str, *, adopted: bool) -> Sent:
        """Bring the contact to the row; of an adopted one only the empty fields are filled."""
        body = contact_body(row)
        if adopted:
            existing = await self._client.get_contact(intercom_id)
            body = empty_fields(existing, body)
            image = before_image(existing, body)
            if body:
                await self._client.update_contact(intercom_id, body)
            return Sent(intercom_id, adopted=True, before_image=image)
        return Sent((await self._client.update_contact(intercom_id, body)).id)

    async def _adopt(
        self, row: Mapping[str, Any], body: Mapping[str, Any], conflict: ContactConflict, existing_id: str
    ) -> Sent:
        holder = self._journal.holder_of("contact", existing_id)
        if holder is not None and holder != row["source_key"]:
            # Two rows of ours claim the same person: Intercom refuses the second, and so do we.
            raise conflict
        if conflict.archived:
            await self._unarchive(existing_id, conflict)
        existing = await self._client.get_contact(existing_id)
        ours = existing.external_id == body.get("external_id")
        changes = empty_fields(existing, body)
        if changes:
            await self._client.update_contact(existing_id, changes)
        created = ours and made_by_us(existing, row["tried_at"])
        return Sent(existing_id, adopted=not created, before_image=None if created else before_image(existing, changes))

    async def _unarchive(self, contact_id: str, conflict: ContactConflict) -> None:
        try:
            await self._client.unarchive_contact(contact_id)
        except IntercomError as error:
            if error.may_have_happened or error.stop or error.status is None:
                raise
            # Refused, e.g. because it was merged: the conflict is what a person must look at.
            raise conflict from None


class ContactFinder:
    """Looks up a contact by our external id, read directly and not through the search, which lags."""

    def repeatable(self, write: Unknown) -> bool:
        """Only updating; creating is looked up."""
        return write.operation != "create"

    def prepare(self, connection: duckdb.DuckDBPyConnection, writes: list[Unknown]) -> None:
        """Read the external ids."""
        keys = [write.source_key for write in writes]
        rows = connection.execute(
            "SELECT source_key, external_id FROM target.contacts WHERE list_contains(?, source_key)", [keys]
        ).fetchall()
        self._external_ids = dict(rows)

    async def find(self, env: Environment, write: Unknown) -> list[str]:
        """Return the contact's id, if it is there and was not before; such a one is adopted when sent again."""
        external_id = self._external_ids.get(write.source_key, write.source_key)
        found = await env.client.find_contact(external_id)
        return [found.id] if found and made_by_us(found, write.intent_at) else []


class Contacts:
    """What the load must know of contacts."""

    object = "contact"
    journal_objects = ("contact",)
    doubled_if_forgotten = ()

    def __init__(self) -> None:
        self.finder = ContactFinder()

    async def prepare(self, env: Environment) -> None:
        """Nothing has to be read first."""
        self._sender = ContactSender(env.client, env.journal)

    def page(self, connection: duckdb.DuckDBPyConnection, first: int, last: int) -> list[Record]:
        """Return the records at these positions of the queue."""
        rows = fetch_frame(connection, PAGE, [first, last]).to_dicts()
        return [self._record(row) for row in rows]

    def _record(self, row: dict[str, Any]) -> Record:
        write = Write("contact", row["source_key"], row["operation"], row["write_fingerprint"])

        async def send(_ids: Ids) -> Sent:
            if row["operation"] == "create":
                return await self._sender.create(row)
            return await self._sender.update(row, row["intercom_id"], adopted=bool(row["adopted"]))

        return Record(row["source_key"], (Step(write, send),))
