"""The room of its object: what each stage asks for."""

from migration_assets.objects.room import LoadRules, Room
from migration_assets.objects.ticket_attribute.count import DESTINATION
from migration_assets.objects.ticket_attribute.declaration import TICKET_ATTRIBUTE
from migration_assets.objects.ticket_attribute.load import TicketAttributeLoader
from migration_assets.objects.ticket_attribute.read_back import READ_BACK
from migration_assets.objects.ticket_attribute.undo import TicketAttributeUndoer

ROOM = Room(
    declaration=TICKET_ATTRIBUTE,
    loader=lambda chosen: TicketAttributeLoader(chosen.ticket_type),
    undoer=TicketAttributeUndoer,
    read_back=READ_BACK,
    load=LoadRules(asset="ticket_type"),
    destination=DESTINATION,
)
