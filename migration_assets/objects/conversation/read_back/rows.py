"""What tickets, and the conversations that they are, show of a conversation, its parts and their files."""

from collections.abc import Iterator, Mapping
from typing import Any

from migration_assets.objects.shown import FieldRow, as_text, attribute_field, field_rows, listed
from migration_assets.objects.ticket_type.ticket_types import DESCRIPTION, TITLE
from schemas.intercom import Author, Conversation, ConversationPart, Ticket, TicketType

Labels = Mapping[str, Mapping[str, str]]
"""Of each list attribute of the ticket type, the label of an option by its id."""

WRITTEN = ("comment", "note", "open", "quick_reply")
"""The types of parts that somebody wrote; all others are events that Intercom adds by itself."""


def labels_of(ticket_type: TicketType | None) -> Labels:
    """Return the labels of a ticket type's options: a ticket shows the id of an option, or its label."""
    attributes = ticket_type.attributes if ticket_type is not None else []
    return {item.name: {option.id: option.label or "" for option in item.options} for item in attributes}


def author_of(author: Author | None) -> str | None:
    """Return who wrote a part: admin 7, or contact 5f; a contact may be called user or lead."""
    if author is None:
        return None
    kind = "contact" if author.type in ("user", "lead", "contact") else author.type
    return f"{kind} {author.id}"


def ticket_rows(ticket: Ticket, labels: Labels) -> list[FieldRow]:
    """Return what a ticket shows of itself: its own fields and its attributes."""
    values: dict[str, Any] = {
        "created_at": ticket.created_at,
        "contact": listed(contact.id for contact in ticket.contacts),
        "assignee_admin": ticket.admin_assignee_id,
        "assignee_team": ticket.team_assignee_id,
        "ticket_state": ticket.ticket_state.internal_label if ticket.ticket_state else None,
        "snoozed_until": ticket.snoozed_until,
        "title": ticket.ticket_attributes.get(TITLE),
        "description": ticket.ticket_attributes.get(DESCRIPTION),
        "parts_given": len(ticket.parts),
        "parts_counted": ticket.parts_total,
    }
    for name, value in ticket.ticket_attributes.items():
        if name not in (TITLE, DESCRIPTION):
            values[attribute_field(name)] = labels.get(name, {}).get(str(value), value)
    return field_rows("conversation", ticket.id, values)


def conversation_rows(conversation: Conversation, _learnt: object) -> list[FieldRow]:
    """Return what only the conversation shows, and not the ticket that it is."""
    source, company = conversation.source or {}, conversation.company or {}
    values = {
        "inbox_title": conversation.title,
        "opening": source.get("body"),
        "company": company.get("id"),
        "state": conversation.state,
        "priority": conversation.priority,
        "tags": listed(tag.name for tag in conversation.tags),
    }
    return [("conversation", conversation.id, name, as_text(value)) for name, value in values.items()]


def part_rows(ticket: Ticket, _labels: object) -> Iterator[FieldRow]:
    """Yield the fields of a ticket's parts; `place` is where Intercom shows one in the thread."""
    for place, part in _written(ticket):
        values = {
            "author": author_of(part.author),
            "kind": part.part_type,
            "created_at": part.created_at,
            "text": part.body,
            "place": place,
            "redacted": bool(part.redacted),
        }
        yield from field_rows("part", part.id, values)


def file_rows(ticket: Ticket, _labels: object) -> Iterator[FieldRow]:
    """Yield the fields of the files of a ticket's parts, known by their place among those of the part."""
    for _, part in _written(ticket):
        for number, item in enumerate(part.attachments):
            known = item if isinstance(item, Mapping) else {}
            shown = {name: known.get(name) for name in ("name", "content_type", "filesize")}
            yield from field_rows("attachment", f"{part.id}/{number}", shown)


def _written(ticket: Ticket) -> Iterator[tuple[int, ConversationPart]]:
    for place, part in enumerate(ticket.parts):
        if part.part_type in WRITTEN or part.body or part.attachments:
            yield place, part
