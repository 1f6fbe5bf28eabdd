"""Undoing attributes of contacts and companies: archived, no more goes, once none of ours has values in them."""

from collections.abc import Mapping

from migration_assets.objects.undoer import ARCHIVED, ListedUndoer, Row
from migration_assets.writing.touch_rules import Refusal
from schemas.intercom import DataAttribute


class DataAttributeUndoer(ListedUndoer):
    """Attributes of contacts and companies."""

    removal = "archive"

    async def listed(self) -> Mapping[str, DataAttribute]:
        """List the attributes that are not archived."""
        return {
            item.id or item.name: item
            for model in ("contact", "company")
            for item in await self._client.list_data_attributes(model)
            if item.custom is not False and not item.archived
        }

    async def refusal(self, row: Row, _there: DataAttribute) -> Refusal | None:
        """See whether a contact or company of ours stays."""
        model = str(row["source_key"]).partition(".")[0]
        return Refusal("in_use", "records that stay have values in it") if self._retained.any_stays(model) else None

    async def remove(self, there: DataAttribute) -> object:
        """Archive it."""
        return await self._client.update_data_attribute(there.id or there.name, ARCHIVED)
