"""The room of its object: what each stage asks for."""

from pathlib import Path

from migration_assets.objects.room import LoadRules, PlanRules, Room
from migration_assets.objects.ticket_type.count import DESTINATION
from migration_assets.objects.ticket_type.declaration import TICKET_TYPE
from migration_assets.objects.ticket_type.read_back import READ_BACK
from migration_assets.objects.ticket_type.ticket_types import TicketTypes

ROOM = Room(
    declaration=TICKET_TYPE,
    loader=lambda _chosen: TicketTypes(),
    read_back=READ_BACK,
    plan=PlanRules(records=Path(__file__).with_name("records.sql")),
    load=LoadRules(
        asset="ticket_type",
        after=("admins", "teams"),
        description="One row per attribute of the Customer ticket type that all tickets have, the type itself "
        "included.",
    ),
    destination=DESTINATION,
)
