"""The endpoints, one module per object."""

from resources.embedded.routes import (
    articles,
    companies,
    contact_merge,
    contact_search,
    contacts,
    control,
    conversation_attributes,
    conversations,
    data_attributes,
    manage,
    people,
    replies,
    tags,
    threads_search,
    ticket_types,
    tickets,
)

MODULES = [
    module.routes
    for module in (
        articles,
        companies,
        contact_merge,
        contact_search,
        contacts,
        control,
        conversation_attributes,
        conversations,
        data_attributes,
        manage,
        people,
        replies,
        tags,
        threads_search,
        ticket_types,
        tickets,
    )
]
