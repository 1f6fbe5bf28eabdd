"""Contacts of ours that somebody merged into another one in Intercom: what is still to be written goes to the one left.

The contact that is left counts as adopted: it is somebody's choice, so nothing that it holds is overwritten, and taking
the migration back never deletes it.
"""

from migration_assets.writing.environment import Environment
from resources.intercom.client import Intercom
from resources.intercom.errors import ContactMerged, IntercomError
from resources.journal import Undoes
from schemas.intercom import Contact

LONGEST_CHAIN = 10
"""Merges after one another that are followed; more can only be a circle."""


def merged_away(source_key: str) -> Undoes:
    """Return what no longer stands of a merged contact: itself, and its links to companies, which are made anew."""
    return Undoes("contact", source_key, ("contact_company",))


async def survivor(client: Intercom, contact_id: str) -> Contact | None:
    """Return the contact that is left of one that was merged; None if Intercom does not name it or has it no more.

    Raises:
        IntercomError: Intercom cannot be read.
    """
    following: str | None = contact_id
    for _ in range(LONGEST_CHAIN):
        if following is None:
            return None
        try:
            return await client.get_contact(following)
        except ContactMerged as merged:
            following = merged.into_id
        except IntercomError as error:
            if error.status != 404:
                raise
            return None
    return None


async def follow(env: Environment, merged: dict[str, str]) -> dict[str, str]:
    """Hand over what hangs on merged contacts to those that are left, in the journal.

    Args:
        env: the run's surroundings.
        merged: Intercom ids of the merged contacts by source key.

    Returns:
        The Intercom ids of the contacts that are left, by source key; a contact of which none is left is not in it.
    """
    followed = {}
    for source_key, contact_id in merged.items():
        left = await survivor(env.client, contact_id)
        if left is not None:
            await env.journal.follow_merge(merged_away(source_key), left.id)
            followed[source_key] = left.id
    return followed
