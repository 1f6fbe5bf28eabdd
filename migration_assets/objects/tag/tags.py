"""Tags: one call each, which creates the tag or returns the one of that name.

Deleting one takes it off everything, so it must be on nothing that stays.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from migration_assets.objects.simple import SimpleObject
from migration_assets.objects.tag.declaration import TAG
from migration_assets.objects.undoer import Row
from migration_assets.writing.touch_rules import Refusal, RefusalCode
from resources.intercom.client import Intercom
from schemas.intercom import Tag
from schemas.mapping_parts import fold


class Tags(SimpleObject):
    """What a load and a rollback must know of tags."""

    declaration = TAG

    async def all_of(self, client: Intercom) -> Sequence[Tag]:
        """List the tags."""
        return await client.list_tags()

    def key_of(self, record: Tag) -> str | None:
        """Return its name, folded."""
        return fold(record.name) if record.name else None

    async def make(self, client: Intercom, row: Mapping[str, Any]) -> Tag:
        """Create it, or find the one of that name: the call does both."""
        return await client.create_tag(row["name"])

    async def refusal(self, row: Row, there: Tag) -> Refusal | None:
        """See whether it has our name still, and what wears it."""
        if fold(there.name or "") != fold(row["source_key"]):
            return Refusal(RefusalCode.EDITED, "changed since: name")
        return Refusal(RefusalCode.IN_USE, "it is on something that stays") if await self._worn(there.id) else None

    async def remove(self, there: Tag) -> None:
        """Delete it."""
        await self._client.delete_tag(there.id)

    async def _worn(self, tag_id: str) -> bool:
        query = {"field": "tag_ids", "operator": "=", "value": tag_id}
        async for page in self._client.search_conversations(query):
            if any(self._retained.stays("conversation", item.id) for item in page):
                return True
        async for people in self._client.search_contacts({"field": "tag_id", "operator": "=", "value": tag_id}):
            if people.items:
                return True  # A migration tags no contacts, nor companies.
        return bool(await self._client.companies_tagged(tag_id))
