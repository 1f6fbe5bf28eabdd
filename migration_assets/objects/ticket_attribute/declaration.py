"""A custom attribute of tickets: a row of the same target table as those of people."""

from migration_assets.objects.attribute.declaration import attribute_fields
from migration_assets.objects.declaration import Declaration, UndoAction
from migration_assets.objects.fields import only_sent

TICKET_ATTRIBUTE = Declaration(
    name="ticket_attribute",
    plural="ticket_attributes",
    meaning="One row per attribute of the ticket type that all tickets have.",
    table="attributes",
    where="t.model = 'ticket'",
    sources=("custom_fields",),
    key_begins=("ticket.",),
    rowless=True,
    removal=UndoAction.ARCHIVE,
    # Intercom wants a description of every attribute of a ticket type.
    fields=attribute_fields(
        "coalesce(t.description, t.name)",
        None,
        ("list_items", ",".join),
        # Customers do not see what was migrated.
        only_sent("required_to_create", "Whether an agent must give it.", constant=False, editable=False),
        only_sent("required_to_create_for_contacts", "Whether a customer must.", constant=False, editable=False),
        only_sent("visible_to_contacts", "Whether customers see it.", constant=False, editable=False),
    ),
)
