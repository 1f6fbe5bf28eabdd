"""Reading the ticket type back, found by its name."""

from migration_assets.objects.read_back import AnswerSource, ReadBack
from migration_assets.objects.shown import declared
from migration_assets.objects.ticket_type.declaration import TICKET_TYPE
from migration_assets.objects.ticket_type.ticket_types import find_ticket_type
from migration_assets.writing.environment import Environment
from schemas.intercom import TicketType


async def planned_ticket_type(env: Environment) -> TicketType | None:
    """Return the ticket type that the plan names, None where there is none."""
    with env.warehouse.connect() as connection:
        ((name,),) = connection.execute("SELECT ticket_type FROM plan.options").fetchall()
    return await find_ticket_type(env.client, name)


async def read(env: Environment) -> None:
    """Read the ticket type."""
    found = await planned_ticket_type(env)
    await env.seen([found] if found is not None else [])


READ_BACK = ReadBack(
    sources=(AnswerSource("ticket_type", TicketType, TICKET_TYPE.name, whole=read),),
    shows={TicketType: declared(TICKET_TYPE)},
    read_with="attribute",
)
