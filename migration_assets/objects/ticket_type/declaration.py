"""The Customer ticket type that all tickets have: one record, whose name the mapping gives."""

from migration_assets.objects.declaration import Declaration
from migration_assets.objects.fields import FieldList, ObjectField
from migration_assets.objects.normalisations import BLANK_SPACE, LETTER_CASE

TICKET_TYPE = Declaration(
    name="ticket_type",
    plural="ticket_types",
    meaning="One row: the ticket type that all tickets have.",
    # It has no target table: the mapping names it.
    table="ticket_types",
    relation="plan.ticket_types",
    rowless=True,
    removal="archive",
    fields=FieldList(
        (
            ObjectField("name", "Its name.", normalisations=(LETTER_CASE, BLANK_SPACE), editable=False),
            ObjectField("category", "What it is for.", constant="Customer", editable=False),
        )
    ),
)
