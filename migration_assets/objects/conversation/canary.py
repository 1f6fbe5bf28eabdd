"""The first tickets are read back before any other follows: what Intercom makes of them is seen on a few, not on all.

How exactly Intercom keeps a time that it was given, and what a workspace's automation answers to a new ticket, is
documented nowhere. Customers would see wrong dates, or get mail, in all of their tickets.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from migration_assets.objects.conversation.rows import parts_by_key, take_keys
from migration_assets.objects.conversation.tickets import said_something
from migration_assets.writing.environment import Environment
from migration_assets.writing.records import Stopped
from resources.intercom.errors import IntercomError
from resources.warehouse import fetch_frame
from schemas.intercom import ConversationPart, Ticket

CANARY_SIZE = 5
"""Tickets that are sent alone, and read back."""
NAMED = 3
"""Faults that are named; more would say the same."""
AUTOMATION = "bot"
"""Intercom's word for the author of what Workflows, Fin and other automation write."""

_QUERY = (Path(__file__).parent / "canary.sql").read_text(encoding="utf-8")


async def read_canary_back(env: Environment) -> int:
    """Read the first tickets of the migration back, and return how many were sent yet, of `CANARY_SIZE`.

    Times are compared, and of what this run has sent also the authors.

    Raises:
        Stopped: one is not as it was sent, an automation has written into one, or they cannot be read; says which,
            and what to do.
    """
    with env.warehouse.connect() as connection:
        rows = fetch_frame(connection, _QUERY, [CANARY_SIZE]).to_dicts()
        take_keys(connection, sorted({row["source_key"] for row in rows}))
        parts = parts_by_key(connection)
    faults: list[str] = []
    ticket_ids = dict.fromkeys(row["intercom_id"] for row in rows)
    for ticket_id in ticket_ids:
        ticket = await _ticket(env, ticket_id)
        if ticket is not None:
            faults += faults_of(ticket, [row for row in rows if row["intercom_id"] == ticket_id], parts)
    if faults:
        more = f" And {len(faults) - NAMED} more." if len(faults) > NAMED else ""
        raise Stopped(
            f"The first tickets are not in Intercom as they were sent, so nothing more is: {' '.join(faults[:NAMED])}"
            f"{more} make rollback takes back what was sent."
        )
    return len(ticket_ids)


async def _ticket(env: Environment, ticket_id: str) -> Ticket | None:
    """Return a ticket; None where it is none yet, or was deleted."""
    try:
        return await env.client.get_ticket(ticket_id)
    except IntercomError as error:
        if error.status in (404, 410):
            return None
        raise Stopped(f"The first tickets cannot be read back: {error}") from None


def faults_of(
    ticket: Ticket, rows: Iterable[Mapping[str, Any]], parts: Mapping[str, Mapping[str, Any]]
) -> Iterator[str]:
    """Yield a sentence per fault of a ticket.

    Args:
        ticket: as Intercom shows it.
        rows: what was sent of it, as canary.sql gives it.
        parts: the parts by key, as they are wanted; authors may have been mapped anew since an earlier run.
    """
    rows = list(rows)
    key, sent_now = rows[0]["source_key"], rows[0]["sent_now"]
    shown = {part.id: part for part in ticket.parts}
    if ticket.created_at != rows[0]["created_at"]:
        yield f"Ticket {key} was opened {_at(rows[0]['created_at'])}, and Intercom shows {_at(ticket.created_at)}."
    for row in rows:
        part, wanted = shown.get(row["part_id"]), parts.get(row["part_key"])
        if part is None or wanted is None:
            continue  # it carries none, or more than Intercom shows
        if part.created_at != wanted["created_at"]:
            yield (
                f"Message {row['part_key']} of ticket {key} was written {_at(wanted['created_at'])}, and Intercom "
                f"shows {_at(part.created_at)}."
            )
        if sent_now and (part.author is None or part.author.id != wanted["author_id"]):
            yield f"Message {row['part_key']} of ticket {key} is shown as another author's."
    if sent_now and any(_by_automation(part, rows[0]["sent_at"]) for part in ticket.parts):
        yield (
            f"An automation of the workspace has written into ticket {key}: pause Workflows, Series, Fin and CSAT in "
            "Intercom, then run again."
        )


def _by_automation(part: ConversationPart, since: float) -> bool:
    """Whether automation has written it since: what is older answers to what a lost journal no longer knows."""
    by_it = part.author is not None and part.author.type == AUTOMATION
    return by_it and said_something(part) and (part.created_at or 0) >= int(since)


def _at(unix: int | None) -> str:
    return f"{datetime.fromtimestamp(unix, UTC):%Y-%m-%d %H:%M:%S} UTC" if unix is not None else "without a time"
