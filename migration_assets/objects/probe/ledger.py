"""What a probe makes is in the journal before it is made, and removed again whatever happens in between."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing
from typing import Any

from migration_assets.objects.probe.canary_rows import TYPE_NAME
from migration_assets.objects.ticket_type.ticket_types import find_archived_type, find_ticket_type
from migration_assets.objects.undoer import ARCHIVED
from resources.intercom.client import Intercom
from resources.intercom.errors import IntercomError, nothing_there
from resources.journal.workspace_profiles import ProbeRecord, WorkspaceProfiles
from schemas.source import SOURCE_ID

CONTACT, ADDRESS, COMPANY, TICKET, TAG, TYPE = "contact", "address", "company", "ticket", "tag", "ticket_type"
"""The kinds of records: an `address` is a contact that is found by its e-mail alone."""


class ProbeLedger:
    """The probe's records in one workspace, as the journal has them."""

    def __init__(
        self, client: Intercom, profiles: WorkspaceProfiles, app_id: str, *, settle_seconds: float = 0.0
    ) -> None:
        """Use the journal's `profiles`; what was sent less than `settle_seconds` ago may still come to be."""
        self._client, self._profiles, self._app_id, self._settle = client, profiles, app_id, settle_seconds

    async def make(self, kind: str, key: str, send: Awaitable[Any]) -> Any:  # noqa: ANN401 - whatever is made
        """Note a record, make it by `send`, and note Intercom's id of it."""
        self._profiles.note(self._app_id, ProbeRecord(kind, key))
        made = await send
        self.found(kind, key, getattr(made, "intercom_id", None) or made.id)
        return made

    def found(self, kind: str, key: str, intercom_id: str) -> None:
        """Note Intercom's id of a record."""
        self._profiles.note(self._app_id, ProbeRecord(kind, key, intercom_id))

    def beat(self) -> None:
        """Give a sign of life."""
        self._profiles.beat()

    def never_made(self, kind: str, key: str) -> None:
        """Forget a record whose making was refused."""
        self._profiles.forget(self._app_id, ProbeRecord(kind, key))

    async def remove_all(self) -> int:
        """Remove every record that the journal has, the latest first, and return how many there were in Intercom.

        One of which no answer came, and that is not found soon after, stays in the journal: it may come yet.

        Raises:
            IntercomError: one cannot be removed; it stays in the journal, and the next probe or run tries again. The
                others are removed before it is raised.
        """
        removed, failure = 0, None
        for record in self._profiles.left(self._app_id):
            try:
                there = await _REMOVE[record.object](self._client, record)
            except IntercomError as error:
                failure = error
                if error.stop:
                    break
                continue
            removed += there
            if there or record.intercom_id is not None or record.noted_at + self._settle <= time.time():
                self._profiles.forget(self._app_id, record)
        if failure is not None:
            raise failure
        return removed


async def _remove_contact(client: Intercom, record: ProbeRecord) -> bool:
    if record.intercom_id is not None:
        return await _delete(client.delete_contact, record.intercom_id)
    there = await client.find_contact(record.key)
    return there is not None and await _delete(client.delete_contact, there.id)


async def _remove_address(client: Intercom, record: ProbeRecord) -> bool:
    if record.intercom_id is not None:
        return await _delete(client.delete_contact, record.intercom_id)
    found = await first_page(client.search_contacts({"field": "email", "operator": "=", "value": record.key}))
    return any([await _delete(client.delete_contact, contact.id) for contact in found])


async def _remove_company(client: Intercom, record: ProbeRecord) -> bool:
    there = await client.find_company(record.key)
    # It may be another one by now: an archived company's id can lead to a new company.
    ids = {record.intercom_id, there.id if there is not None else None} - {None}
    return any([await _delete(client.delete_company, str(intercom_id)) for intercom_id in ids])


async def _remove_ticket(client: Intercom, record: ProbeRecord) -> bool:
    if record.intercom_id is not None:
        return await _delete(client.delete_ticket, record.intercom_id)
    kind = await find_ticket_type(client, TYPE_NAME) or await find_archived_type(client, TYPE_NAME)
    attribute = next((item for item in kind.attributes if item.name == SOURCE_ID), None) if kind else None
    if attribute is None:
        return False
    query = {"field": f"ticket_attribute.{attribute.id}", "operator": "=", "value": record.key}
    found = await first_page(client.search_tickets(query))
    return any([await _delete(client.delete_ticket, ticket.id) for ticket in found])


async def _remove_tag(client: Intercom, record: ProbeRecord) -> bool:
    found = [tag for tag in await client.list_tags() if tag.id == record.intercom_id or tag.name == record.key]
    return any([await _delete(client.delete_tag, tag.id) for tag in found])


async def _archive_type(client: Intercom, record: ProbeRecord) -> bool:
    there = await find_ticket_type(client, record.key)
    if there is not None:
        await client.update_ticket_type(there.id, ARCHIVED)
    return there is not None


_REMOVE: Mapping[str, Callable[[Intercom, ProbeRecord], Awaitable[bool]]] = {
    CONTACT: _remove_contact,
    ADDRESS: _remove_address,
    COMPANY: _remove_company,
    TICKET: _remove_ticket,
    TAG: _remove_tag,
    TYPE: _archive_type,
}


async def _delete(delete: Callable[[str], Awaitable[None]], intercom_id: str) -> bool:
    with nothing_there():
        await delete(intercom_id)
        return True
    return False


async def first_page(pages: AsyncIterator[Any]) -> list[Any]:
    """Return what is on the first page of a search: of the probe's own records there are no more."""
    async with aclosing(pages) as open_pages:  # type: ignore[type-var]
        page = await anext(open_pages, None)
    return list(page) if page is not None else []
