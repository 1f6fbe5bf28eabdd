"""Intercom's answers as rows of (object, intercom id, field, value): what it shows, as text, and nothing judged.

Numbers, flags and times are written as JSON writes them, sets sorted, an option by its label, an empty value as None.
A record that is there has the field `present`. Everything here is pure.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from migration_assets.objects.ticket_type.load import DESCRIPTION, TITLE
from schemas.intercom import (
    Author,
    Company,
    Contact,
    Conversation,
    ConversationPart,
    DataAttribute,
    Reference,
    Tag,
    Ticket,
    TicketType,
    TicketTypeAttribute,
)

FieldRow = tuple[str, str, str, str | None]
"""(object, Intercom's id, field, value)."""

Labels = Mapping[str, Mapping[str, str]]
"""Of each list attribute of the ticket type, the label of an option by its id."""

CONTACT = ("role", "external_id", "email", "phone", "name", "signed_up_at", "last_seen_at")
COMPANY = ("company_id", "name", "website", "remote_created_at", "size", "industry")
WRITTEN = ("comment", "note", "open", "quick_reply")
"""The types of parts that somebody wrote; all others are events that Intercom adds by itself."""


def as_text(value: Any) -> str | None:  # noqa: ANN401 - any value of a JSON answer
    """Return a value as text; None for what is empty."""
    if value is None or value == "":
        return None
    if isinstance(value, bool | int | float):
        return json.dumps(int(value) if isinstance(value, float) and value.is_integer() else value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def attribute(name: str) -> str:
    """Return the field that holds a custom attribute."""
    return f"attribute.{name}"


def listed(values: Iterable[str | None]) -> str | None:
    """Return a set of texts as one text."""
    return ", ".join(sorted(value for value in values if value)) or None


def _rows(object_name: str, key: str, values: Mapping[str, Any]) -> list[FieldRow]:
    return [(object_name, key, "present", "true"), *((object_name, key, f, as_text(v)) for f, v in values.items())]


def contact_rows(contact: Contact) -> list[FieldRow]:
    """Return a contact's fields, and one row for each of the companies that it shows."""
    values = {name: getattr(contact, name) for name in CONTACT}
    values |= {attribute(name): value for name, value in contact.custom_attributes.items()}
    return [*_rows("contact", contact.id, values), *link_rows(contact.id, contact.companies)]


def link_rows(contact_id: str, companies: Iterable[Reference | Company]) -> list[FieldRow]:
    """Return a row for each company that a contact is attached to."""
    return [("contact_company", f"{contact_id}|{company.id}", "present", "true") for company in companies]


def company_rows(company: Company) -> list[FieldRow]:
    """Return a company's fields; Intercom takes a plan as text and gives it back as an object."""
    values = {name: getattr(company, name) for name in COMPANY}
    values["plan"] = company.plan.get("name") if isinstance(company.plan, Mapping) else company.plan
    values |= {attribute(name): value for name, value in company.custom_attributes.items()}
    return _rows("company", company.id, values)


def tag_rows(tag: Tag) -> list[FieldRow]:
    """Return a tag's name."""
    return _rows("tag", tag.id, {"name": tag.name})


def _description(item: DataAttribute | TicketTypeAttribute) -> Any:  # noqa: ANN401 - an extra field of the model
    return (item.model_extra or {}).get("description")


def data_attribute_rows(item: DataAttribute, model: str) -> list[FieldRow]:
    """Return the fields of an attribute of contacts or companies; none for built-in and archived ones."""
    if item.custom is False or item.archived:
        return []
    values = {"model": model, "name": item.name, "data_type": item.data_type, "options": listed(item.options)}
    return _rows("attribute", item.id or item.name, values | {"description": _description(item)})


def ticket_type_rows(ticket_type: TicketType) -> list[FieldRow]:
    """Return the fields of a ticket type and of its attributes that are not archived."""
    rows = _rows("ticket_type", ticket_type.id, {"name": ticket_type.name, "category": ticket_type.category})
    for item in ticket_type.attributes:
        if not item.archived:
            options = listed(option.label for option in item.options if not option.archived)
            values = {"model": "ticket", "name": item.name, "data_type": item.data_type, "options": options}
            rows += _rows("ticket_attribute", item.id, values | {"description": _description(item)})
    return rows


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


def ticket_rows(ticket: Ticket, labels: Labels) -> Iterator[FieldRow]:
    """Yield what a ticket shows: its own fields, its attributes, its parts and their files."""
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
            values[attribute(name)] = labels.get(name, {}).get(str(value), value)
    yield from _rows("conversation", ticket.id, values)
    for place, part in enumerate(ticket.parts):
        if part.part_type in WRITTEN or part.body or part.attachments:
            yield from part_rows(part, place)


def part_rows(part: ConversationPart, place: int) -> Iterator[FieldRow]:
    """Yield a part's fields and those of its files; `place` is where Intercom shows it in the thread."""
    values = {
        "author": author_of(part.author),
        "kind": part.part_type,
        "created_at": part.created_at,
        "text": part.body,
        "place": place,
        "redacted": bool(part.redacted),
    }
    yield from _rows("part", part.id, values)
    for number, item in enumerate(part.attachments):
        known = item if isinstance(item, Mapping) else {}
        shown = {name: known.get(name) for name in ("name", "content_type", "filesize")}
        yield from _rows("attachment", f"{part.id}/{number}", shown)


def conversation_rows(conversation: Conversation) -> list[FieldRow]:
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
