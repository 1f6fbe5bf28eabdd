"""A custom attribute of tickets: a row of the same target table as those of people."""

from migration_assets.objects.attribute.declaration import attribute_fields
from migration_assets.objects.declaration import Declaration

TICKET_ATTRIBUTE = Declaration(
    name="ticket_attribute",
    plural="ticket_attributes",
    meaning="One row per attribute of the ticket type that all tickets have.",
    table="attributes",
    where="t.model = 'ticket'",
    sources=("custom_fields",),
    key_begins=("ticket.",),
    rowless=True,
    removal="archive",
    # Intercom wants a description of every attribute of a ticket type.
    fields=attribute_fields("coalesce(t.description, t.name)"),
)
