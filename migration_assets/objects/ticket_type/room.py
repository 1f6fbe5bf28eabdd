"""The room of its object: what each stage asks for."""

from migration_assets.objects.room import Room
from migration_assets.objects.ticket_type.declaration import TICKET_TYPE
from migration_assets.objects.ticket_type.load import TicketTypeLoader
from migration_assets.objects.ticket_type.read_back import READ_BACK
from migration_assets.objects.ticket_type.undo import TicketTypeUndoer

ROOM = Room(
    declaration=TICKET_TYPE,
    loader=lambda _chosen: TicketTypeLoader(),
    undoer=TicketTypeUndoer,
    read_back=READ_BACK,
)
