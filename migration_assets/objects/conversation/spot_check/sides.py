"""Tickets as both sides have them: as the source exported them, and as Intercom shows them; nothing is written."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from migration_assets.objects.side_by_side import ShownMessage, Side, SideBySide, second
from migration_assets.objects.ticket_type.ticket_types import DESCRIPTION, TITLE, find_ticket_type
from resources.intercom.client import Intercom
from resources.warehouse import fetch_frame
from schemas.intercom import ConversationPart, Ticket
from schemas.source import SOURCE_ID

AT_ONCE = 8
PIECES = """
SELECT c.ticket_id AS key, list(o.intercom_id ORDER BY c.part_of) AS ids
FROM target.conversations c JOIN observed.conversations o ON o.source_key = c.source_key
WHERE list_contains($1, c.ticket_id) GROUP BY c.ticket_id
"""
_HERE = Path(__file__).parent


def read_source(connection: duckdb.DuckDBPyConnection, tickets: Sequence[str]) -> dict[str, Side]:
    """Return the source's side of the tickets, by their ids."""
    chosen: list[object] = [list(tickets)]
    messages: dict[str, list[dict[str, Any]]] = {}
    for row in fetch_frame(connection, _query("messages"), chosen).to_dicts():
        messages.setdefault(row["ticket_id"], []).append(row)
    mapped = {row["ticket_id"]: row for row in fetch_frame(connection, _query("mapped"), chosen).to_dicts()}
    rows = fetch_frame(connection, _query("tickets"), chosen).to_dicts()
    return {
        row["ticket_id"]: source_side(row, messages.get(row["ticket_id"], []), mapped.get(row["ticket_id"]))
        for row in rows
    }


def source_side(
    ticket: dict[str, Any], messages: Iterable[dict[str, Any]], mapped: dict[str, Any] | None = None
) -> Side:
    """Return the side of one ticket from its rows; `mapped` is what the mapping makes of it."""
    return Side(
        mapped={} if mapped is None else _mapped(mapped),
        title=ticket["subject"] or "",
        facts={
            "subject": ticket["subject"] or "",
            "customer": ticket["customer"] or "",
            "status": ticket["status"] or "",
            "priority": ticket["priority"] or "",
            "agent": ticket["agent"] or "",
            "team": ticket["team"] or "",
            "tags": ", ".join(sorted(ticket["tags"] or [])),
            "opened": second(ticket["created_at"]),
            "files of the ticket": ", ".join(ticket["files"] or []),
        },
        messages=tuple(
            ShownMessage(
                who=row["who"] or "unknown",
                when=second(row["created_at"]),
                kind=row["kind"] or "",
                body=row["body"] or "",
                files=tuple(row["files"] or []),
            )
            for row in messages
        ),
    )


def _mapped(row: dict[str, Any]) -> dict[str, str]:
    words = {name: row[name] or "" for name in ("subject", "customer", "status", "priority", "agent", "team")}
    return {**words, "tags": ", ".join(sorted(row["tags"] or [])), "opened": second(row["created_at"])}


def _query(name: str) -> str:
    return (_HERE / f"{name}.sql").read_text(encoding="utf-8")


@dataclass
class ShownNames:
    """Who and what is behind Intercom's ids; contacts are asked for once each. `options` are those of lists."""

    admins: Mapping[str, str]
    teams: Mapping[str, str]
    options: Mapping[str, str]
    contacts: dict[str, str] = field(default_factory=dict)


async def read_intercom(client: Intercom, pieces: Mapping[str, Sequence[str]], ticket_type: str) -> dict[str, Side]:
    """Return Intercom's side of tickets.

    Args:
        client: the session.
        pieces: by the source's ticket id, the ids of the tickets in Intercom that it has become, in their order.
        ticket_type: the name of the ticket type that they all have.
    """
    known = await find_ticket_type(client, ticket_type)
    names = ShownNames(
        {admin.id: admin.name or admin.email or admin.id for admin in await client.list_admins()},
        {team.id: team.name or team.id for team in await client.list_teams()},
        {option.id: option.label or "" for item in (known.attributes if known else []) for option in item.options},
    )
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(ids: Sequence[str]) -> Side:
        async with gate:
            tickets = [await client.get_ticket(ticket_id) for ticket_id in ids]
            # A ticket does not show its tags; the conversation that it is does.
            tags = (await client.get_conversation(ids[0])).tags
            return intercom_side(
                tickets, [tag.name or "" for tag in tags], names, await _customer(client, tickets, names)
            )

    found = await asyncio.gather(*(one(ids) for ids in pieces.values()))
    return dict(zip(pieces, found, strict=True))


async def _customer(client: Intercom, tickets: Sequence[Ticket], names: ShownNames) -> str:
    contact_id = next((contact.id for contact in tickets[0].contacts[:1]), "")
    if contact_id and contact_id not in names.contacts:
        contact = await client.get_contact(contact_id)
        words = [contact.name or contact.email or contact_id, f"<{contact.email}>" if contact.email else ""]
        names.contacts[contact_id] = " ".join(word for word in words if word)
    return names.contacts.get(contact_id, "")


def intercom_side(tickets: Sequence[Ticket], tags: Sequence[str], names: ShownNames, customer: str) -> Side:
    """Return the side of a ticket that has become one or more of Intercom's."""
    first, last = tickets[0], tickets[-1]
    opening = ShownMessage(customer, second(first.created_at), "opening message", _text(first, DESCRIPTION))
    messages = [_message(part) for ticket in tickets for part in ticket.parts if part.body or part.attachments]
    facts = {
        "subject": _text(first, TITLE),
        "customer": customer,
        "status": (last.ticket_state.internal_label or last.ticket_state.category or "") if last.ticket_state else "",
        "priority": names.options.get(_text(first, "Priority"), _text(first, "Priority")),
        "agent": names.admins.get(str(last.admin_assignee_id or ""), ""),
        "team": names.teams.get(str(last.team_assignee_id or ""), ""),
        "tags": ", ".join(sorted(tags)),
        "opened": second(first.created_at),
        "found by": f"{SOURCE_ID} {_text(first, SOURCE_ID)}",
    }
    if len(tickets) > 1:
        facts["goes on in"] = f"{len(tickets) - 1} more, for one shows 500 messages at most"
    return Side(_text(first, TITLE), facts, (opening, *messages))


def _text(ticket: Ticket, name: str) -> str:
    return str(ticket.ticket_attributes.get(name) or "")


def _message(part: ConversationPart) -> ShownMessage:
    author = part.author
    return ShownMessage(
        who=(author.name or author.email or author.type or "unknown") if author else "unknown",
        when=second(part.created_at),
        kind=(part.part_type or "").replace("_", " "),
        body=part.body or "",
        files=tuple(_name(item) for item in part.attachments),
    )


def _name(attachment: Any) -> str:  # noqa: ANN401 - whatever Intercom puts there
    return str(attachment.get("name") or "a file") if isinstance(attachment, Mapping) else "a file"


CONVERSATIONS_SIDE_BY_SIDE = SideBySide(
    needs=(
        *("observed.conversations", "target.conversations", "clean.tickets", "plan.conversation_tags"),
        *("plan.admin_ids", "plan.team_ids", "observed.admins", "observed.teams", "target.contacts", "target.tags"),
    ),
    candidates=_HERE / "candidates.sql",
    pieces=PIECES,
    read_source=read_source,
    read_intercom=read_intercom,
)
