"""Intercom's side: tickets as Intercom shows them, read through the client; nothing is written."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from migration_assets.objects.ticket_type.ticket_types import DESCRIPTION, TITLE, find_ticket_type
from migration_assets.spotcheck.sides import ShownMessage, Side, second, shown
from resources.intercom.client import Intercom
from schemas.intercom import ConversationPart, Ticket
from schemas.source import SOURCE_ID

AT_ONCE = 8


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
            return side(tickets, [tag.name or "" for tag in tags], names, await _customer(client, tickets, names))

    found = await asyncio.gather(*(one(ids) for ids in pieces.values()))
    return dict(zip(pieces, found, strict=True))


async def _customer(client: Intercom, tickets: Sequence[Ticket], names: ShownNames) -> str:
    known = [contact.id for ticket in tickets[:1] for contact in ticket.contacts[:1] if contact.id]
    for contact_id in known:
        if contact_id not in names.contacts:
            contact = await client.get_contact(contact_id)
            words = [contact.name or contact.email or contact_id, f"<{contact.email}>" if contact.email else ""]
            names.contacts[contact_id] = " ".join(word for word in words if word)
        return names.contacts[contact_id]
    return ""


def side(tickets: Sequence[Ticket], tags: Sequence[str], names: ShownNames, customer: str) -> Side:
    """Return the side of a ticket that has become one or more of Intercom's."""
    first, last = tickets[0], tickets[-1]
    opening = ShownMessage(customer, second(first.created_at), "opening message", shown(_text(first, DESCRIPTION)))
    messages = [_message(part) for ticket in tickets for part in ticket.parts if part.body or part.attachments]
    facts = {
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
        body=shown(part.body),
        files=tuple(_name(item) for item in part.attachments),
    )


def _name(attachment: Any) -> str:  # noqa: ANN401 - whatever Intercom puts there
    return str(attachment.get("name") or "a file") if isinstance(attachment, Mapping) else "a file"
