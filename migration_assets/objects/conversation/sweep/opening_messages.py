"""Reading the conversations of the time that ours are from into the warehouse: the conversation route's own reading.

`POST /conversations` takes no id of ours, so one that took effect after everybody had given it up can only be known
by its contact, second and text. Asking for each contact would take a call per contact; all conversations of the time
are a call per 150, whoever wrote them.
"""

import hashlib
from typing import Any

import polars as pl

from migration_assets.objects.conversation.tickets import DAY, in_time
from migration_assets.writing.environment import Environment
from migration_assets.writing.text import plain
from resources.warehouse import insert_frame
from schemas.intercom import Conversation

SCHEMA: dict[str, Any] = {"intercom_id": pl.String, "contact_id": pl.String, "created_at": pl.Int64}
SCHEMA |= {"is_ticket": pl.Boolean, "likeness": pl.String}
TIMES = "SELECT min(created_at), max(created_at) FROM target.conversations"
ROWS = 7_500
"""Rows that are held in memory at the most before they are put into the warehouse."""


def likeness(conversation: Conversation) -> str:
    """Return a mark that conversations share which cannot be told apart: contacts, time and first message."""
    contacts = sorted(contact.id for contact in conversation.contacts)
    said = plain((conversation.source or {}).get("body"))
    return hashlib.sha256("\x00".join(map(str, (*contacts, conversation.created_at, said))).encode()).hexdigest()


async def read_opening_messages(env: Environment, route: str) -> None:
    """Search the conversations into `observed.opening_messages`; none on the ticket route.

    Raises:
        IntercomError: Intercom cannot be read.
    """
    rows: list[tuple[Any, ...]] = []
    _put(env, rows, create=True)
    with env.warehouse.connect() as connection:
        ((first, last),) = connection.execute(TIMES).fetchall()
    if route == "ticket" or first is None:
        return
    async for page in env.client.search_conversations(in_time(first, last, 2 * DAY)):
        rows += map(_row, page)
        if len(rows) >= ROWS:
            _put(env, rows)
            rows = []
    _put(env, rows)


def _row(conversation: Conversation) -> tuple[Any, ...]:
    contact = conversation.contacts[0].id if conversation.contacts else None
    is_ticket = conversation.ticket is not None
    return conversation.id, contact, conversation.created_at, is_ticket, likeness(conversation)


def _put(env: Environment, rows: list[tuple[Any, ...]], *, create: bool = False) -> None:
    with env.warehouse.connect() as connection:
        insert_frame(
            connection, "observed.opening_messages", pl.DataFrame(rows, schema=SCHEMA, orient="row"), create=create
        )
