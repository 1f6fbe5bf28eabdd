"""The Customer ticket type that all tickets have: found by its name or created, and what it knows of attributes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from migration_assets.objects.answered import answered
from migration_assets.objects.paged import PagedObject
from migration_assets.objects.ticket_type.declaration import TICKET_TYPE
from migration_assets.objects.undoer import ARCHIVED, ListedUndoer, Row
from migration_assets.writing.environment import Environment
from migration_assets.writing.records import Sent, Stopped, UnsendableError
from migration_assets.writing.touch_rules import Refusal, RefusalCode
from resources.intercom.client import Intercom
from schemas.intercom import TicketType, TicketTypeAttribute
from schemas.mapping_parts import fold
from schemas.source import SOURCE_ID

TITLE, DESCRIPTION = "_default_title_", "_default_description_"


@dataclass(frozen=True)
class AttributeInfo:
    """A ticket attribute as Intercom has it; `options` maps a folded label to its id."""

    id: str
    data_type: str | None
    options: Mapping[str, str]


@dataclass(frozen=True)
class TicketTypeInfo:
    """The ticket type as the loader needs it."""

    id: str
    attributes: Mapping[str, AttributeInfo]
    archived: Mapping[str, AttributeInfo] = field(default_factory=dict)
    """Attributes that are archived, with all their options."""

    @property
    def source_id(self) -> str:
        """The id of the attribute that holds our key, by which a ticket is found again.

        Raises:
            Stopped: the ticket type has no such attribute.
        """
        if SOURCE_ID not in self.attributes:
            raise Stopped(f"The ticket type has no attribute {SOURCE_ID!r}: load the attributes first.")
        return self.attributes[SOURCE_ID].id

    def values(self, attributes: Mapping[str, Any]) -> dict[str, Any]:
        """Return attribute values as Intercom takes them: a list's value is the option's id.

        Raises:
            UnsendableError: the ticket type lacks an attribute or an option.
        """
        found = {}
        for name, value in attributes.items():
            if value is None:
                continue
            attribute = self.attributes.get(name)
            if attribute is None:
                raise UnsendableError(f"The ticket type has no attribute {name!r}.")
            if attribute.data_type == "list":
                option = attribute.options.get(fold(str(value)))
                if option is None:
                    raise UnsendableError(f"The list attribute {name!r} lacks one of the options that are needed.")
                value = option
            found[name] = value
        return found


def describe(ticket_type: TicketType) -> TicketTypeInfo:
    """Return what the loader needs of a ticket type; archived options are left out."""
    return TicketTypeInfo(
        ticket_type.id,
        {item.name: _attribute(item) for item in ticket_type.attributes if not item.archived},
        {item.name: _attribute(item) for item in ticket_type.attributes if item.archived},
    )


def _attribute(item: TicketTypeAttribute) -> AttributeInfo:
    options = {fold(option.label or ""): option.id for option in item.options if not option.archived}
    return AttributeInfo(item.id, item.data_type, options)


async def find_ticket_type(client: Intercom, name: str) -> TicketType | None:
    """Return the Customer ticket type of that name.

    Raises:
        Stopped: a ticket type of that name has another category, so that it cannot be used.
    """
    same = [item for item in await _named(client, name) if not item.archived]
    usable = [item for item in same if _is_customer(item)]
    if same and not usable:
        raise Stopped(
            f"Intercom has a ticket type {name!r}, but it is {same[0].category}, not Customer. "
            "Name another one in settings.ticket_type of the mapping."
        )
    return usable[0] if usable else None


async def find_archived_type(client: Intercom, name: str) -> TicketType | None:
    """Return the archived Customer ticket type of that name; of several, the one that was made last."""
    found = [item for item in await _named(client, name) if item.archived and _is_customer(item)]
    return found[-1] if found else None


async def _named(client: Intercom, name: str) -> list[TicketType]:
    return [item for item in await client.list_ticket_types() if fold(item.name or "") == fold(name)]


def _is_customer(item: TicketType) -> bool:
    return fold(item.category or "") == "customer"


async def require_ticket_type(client: Intercom, name: str) -> TicketTypeInfo:
    """Return the ticket type with its attributes.

    Raises:
        Stopped: Intercom does not have it.
    """
    found = await find_ticket_type(client, name)
    if found is None:
        raise Stopped(f"Intercom has no ticket type {name!r}: load the ticket type first.")
    return describe(found)


async def bring_ticket_type(client: Intercom, row: Mapping[str, Any]) -> Sent:
    """Create the ticket type of a row, adopt the one of that name, or bring back one that is archived."""
    name = row["name"]
    existing = await find_ticket_type(client, name)
    if existing is not None:
        return Sent(existing.id, adopted=not row["tried"])
    archived = await find_archived_type(client, name)
    if archived is not None:
        # Brought back, it counts as made: taking the migration back archives it again.
        await client.update_ticket_type(archived.id, {"archived": False})
        return Sent(archived.id)
    made = await client.create_ticket_type(TICKET_TYPE.fields.body(row))
    return Sent(made.id, answered=answered(TICKET_TYPE.fields, row, made))


class TicketTypes(PagedObject, ListedUndoer):
    """What a load and a rollback must know of the ticket type."""

    declaration = TICKET_TYPE

    async def prepare(self, env: Environment) -> None:
        """Nothing has to be read first."""
        self._client = env.client

    async def send(self, row: Mapping[str, Any]) -> Sent:
        """Create it, adopt the one of that name, or bring back one that is archived."""
        return await bring_ticket_type(self._client, row)

    async def listed(self) -> Mapping[str, TicketType]:
        """List the ticket types that are not archived."""
        return {item.id: item for item in await self._client.list_ticket_types() if not item.archived}

    async def refusal(self, _row: Row, there: TicketType) -> Refusal | None:
        """See whether it is still used."""
        if self._retained.any_stays("conversation") or await self._used(there.id):
            return Refusal(RefusalCode.IN_USE, "tickets that stay have it")
        return None

    async def remove(self, there: TicketType) -> object:
        """Archive it."""
        return await self._client.update_ticket_type(there.id, ARCHIVED)

    async def _used(self, type_id: str) -> bool:
        query = {"field": "ticket_type_id", "operator": "=", "value": type_id}
        async for page in self._client.search_tickets(query):
            if any(self._retained.stays("conversation", ticket.id) for ticket in page):
                return True
        return False
