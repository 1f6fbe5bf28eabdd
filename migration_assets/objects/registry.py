"""Every object of Intercom that a migration writes, in the order in which they depend on each other.

A new object is a folder beside this file and a line in `ROOMS`.
"""

from collections.abc import Mapping

from migration_assets.objects.attribute.declaration import ATTRIBUTE
from migration_assets.objects.attribute.load import DataAttributeLoader, TicketAttributeLoader
from migration_assets.objects.company.declaration import COMPANY
from migration_assets.objects.company.load import CompanyLoader
from migration_assets.objects.contact.declaration import CONTACT
from migration_assets.objects.contact.load import ContactLoader
from migration_assets.objects.contact_company.declaration import CONTACT_COMPANY
from migration_assets.objects.contact_company.load import ContactCompanyLoader
from migration_assets.objects.conversation.declaration import ATTACHMENT, CONVERSATION, CONVERSATION_TAG, PART
from migration_assets.objects.conversation.load import ConversationLoader
from migration_assets.objects.declaration import Declaration
from migration_assets.objects.protocol import Loader
from migration_assets.objects.room import Room, RunChoices
from migration_assets.objects.tag.declaration import TAG
from migration_assets.objects.tag.load import TagLoader
from migration_assets.objects.ticket_attribute.declaration import TICKET_ATTRIBUTE
from migration_assets.objects.ticket_type.declaration import TICKET_TYPE
from migration_assets.objects.ticket_type.load import TicketTypeLoader
from schemas.mapping import RouteName

ROOMS: tuple[Room, ...] = (
    Room(ATTRIBUTE, loader=lambda _chosen: DataAttributeLoader()),
    Room(CONTACT, loader=lambda _chosen: ContactLoader()),
    Room(COMPANY, loader=lambda _chosen: CompanyLoader()),
    Room(CONTACT_COMPANY, loader=lambda _chosen: ContactCompanyLoader()),
    Room(TICKET_TYPE, loader=lambda _chosen: TicketTypeLoader()),
    Room(TICKET_ATTRIBUTE, loader=lambda chosen: TicketAttributeLoader(chosen.ticket_type)),
    Room(TAG, loader=lambda _chosen: TagLoader()),
    Room(CONVERSATION, loader=lambda chosen: ConversationLoader(chosen.route, chosen.ticket_type)),
    Room(PART),
    Room(ATTACHMENT),
    Room(CONVERSATION_TAG),
)
"""Each object needs what stands before it; what is part of another one stands after that."""


def rooms() -> Mapping[str, Room]:
    """Return the rooms by the object's name in the journal, in order."""
    return {room.name: room for room in ROOMS}


def declarations() -> Mapping[str, Declaration]:
    """Return the declarations by the object's name in the journal, in order."""
    return {room.name: room.declaration for room in ROOMS}


def load_order() -> tuple[str, ...]:
    """Return the objects that have records of their own, in the order in which they are loaded."""
    return tuple(room.name for room in ROOMS if room.loader is not None)


def plurals() -> dict[str, str]:
    """Return what the certificate calls the objects, by their names in the journal."""
    return {room.name: room.declaration.plural for room in ROOMS if room.declaration.fields.fields}


def loader_of(object_name: str, route: RouteName, ticket_type: str) -> Loader:
    """Return what the load must know of an object, made anew.

    Raises:
        KeyError: there is no such object, or it is written with another one.
    """
    make = rooms()[object_name].loader
    if make is None:
        raise KeyError(f"{object_name} is written with {rooms()[object_name].declaration.part_of}")
    return make(RunChoices(route, ticket_type))
