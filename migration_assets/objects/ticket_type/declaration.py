"""The Customer ticket type that all tickets have: one record, whose name the mapping gives."""

from migration_assets.objects.declaration import Declaration, UndoAction
from migration_assets.objects.fields import FieldList, ObjectField, only_sent
from migration_assets.objects.normalisations import BLANK_SPACE, LETTER_CASE
from schemas.source import SOURCE

TICKET_TYPE = Declaration(
    name="ticket_type",
    plural="ticket_types",
    meaning="One row: the ticket type that all tickets have.",
    # It has no target table: the mapping names it.
    table="ticket_types",
    relation="plan.ticket_types",
    rowless=True,
    removal=UndoAction.ARCHIVE,
    fields=FieldList(
        (
            ObjectField("name", "Its name.", normalisations=(LETTER_CASE, BLANK_SPACE), editable=False),
            ObjectField("category", "What it is for.", constant="Customer", editable=False),
            only_sent("description", "What it holds.", f"Tickets from {SOURCE}.", editable=False),
            only_sent("is_internal", "Whether customers see none of them.", constant=False, editable=False),
        )
    ),
)
