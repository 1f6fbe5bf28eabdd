"""The room of its object: what each stage asks for."""

from migration_assets.objects.room import LoadRules, PlanRules, Room
from migration_assets.objects.ticket_attribute.count import DESTINATION
from migration_assets.objects.ticket_attribute.declaration import TICKET_ATTRIBUTE
from migration_assets.objects.ticket_attribute.read_back import READ_BACK
from migration_assets.objects.ticket_attribute.standing import list_ticket_attributes
from migration_assets.objects.ticket_attribute.ticket_attributes import TicketAttributes

ROOM = Room(
    declaration=TICKET_ATTRIBUTE,
    loader=lambda chosen: TicketAttributes(chosen.ticket_type),
    read_back=READ_BACK,
    plan=PlanRules(observe=list_ticket_attributes),
    load=LoadRules(asset="ticket_type"),
    destination=DESTINATION,
)
