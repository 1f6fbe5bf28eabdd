"""Reading the conversations of the time that ours are from into the warehouse: the conversation route's own reading.

`POST /conversations` takes no id of ours, so one that took effect after everybody had given it up can only be known
by its contact, second and text. Asking for each contact would take a call per contact; all conversations of the time
are a call per 150, whoever wrote them.
"""

import hashlib
from typing import Any

import polars as pl

from migration_assets.writing.environment import Environment
from migration_assets.writing.text import plain
from resources.warehouse import insert_frame
from schemas.intercom import Conversation

SCHEMA = {
    "intercom_id": pl.String,
    "contact_id": pl.String,
    "created_at": pl.Int64,
    "is_ticket": pl.Boolean,
    "likeness": pl.String,
}
TABLE = """
CREATE OR REPLACE TABLE observed.openings
    (intercom_id VARCHAR, contact_id VARCHAR, created_at BIGINT, is_ticket BOOLEAN, likeness VARCHAR)
"""
TIMES = "SELECT min(created_at), max(created_at) FROM target.conversations"
MARGIN = 2 * 86_400
"""Seconds on either side: Intercom may take a day, in the workspace's time zone, for the second."""
PAGES = 50
"""Pages that are held in memory before they are put into the warehouse."""


def likeness(conversation: Conversation) -> str:
    """Return a mark that conversations share which cannot be told apart: contacts, time and first message."""
    contacts = sorted(contact.id for contact in conversation.contacts)
    said = plain((conversation.source or {}).get("body"))
    return hashlib.sha256("\x00".join(map(str, (*contacts, conversation.created_at, said))).encode()).hexdigest()


async def read_openings(env: Environment, route: str) -> int:
    """Search the conversations into `observed.openings` and return how many; none on the ticket route.

    Raises:
        IntercomError: Intercom cannot be read.
    """
    with env.warehouse.connect() as connection:
        connection.execute(TABLE)
        ((first, last),) = connection.execute(TIMES).fetchall()
    if route == "ticket" or first is None:
        return 0
    number, pages = 0, 0
    rows: list[dict[str, Any]] = []
    async for page in env.client.search_conversations(of_the_time(first, last)):
        rows += [_row(conversation) for conversation in page]
        number, pages = number + len(page), pages + 1
        if pages % PAGES == 0:
            _put(env, rows)
            rows = []
    _put(env, rows)
    return number


def of_the_time(first: int, last: int) -> dict[str, Any]:
    """Return the query for conversations that began between two unix times."""
    after = {"field": "created_at", "operator": ">", "value": max(0, first - MARGIN)}
    before = {"field": "created_at", "operator": "<", "value": last + MARGIN}
    return {"operator": "AND", "value": [after, before]}


def _row(conversation: Conversation) -> dict[str, Any]:
    return {
        "intercom_id": conversation.id,
        "contact_id": conversation.contacts[0].id if conversation.contacts else None,
        "created_at": conversation.created_at,
        "is_ticket": conversation.ticket is not None,
        "likeness": likeness(conversation),
    }


def _put(env: Environment, rows: list[dict[str, Any]]) -> None:
    with env.warehouse.connect() as connection:
        insert_frame(connection, "observed.openings", pl.DataFrame(rows, schema=SCHEMA, orient="row"))
