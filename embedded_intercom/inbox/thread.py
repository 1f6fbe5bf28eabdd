"""One conversation or ticket, with its messages and everything that stands beside it."""

import json
import sqlite3
from dataclasses import dataclass
from typing import Any

from embedded_intercom.inbox import events
from embedded_intercom.inbox.pagination import ListPlace
from embedded_intercom.inbox.people_views import CompanyView, ContactView, company, person
from embedded_intercom.inbox.reading import StateReader
from embedded_intercom.inbox.values import Shown, attributes, first_words
from embedded_intercom.protocol.default_attributes import DEFAULT_DESCRIPTION, DEFAULT_TITLE
from embedded_intercom.records.threads import MAX_PARTS

OTHERS = 8
"""Conversations of the same contact that are named beside a thread."""
_HIDDEN = frozenset({DEFAULT_TITLE, DEFAULT_DESCRIPTION})
_SIDES = {"admin": "teammate", "team": "teammate", "bot": "bot"}


@dataclass(frozen=True)
class Entry:
    """A message, or a sentence about what happened; a part may be both."""

    side: str
    """Who it is from: contact, teammate or bot."""
    author: str
    author_id: str | None
    """The contact's or teammate's id; None where it is known that there is no such contact any more."""
    at: int
    note: bool
    body: str | None
    """As it is kept; the page makes it safe. None for what is no message."""
    attachments: list[dict[str, Any]]
    event: str | None
    key: str


@dataclass(frozen=True)
class ThreadView:
    """What the page of a thread shows."""

    row: sqlite3.Row
    title: str
    entries: list[Entry]
    earlier: str | None
    """The mark of the parts before those that are shown, if there are any."""
    from_start: bool
    tags: list[str]
    contact: ContactView | None
    company: CompanyView | None
    ticket_type: str | None
    attributes: list[Shown]
    others: list[sqlite3.Row]
    links: list[sqlite3.Row]
    number: str | None = None
    """What people know the ticket by."""

    @property
    def shown(self) -> int:
        """How many parts are on the page; the opening message is none."""
        return len(self.entries) - (1 if self.from_start else 0)


_THREAD = """
SELECT threads.*, ticket_states.internal_label AS ticket_state, ticket_states.category AS ticket_category,
    admins.name AS admin, teams.name AS team
FROM threads
LEFT JOIN ticket_states ON ticket_states.id=threads.ticket_state_id
LEFT JOIN admins ON admins.id=threads.admin_assignee_id
LEFT JOIN teams ON teams.id=threads.team_assignee_id
WHERE threads.id=?
"""


def thread(reader: StateReader, key: int, place: ListPlace | None) -> ThreadView | None:
    """Return a thread with its newest parts, or with those before a place; None when there is none."""
    row = reader.one(_THREAD, key)
    if row is None:
        return None
    parts = _parts(reader, key, place)
    more, parts = len(parts) > MAX_PARTS, list(reversed(parts[:MAX_PARTS]))
    contact = person(reader, row["contact_id"])
    ticket_type, described = _ticket_type(reader, row["ticket_type_id"])
    names = _names(reader, described)
    entries = [_entry(json.loads(part["doc"]), names) for part in parts]
    if not more:
        entries.insert(0, _opening(row, _author(reader, row, contact)))
    firm = company(reader, row["company_id"])
    values = _known_first(attributes(row["ticket_attributes"], described, _HIDDEN), reader.known_by)
    return ThreadView(
        row=row,
        title=row["title"] or first_words(row["body"], 90) or "No text",
        entries=entries,
        earlier=f"{parts[0]['created_at']}_{parts[0]['id']}" if more else None,
        from_start=not more,
        tags=_tags(reader, key),
        contact=contact,
        company=firm,
        ticket_type=ticket_type,
        attributes=values,
        number=next((one.text for one in values if one.name in reader.known_by), None),
        others=_others(reader, row),
        links=_links(reader, key),
    )


def _parts(reader: StateReader, key: int, place: ListPlace | None) -> list[sqlite3.Row]:
    before, values = ("AND (created_at, id) < (?, ?)", place.key) if place else ("", ())
    return reader.all(
        f"SELECT id, created_at, doc FROM parts WHERE thread_id=? {before} ORDER BY created_at DESC, id DESC LIMIT ?",
        *(key, *values, MAX_PARTS + 1),
    )


def _names(reader: StateReader, described: dict[str, Any]) -> events.NameLookup:
    def pairs(query: str) -> dict[str, str]:
        return {str(row[0]): row[1] for row in reader.all(query)}

    return events.NameLookup(
        admins=pairs("SELECT id, name FROM admins"),
        teams=pairs("SELECT id, name FROM teams"),
        # Several states may share a category: the first one stands for it, as it does for new tickets.
        states=pairs("SELECT category, internal_label FROM ticket_states ORDER BY id DESC"),
        options={
            item["id"]: item["label"]
            for attribute in described.values()
            for item in (attribute.get("input_options") or {}).get("list_options") or []
        },
    )


def _author(reader: StateReader, row: sqlite3.Row, contact: ContactView | None) -> ContactView | None:
    """Return who wrote the opening message: the contact, unless the thread was given to another one since."""
    key = row["author_id"]
    return contact if key in (None, row["contact_id"]) else person(reader, key)


def _opening(row: sqlite3.Row, author: ContactView | None) -> Entry:
    files = json.loads(row["attachments"])
    name = author.name if author else "A contact who was deleted"
    empty = not row["body"] and not files
    return Entry(
        side="contact",
        author=name,
        author_id=author.row["id"] if author else None,
        at=row["created_at"],
        note=False,
        body=None if empty else row["body"] or "",
        attachments=files,
        event=f"Opened for {name} without a message" if empty else None,
        key="opening",
    )


def _entry(part: dict[str, Any], names: events.NameLookup) -> Entry:
    author = part["author"]
    message = events.is_message(part)
    return Entry(
        side=_SIDES.get(author["type"], "contact"),
        author=author.get("name") or author.get("email") or f"Unnamed {author['type']}",
        author_id=str(author["id"]),
        at=part["created_at"],
        note=part["part_type"] == "note",
        body=(part["body"] or "") if message else None,
        attachments=part["attachments"],
        event=None if part["part_type"] in events.MESSAGES else events.sentence(part, names),
        key=part["id"],
    )


def _tags(reader: StateReader, key: int) -> list[str]:
    worn = "SELECT name FROM thread_tags JOIN tags ON tags.id=tag_id WHERE thread_id=? ORDER BY folded"
    return [row["name"] for row in reader.all(worn, key)]


def _ticket_type(reader: StateReader, key: int | None) -> tuple[str | None, dict[str, Any]]:
    name = reader.scalar("SELECT name FROM ticket_types WHERE id=?", key)
    found = reader.all("SELECT name, doc FROM ticket_type_attributes WHERE ticket_type_id=?", key)
    return name, {row["name"]: json.loads(row["doc"]) for row in found}


def _known_first(found: list[Shown], known: tuple[str, ...]) -> list[Shown]:
    return sorted(found, key=lambda one: known.index(one.name) if one.name in known else len(known))


def _others(reader: StateReader, row: sqlite3.Row) -> list[sqlite3.Row]:
    return reader.all(
        "SELECT id, coalesce(title, '') AS title, created_at, state, substr(body, 1, 400) AS body FROM threads "
        "WHERE contact_id=? AND id<>? ORDER BY created_at DESC, id DESC LIMIT ?",
        *(row["contact_id"], row["id"], OTHERS + 1),
    )


def _links(reader: StateReader, key: int) -> list[sqlite3.Row]:
    return reader.all(
        "SELECT threads.id, title, category, substr(body, 1, 400) AS body FROM links "
        "JOIN threads ON threads.id=linked_id WHERE thread_id=? ORDER BY threads.id",
        key,
    )
