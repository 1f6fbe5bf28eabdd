"""Undoing what stands for many records: tags are deleted; the ticket type and attributes are archived, no more goes."""

from migration_assets.rollback.retained_records import RetainedRecords
from migration_assets.rollback.touch_rules import Refusal
from migration_assets.rollback.undoer import NOTHING_LEFT, Row, Undoing
from resources.intercom.client import Intercom
from schemas.intercom import DataAttribute, Tag, TicketType
from schemas.mapping import fold

ARCHIVED = {"archived": True}


class Tags:
    """Tags. Deleting one takes it off everything, so it must be on nothing that stays."""

    object = "tag"

    def __init__(self, client: Intercom, ground: RetainedRecords) -> None:
        self._client = client
        self._ground = ground

    async def prepare(self) -> None:
        """List the tags."""
        self._there: dict[str, Tag] = {tag.id: tag for tag in await self._client.list_tags()}

    async def look(self, row: Row) -> Undoing:
        """See whether it has our name still, and what wears it."""
        tag = self._there.get(row["intercom_id"])
        if tag is None or row["action"] == "restore":
            return NOTHING_LEFT
        if fold(tag.name or "") != fold(row["source_key"]):
            return Undoing(refusal=Refusal("edited", "edited since: name"))
        if await self._worn(tag.id):
            return Undoing(refusal=Refusal("in_use", "it is on something that stays"))
        return Undoing(lambda: self._client.delete_tag(tag.id))

    async def stands(self, row: Row) -> bool:
        """Whether it is listed."""
        return row["action"] == "delete" and row["intercom_id"] in self._there

    async def _worn(self, tag_id: str) -> bool:
        query = {"field": "tag_ids", "operator": "=", "value": tag_id}
        async for page in self._client.search_conversations(query):
            if any(self._ground.stays("conversation", item.id) for item in page):
                return True
        async for people in self._client.search_contacts({"field": "tag_id", "operator": "=", "value": tag_id}):
            if people.items:
                return True  # A migration tags no contacts, nor companies.
        return bool(await self._client.companies_tagged(tag_id))


class TicketTypes:
    """The ticket type. It is archived once no ticket has it."""

    object = "ticket_type"

    def __init__(self, client: Intercom, ground: RetainedRecords) -> None:
        self._client = client
        self._ground = ground

    async def prepare(self) -> None:
        """List the ticket types, archived ones too."""
        self._there: dict[str, TicketType] = {item.id: item for item in await self._client.list_ticket_types()}

    async def look(self, row: Row) -> Undoing:
        """See whether it is still used."""
        there = self._there.get(row["intercom_id"])
        if there is None or there.archived or row["action"] == "restore":
            return NOTHING_LEFT
        if self._ground.any_stays("conversation") or await self._used(there.id):
            return Undoing(refusal=Refusal("in_use", "tickets that stay have it"))
        return Undoing(lambda: self._client.update_ticket_type(there.id, ARCHIVED))

    async def stands(self, row: Row) -> bool:
        """Whether it is listed and not archived."""
        there = self._there.get(row["intercom_id"])
        return row["action"] == "archive" and there is not None and not there.archived

    async def _used(self, type_id: str) -> bool:
        query = {"field": "ticket_type_id", "operator": "=", "value": type_id}
        async for page in self._client.search_tickets(query):
            if any(self._ground.stays("conversation", ticket.id) for ticket in page):
                return True
        return False


class TicketAttributes:
    """Attributes of the ticket type. They are archived once no ticket of ours is left that has values in them."""

    object = "ticket_attribute"

    def __init__(self, client: Intercom, ground: RetainedRecords) -> None:
        self._client = client
        self._ground = ground

    async def prepare(self) -> None:
        """List the attributes of all ticket types, with the types that have them."""
        self._there: dict[str, tuple[str, bool]] = {
            attribute.id: (item.id, bool(attribute.archived))
            for item in await self._client.list_ticket_types()
            for attribute in item.attributes
        }

    async def look(self, row: Row) -> Undoing:
        """See whether a ticket of ours stays."""
        type_id, archived = self._there.get(row["intercom_id"], ("", True))
        if archived or row["action"] == "restore":
            return NOTHING_LEFT
        if self._ground.any_stays("conversation"):
            return Undoing(refusal=Refusal("in_use", "tickets that stay have values in it"))
        return Undoing(lambda: self._client.update_ticket_type_attribute(type_id, row["intercom_id"], ARCHIVED))

    async def stands(self, row: Row) -> bool:
        """Whether it is listed and not archived."""
        return row["action"] == "archive" and not self._there.get(row["intercom_id"], ("", True))[1]


class DataAttributes:
    """Attributes of contacts and companies. They are archived once none of ours is left that has values in them."""

    object = "attribute"

    def __init__(self, client: Intercom, ground: RetainedRecords) -> None:
        self._client = client
        self._ground = ground

    async def prepare(self) -> None:
        """List the attributes that are not archived."""
        self._there: dict[str, DataAttribute] = {
            item.id or item.name: item
            for model in ("contact", "company")
            for item in await self._client.list_data_attributes(model)
            if item.custom is not False and not item.archived
        }

    async def look(self, row: Row) -> Undoing:
        """See whether a contact or company of ours stays."""
        there = self._there.get(row["intercom_id"])
        if there is None or row["action"] == "restore":
            return NOTHING_LEFT
        model = str(row["source_key"]).partition(".")[0]
        if self._ground.any_stays(model):
            return Undoing(refusal=Refusal("in_use", "records that stay have values in it"))
        return Undoing(lambda: self._client.update_data_attribute(row["intercom_id"], ARCHIVED))

    async def stands(self, row: Row) -> bool:
        """Whether it is listed."""
        return row["action"] == "archive" and row["intercom_id"] in self._there
