"""Which contacts stand in Intercom, and what became of those that it does not show."""

from collections.abc import Sequence
from dataclasses import replace

from migration_assets.objects.contact.declaration import CONTACT
from migration_assets.objects.contact.merged import follow
from migration_assets.objects.destination import (
    ARCHIVED,
    DELETED,
    MERGED,
    AskedRecord,
    Destination,
    DestinationCount,
    MissingRecord,
    Pairs,
    ask_each,
    keep_found,
    pages_of_planned,
)
from migration_assets.objects.undoer import NOT_THERE
from migration_assets.writing.environment import Environment
from resources.intercom.client import Intercom
from resources.intercom.errors import ContactMerged, IntercomError


async def count_contacts(env: Environment, _ticket_type: str) -> list[DestinationCount]:
    """Page through all contacts; ours are known by external id, adopted ones by the id that was journalled."""
    pairs: Pairs = []
    async for page in env.client.iter_contacts():
        pairs += [(contact.external_id or "", contact.id) for contact in page]
        await env.seen(page.items)
    return [keep_found(env, CONTACT, pairs, by="external_id", by_journal=True)]


async def ask_for_contacts(env: Environment, missing: Sequence[MissingRecord]) -> list[AskedRecord]:
    """Ask for each contact. Of a merged one the one that it went into is left: it takes its place, and is not gone."""
    asked = await ask_each(env, missing, what_became)
    followed = await follow(env, {one.source_key: one.intercom_id for one in asked if one.code == MERGED})
    return [
        replace(one, intercom_id=followed[one.source_key], code=None) if one.source_key in followed else one
        for one in asked
    ]


async def what_became(client: Intercom, contact_id: str) -> str | None:
    """Return what became of a contact; None if it is there."""
    try:
        contact = await client.get_contact(contact_id)
        # An archived contact is given by its id and does not say so, but nobody finds it by the external id.
        archived = contact.external_id is not None and await client.find_contact(contact.external_id) is None
        return ARCHIVED if archived else None
    except ContactMerged:
        return MERGED
    except IntercomError as error:
        if error.status not in NOT_THERE:
            raise
        return DELETED


DESTINATION = Destination(count_contacts, ask_for_contacts, calls=pages_of_planned(CONTACT.name))
