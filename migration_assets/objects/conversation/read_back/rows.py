"""What tickets, and the conversations that they are, show of a conversation, its parts and their files."""

from collections.abc import Iterator, Mapping

from migration_assets.objects.conversation.declaration import CONVERSATION
from migration_assets.objects.conversation.part import ATTACHMENT, PART
from migration_assets.objects.shown import FieldRow, as_text, declared_values, field_rows
from schemas.intercom import Conversation, ConversationPart, Ticket, TicketType

Labels = Mapping[str, Mapping[str, str]]
"""Of each list attribute of the ticket type, the label of an option by its id."""

WRITTEN = ("comment", "note", "open", "quick_reply")
"""The types of parts that somebody wrote; all others are events that Intercom adds by itself."""


def labels_of(ticket_type: TicketType | None) -> Labels:
    """Return the labels of a ticket type's options: a ticket shows the id of an option, or its label."""
    attributes = ticket_type.attributes if ticket_type is not None else []
    return {item.name: {option.id: option.label or "" for option in item.options} for item in attributes}


def ticket_rows(ticket: Ticket, labels: Labels) -> list[FieldRow]:
    """Return what a ticket shows: its fields, options by their labels, and how many parts are given and counted."""
    attributes = {name: labels.get(name, {}).get(str(value), value) for name, value in ticket.ticket_attributes.items()}
    values = declared_values(CONVERSATION, ticket.model_copy(update={"ticket_attributes": attributes}))
    counts = {"parts_given": len(ticket.parts), "parts_counted": ticket.parts_total}
    return field_rows(CONVERSATION.name, ticket.id, values | counts)


def conversation_rows(conversation: Conversation, _learnt: object) -> list[FieldRow]:
    """Return what only the conversation shows, and not the ticket that it is."""
    values = declared_values(CONVERSATION, conversation)
    return [(CONVERSATION.name, conversation.id, name, as_text(value)) for name, value in values.items()]


def part_rows(ticket: Ticket, _labels: object) -> Iterator[FieldRow]:
    """Yield the fields of a ticket's parts; `place` is where Intercom shows one in the thread."""
    for place, part in _written(ticket):
        shown = {"place": place, "redacted": bool(part.redacted)}
        yield from field_rows(PART.name, part.id, declared_values(PART, part) | shown)


def file_rows(ticket: Ticket, _labels: object) -> Iterator[FieldRow]:
    """Yield the fields of the files of a ticket's parts, known by their place among those of the part."""
    for _, part in _written(ticket):
        for number, item in enumerate(part.attachments):
            known = item if isinstance(item, Mapping) else {}
            yield from field_rows(ATTACHMENT.name, f"{part.id}/{number}", declared_values(ATTACHMENT, known))


def _written(ticket: Ticket) -> Iterator[tuple[int, ConversationPart]]:
    for place, part in enumerate(ticket.parts):
        if part.part_type in WRITTEN or part.body or part.attachments:
            yield place, part
