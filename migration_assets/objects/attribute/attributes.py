"""Attributes of contacts and companies: created where missing, adopted where they fit, refused where not.

Those of tickets are loaded in the same way (`AttributeLoader`), by other calls.
"""

from collections.abc import Mapping
from typing import Any

from migration_assets.objects.answered import answered
from migration_assets.objects.attribute.declaration import ATTRIBUTE
from migration_assets.objects.paged import PagedObject
from migration_assets.objects.undoer import ARCHIVED, ListedUndoer, Row
from migration_assets.writing.environment import Environment
from migration_assets.writing.records import Sent, UnsendableError
from migration_assets.writing.touch_rules import Refusal, RefusalCode
from schemas.intercom import DataAttribute
from schemas.mapping_parts import fold

# An options attribute reads back as a string that has options, a timestamp as date in 2.16.
READS_BACK = {"options": {"string", "options"}, "datetime": {"datetime", "date"}, "date": {"date", "datetime"}}

BROUGHT_BACK = {"archived": False}


def require_fit(row: Mapping[str, Any], data_type: str | None, options: set[str]) -> None:
    """Refuse an existing attribute that could not hold our values; its type cannot be changed by API.

    Raises:
        UnsendableError: its type differs, or it lacks options.
    """
    wanted = row["data_type"]
    if data_type not in READS_BACK.get(wanted, {wanted}):
        raise UnsendableError(
            f"Intercom has the {row['model']} attribute {row['name']!r} as {data_type}, not as {wanted}. "
            "Rename it in the mapping."
        )
    missing = [option for option in row.get("options") or [] if fold(option) not in options]
    if missing:
        raise UnsendableError(
            f"Intercom's {row['model']} attribute {row['name']!r} lacks {len(missing)} of the options: "
            f"{', '.join(missing)}. Add them in Intercom's settings, then run again."
        )


def fits(row: Mapping[str, Any], data_type: str | None, options: set[str]) -> bool:
    """Whether an existing attribute can hold our values."""
    try:
        require_fit(row, data_type, options)
    except UnsendableError:
        return False
    return True


class DataAttributes(PagedObject, ListedUndoer):
    """Attributes of contacts and companies, which must stand before people who have them."""

    declaration = ATTRIBUTE

    async def prepare(self, env: Environment) -> None:
        """List what Intercom has, and what is archived there."""
        self._client = env.client
        self._there: dict[tuple[str, str], DataAttribute] = {}
        self._archived: dict[tuple[str, str], DataAttribute] = {}
        for model in ("contact", "company"):
            for item in await env.client.list_data_attributes(model, archived=True):
                if item.custom is not False:
                    (self._archived if item.archived else self._there)[model, item.name] = item

    async def send(self, row: Mapping[str, Any]) -> Sent:
        """Create it, adopt the one that fits, or bring back one that is archived."""
        name = (row["model"], row["name"])
        existing = self._there.get(name) or self._archived.get(name)
        if existing is None:
            made = await self._client.create_data_attribute(ATTRIBUTE.fields.body(row))
            return Sent(made.id or made.name, answered=answered(ATTRIBUTE.fields, row, made))
        # The name of an archived one stays taken.
        require_fit(row, existing.data_type, {fold(option) for option in existing.options})
        if name in self._there:
            return Sent(existing.id or existing.name, adopted=not row["tried"])
        # Brought back, it counts as made: taking the migration back archives it again.
        await self._client.update_data_attribute(existing.id or existing.name, BROUGHT_BACK)
        return Sent(existing.id or existing.name)

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
        stays = self._retained.any_stays(model)
        return Refusal(RefusalCode.IN_USE, "records that stay have values in it") if stays else None

    async def remove(self, there: DataAttribute) -> object:
        """Archive it."""
        return await self._client.update_data_attribute(there.id or there.name, ARCHIVED)
