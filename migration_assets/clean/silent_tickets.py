"""Tickets without a message: asked once ids are read as the mapping says, for an id in another form is not a gap."""

from pathlib import Path

import duckdb

from migration_assets.accounting import doubts
from migration_assets.clean.ids import stands
from migration_assets.clean.readings import READINGS, plain_form
from resources.warehouse import table_exists
from schemas.doubt_codes import DoubtCode
from schemas.mapping import Mapping

_QUERY = Path(__file__).with_name("silent_tickets.sql")


def doubt_silent_tickets(connection: duckdb.DuckDBPyConnection, object_name: str, mapping: Mapping) -> None:
    """Doubt the tickets without a message, under the step that cleans the messages."""
    if object_name != "messages" or not table_exists(connection, "clean.tickets"):
        return
    readings = () if stands(mapping, "messages.ticket_id") else tuple(READINGS)
    query = _QUERY.read_text(encoding="utf-8").format(
        plain_ticket=plain_form(readings, "ticket_id"), plain_message=plain_form(readings, "trim(ticket_id)")
    )
    doubts.record(connection, "clean/messages", "tickets", DoubtCode.TICKET_WITHOUT_MESSAGE, query)
