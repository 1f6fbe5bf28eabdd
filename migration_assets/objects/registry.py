"""Every object that is loaded, by name, in the order in which they depend on each other."""

from collections.abc import Callable

from migration_assets.objects.attribute.load import DataAttributes, TicketAttributes
from migration_assets.objects.company.load import Companies
from migration_assets.objects.contact.load import Contacts
from migration_assets.objects.contact_company.load import Links
from migration_assets.objects.conversation.load import Conversations, RouteName
from migration_assets.objects.protocol import Kind
from migration_assets.objects.tag.load import Tags
from migration_assets.objects.ticket_type.load import TicketTypes

ORDER = (
    "attribute",
    "contact",
    "company",
    "contact_company",
    "ticket_type",
    "ticket_attribute",
    "tag",
    "conversation",
)
"""Load them in this order: each needs what stands before it."""


def kind_of(object_name: str, route: RouteName, ticket_type: str) -> Kind:
    """Return what the load must know of an object (singular, as in the journal).

    A kind remembers what it read from Intercom: make a new one for each load.
    """
    makers: dict[str, Callable[[], Kind]] = {
        "ticket_type": TicketTypes,
        "attribute": DataAttributes,
        "ticket_attribute": lambda: TicketAttributes(ticket_type),
        "tag": Tags,
        "company": Companies,
        "contact": Contacts,
        "contact_company": Links,
        "conversation": lambda: Conversations(route, ticket_type),
    }
    return makers[object_name]()
