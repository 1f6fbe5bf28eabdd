"""Reading the tickets of our type with their parts into the warehouse, as Intercom shows them.

The count after the load and the sweep read them so. Of a part's text only a mark is kept, by which two parts
that say the same are found.
"""

import hashlib
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from migration_assets.objects.conversation.touches import caused_by, said_something
from migration_assets.objects.ticket_type.ticket_types import find_ticket_type
from migration_assets.objects.touches import own_admins
from migration_assets.writing.environment import Environment
from migration_assets.writing.text import plain
from resources.warehouse import insert_frame, transaction
from schemas.intercom import ConversationPart, Ticket
from schemas.source import SOURCE_ID

TICKETS: dict[str, Any] = dict.fromkeys(("intercom_id", "source_id", "contact_id"), pl.String)
TICKETS |= dict.fromkeys(("parts_given", "parts_total"), pl.Int64)
PARTS: dict[str, Any] = dict.fromkeys(
    ("ticket_id", "part_id", "part_type", "author_type", "author_id", "cause"), pl.String
)
PARTS |= {"created_at": pl.Int64, "files": pl.Int64, "said": pl.Boolean, "redacted": pl.Boolean, "likeness": pl.String}
"""`said` tells parts with a text or files from mere events; two parts of the same `likeness` cannot be told apart.
`cause` is who has caused the part if no write of ours knows it (touches.py)."""
ROWS = 20_000
"""Parts that are held in memory at the most before they are put into the warehouse."""
DAY = 86_400


def in_time(first: int, last: int, margin: int) -> dict[str, Any]:
    """Return the query for conversations that began between two unix times; Intercom may take the day for it."""
    after = {"field": "created_at", "operator": ">", "value": max(0, first - margin)}
    return {"operator": "AND", "value": [after, {"field": "created_at", "operator": "<", "value": last + margin}]}


def likeness(part: ConversationPart) -> str:
    """Return a mark that parts share which cannot be told apart: author, whether a note, time, text, number of files.

    Of its type only that: a contact's reply is an `open` instead of a `comment` where it opens a closed conversation.
    """
    author = part.author.id if part.author else None
    facts = (author, part.part_type == "note", part.created_at, len(part.attachments), plain(part.body))
    said = "\x00".join(map(str, facts))
    return hashlib.sha256(said.encode()).hexdigest()


@dataclass
class _Gathered:
    """Rows that are not in the warehouse yet."""

    own_admins: frozenset[str]
    tickets: list[dict[str, Any]] = field(default_factory=list)
    parts: list[dict[str, Any]] = field(default_factory=list)

    def add(self, ticket: Ticket) -> None:
        """Take a ticket with its parts."""
        self.tickets.append(
            {
                "intercom_id": ticket.id,
                "source_id": str(ticket.ticket_attributes.get(SOURCE_ID) or ""),
                "contact_id": ticket.contacts[0].id if ticket.contacts else None,
                "parts_given": len(ticket.parts),
                "parts_total": max(ticket.parts_total or 0, len(ticket.parts)),
            }
        )
        self.parts += [_part_row(ticket.id, part, self.own_admins) for part in ticket.parts]

    def put(self, env: Environment) -> None:
        """Put the rows into the warehouse in place of what an earlier page said of the same tickets."""
        with env.warehouse.connect() as connection, transaction(connection):
            # A search that goes on while tickets change may give one twice.
            tickets = pl.DataFrame(self.tickets, schema=TICKETS, orient="row").unique("intercom_id", keep="last")
            parts = pl.DataFrame(self.parts, schema=PARTS, orient="row").unique(["ticket_id", "part_id"], keep="last")
            insert_frame(connection, "observed.tickets_page", tickets, create=True)
            for table, key, frame in (("tickets", "intercom_id", tickets), ("ticket_parts", "ticket_id", parts)):
                connection.execute(
                    f"DELETE FROM observed.{table} WHERE {key} IN (SELECT intercom_id FROM observed.tickets_page)"
                )
                insert_frame(connection, f"observed.{table}", frame)
            connection.execute("DROP TABLE observed.tickets_page")
        self.tickets, self.parts = [], []


def _part_row(ticket_id: str, part: ConversationPart, own_admins: frozenset[str]) -> dict[str, Any]:
    return {
        "ticket_id": ticket_id,
        "part_id": part.id,
        "part_type": part.part_type,
        "author_type": part.author.type if part.author else None,
        "author_id": part.author.id if part.author else None,
        "cause": caused_by(part, own_admins),
        "created_at": part.created_at,
        "files": len(part.attachments),
        "said": said_something(part),
        "redacted": bool(part.redacted),
        "likeness": likeness(part),
    }


async def read_tickets(env: Environment, ticket_type: str) -> None:
    """Search the tickets of our type into `observed.tickets` and `observed.ticket_parts`.

    Args:
        env: the warehouse and the client.
        ticket_type: the type's name; without such a type there are no tickets.

    Raises:
        IntercomError: Intercom cannot be read.
    """
    found = await find_ticket_type(env.client, ticket_type)
    with env.warehouse.connect() as connection:
        insert_frame(connection, "observed.tickets", pl.DataFrame(schema=TICKETS), create=True)
        insert_frame(connection, "observed.ticket_parts", pl.DataFrame(schema=PARTS), create=True)
        gathered = _Gathered(own_admins(connection))
    if found is None:
        return
    async for page in env.client.search_tickets({"field": "ticket_type_id", "operator": "=", "value": found.id}):
        for ticket in page:
            gathered.add(ticket)
        await env.seen(page.items)
        if len(gathered.parts) >= ROWS:
            gathered.put(env)
    gathered.put(env)
