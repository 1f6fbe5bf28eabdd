"""Which conversations, parts and files stand in Intercom, and what became of those that it does not show."""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from migration_assets.objects.conversation.declaration import CONVERSATION
from migration_assets.objects.conversation.part import PART
from migration_assets.objects.conversation.tickets import read_tickets
from migration_assets.objects.destination import (
    DELETED,
    AskedRecord,
    Destination,
    DestinationCount,
    MissingRecord,
    ask_each,
    count_found,
)
from migration_assets.objects.undoer import found
from migration_assets.writing.environment import Environment
from resources.intercom.client import Intercom
from resources.warehouse import scalar

_HERE = Path(__file__).parent


async def count_conversations(env: Environment, ticket_type: str) -> list[DestinationCount]:
    """Search the tickets of our type: ours are known by the source id stamped on them and by their ids.

    Returns:
        The conversations, the parts and the files that stand.
    """
    await read_tickets(env, ticket_type)
    with env.warehouse.connect() as connection:
        connection.execute((_HERE / "present_parts.sql").read_text(encoding="utf-8"))
        return [count_found(connection, CONVERSATION), count_found(connection, PART), count_files(connection)]


def count_files(connection: duckdb.DuckDBPyConnection) -> DestinationCount:
    """Count the files of the parts that were found."""
    connection.execute((_HERE / "present_files.sql").read_text(encoding="utf-8"))
    planned = scalar(connection, "SELECT sum(planned) FROM observed.files")
    there = scalar(connection, "SELECT sum(there) FROM observed.files")
    return DestinationCount("attachment", planned, there, 0)


async def ask_for_conversations(env: Environment, missing: Sequence[MissingRecord]) -> list[AskedRecord]:
    """Ask for each conversation by its id."""
    return await ask_each(env, missing, _what_became)


async def _what_became(client: Intercom, conversation_id: str) -> str | None:
    return None if await found(client.get_ticket(conversation_id)) else DELETED


async def ask_for_parts(env: Environment, missing: Sequence[MissingRecord]) -> list[AskedRecord]:
    """Read the conversations whose parts are missing."""
    there: set[str] = set()
    for conversation_id in sorted({one.record_id for one in missing if one.record_id is not None}):
        ticket = await found(env.client.get_ticket(conversation_id))
        there |= {part.id for part in ticket.parts} if ticket else set()
    return [
        AskedRecord(one.source_key, one.intercom_id, None if one.intercom_id in there else DELETED) for one in missing
    ]


CONVERSATION_DESTINATION = Destination(
    count_conversations,
    ask_for_conversations,
    read_tables={"observed.tickets": "intercom_id", "observed.ticket_parts": "ticket_id"},
)
PART_DESTINATION = Destination(ask=ask_for_parts, with_it=count_files)
