"""Reading the attributes of the ticket type back, which it shows itself."""

from collections.abc import Iterator

from migration_assets.objects.read_back import ReadBack
from migration_assets.objects.shown import FieldRow, declared_values, field_rows
from migration_assets.objects.ticket_attribute.declaration import TICKET_ATTRIBUTE
from schemas.intercom import TicketType


def rows(ticket_type: TicketType, _learnt: object) -> Iterator[FieldRow]:
    """Yield the fields of a ticket type's attributes that are not archived."""
    for item in ticket_type.attributes:
        if not item.archived:
            yield from field_rows(TICKET_ATTRIBUTE.name, item.id, declared_values(TICKET_ATTRIBUTE, item))


READ_BACK = ReadBack(shows={TicketType: rows}, read_with="attribute")
