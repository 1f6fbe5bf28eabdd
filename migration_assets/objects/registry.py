"""Every object that is loaded, by name, in the order in which they depend on each other."""

from collections.abc import Callable

from migration_assets.objects.attribute.load import DataAttributeLoader, TicketAttributeLoader
from migration_assets.objects.company.load import CompanyLoader
from migration_assets.objects.contact.load import ContactLoader
from migration_assets.objects.contact_company.load import ContactCompanyLoader
from migration_assets.objects.conversation.load import ConversationLoader, RouteName
from migration_assets.objects.protocol import Loader
from migration_assets.objects.tag.load import TagLoader
from migration_assets.objects.ticket_type.load import TicketTypeLoader

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


def loader_of(object_name: str, route: RouteName, ticket_type: str) -> Loader:
    """Return what the load must know of an object (singular, as in the journal).

    A kind remembers what it read from Intercom: make a new one for each load.
    """
    makers: dict[str, Callable[[], Loader]] = {
        "ticket_type": TicketTypeLoader,
        "attribute": DataAttributeLoader,
        "ticket_attribute": lambda: TicketAttributeLoader(ticket_type),
        "tag": TagLoader,
        "company": CompanyLoader,
        "contact": ContactLoader,
        "contact_company": ContactCompanyLoader,
        "conversation": lambda: ConversationLoader(route, ticket_type),
    }
    return makers[object_name]()
