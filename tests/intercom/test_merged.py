"""Which contact is left after others were merged into it, one after the other."""

import asyncio
from types import SimpleNamespace

import pytest

from migration_assets.objects.contact.merged import survivor
from resources.intercom.errors import ContactMerged, IntercomError
from resources.intercom.outcomes import CallOutcome


class Contacts:
    """A workspace in which contacts went into others; what is named by nothing is not there."""

    def __init__(self, **into):
        self._into = into

    async def get_contact(self, contact_id):
        if contact_id not in self._into:
            raise IntercomError(CallOutcome.REJECTED, 404, "not_found", "", None, "GET /contacts/{contact_id}")
        if self._into[contact_id] == "there":
            return SimpleNamespace(id=contact_id)
        error = ContactMerged(CallOutcome.REJECTED, 410, "contact_merged", "", None, "GET /contacts/{contact_id}")
        error.into_id = self._into[contact_id]
        raise error


@pytest.mark.parametrize(
    ("into", "left"),
    [
        ({"a": "b", "b": "c", "c": "there"}, "c"),
        ({"a": "b"}, None),
        ({"a": None}, None),
        ({"a": "b", "b": "a"}, None),
    ],
)
def test_the_one_that_is_left_is_found_through_any_number_of_merges(into, left):
    found = asyncio.run(survivor(Contacts(**into), "a"))
    assert (found.id if found else None) == left
