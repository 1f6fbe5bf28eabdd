"""The list of conversations: which are on a page, how many there are, and what a line says."""

import json
import sqlite3
from dataclasses import dataclass

from embedded_intercom.inbox import pagination
from embedded_intercom.inbox.filters import STATES, Filters, conditions
from embedded_intercom.inbox.pagination import ListPage, ListPlace
from embedded_intercom.inbox.reading import StateReader, Value, attribute, marks
from embedded_intercom.inbox.values import first_words

KEY = ("created_at", "id")
RARE = 5000
"""Conversations with a tag up to which the tag's own index is read, and sorted, instead of the list in its order."""


@dataclass(frozen=True)
class ConversationLine:
    """One conversation or ticket in the list."""

    row: sqlite3.Row
    opening: str
    tags: tuple[str, ...]

    @property
    def title(self) -> str:
        """The title, or the first words where there is none."""
        return self.row["title"] or self.opening or "No text"

    @property
    def snippet(self) -> str:
        """The first words, where the title does not say them already."""
        return self.opening if self.row["title"] else ""


@dataclass(frozen=True)
class ConversationList:
    """A page of the list."""

    lines: tuple[ConversationLine, ...]
    page: ListPage


def listing(
    reader: StateReader, filters: Filters, place: ListPlace | None, per_page: int = pagination.PER_PAGE
) -> ConversationList:
    """Return the page that begins at the place, newest first by the time of opening."""
    source, where, values = _source(reader, filters, whole=False)
    columns = [f"threads.{name}" for name in KEY]
    further, key = pagination.beyond(columns, place)
    fetched = reader.all(
        f"SELECT threads.id, threads.created_at FROM {source} WHERE {where} AND {further} "
        f"ORDER BY {pagination.order(columns, place)} LIMIT ?",
        *(*values, *key, per_page + 1),
    )
    page = pagination.cut(fetched, KEY, place, per_page)
    return ConversationList(_lines(reader, [row["id"] for row in page.rows]), page)


def total(reader: StateReader, filters: Filters) -> int:
    """Return how many conversations the filters leave."""
    if filters == Filters(tag=filters.tag) and filters.tag is not None:
        return int(reader.scalar("SELECT count(*) FROM thread_tags WHERE tag_id=?", filters.tag))
    source, where, values = _source(reader, filters, whole=True)
    return int(reader.scalar(f"SELECT count(*) FROM {source} WHERE {where}", *values))


def counts(reader: StateReader, filters: Filters) -> dict[str, int]:
    """Return how many conversations the filters leave, by state and under 'all', whatever state they ask for.

    Closed ones are what remains: a workspace that holds a history has little else, and the others have a small index.
    """
    filters = filters.without_state()
    source, where, values = _source(reader, filters, whole=True)
    found = reader.all(
        f"SELECT threads.state, count(*) AS number FROM {source} WHERE threads.state<>'closed' AND {where} "
        "GROUP BY threads.state",
        *values,
    )
    active = {row["state"]: row["number"] for row in found}
    everything = total(reader, filters)
    return {"all": everything, **dict.fromkeys(STATES, 0), **active, "closed": everything - sum(active.values())}


def _source(reader: StateReader, filters: Filters, *, whole: bool) -> tuple[str, str, list[Value]]:
    """Return the filters as a source, a condition and its values; `whole`: all rows are wanted, not the first ones."""
    where, values = conditions(filters)
    if filters.tag is None:
        return "threads", where, values
    few = "SELECT count(*) FROM (SELECT 1 FROM thread_tags WHERE tag_id=? LIMIT ?)"
    if reader.scalar(few, filters.tag, RARE) < RARE:
        # CROSS JOIN keeps SQLite from turning the two round.
        source = "thread_tags AS worn CROSS JOIN threads ON threads.id=worn.thread_id"
        return source, f"worn.tag_id=? AND {where}", [filters.tag, *values]
    if whole:
        # The plus keeps SQLite from beginning with the tag, which would read every row that wears it.
        wears = "+threads.id IN (SELECT thread_id FROM thread_tags WHERE tag_id=?)"
    else:
        wears = "EXISTS (SELECT 1 FROM thread_tags AS worn WHERE worn.thread_id=threads.id AND worn.tag_id=?)"
    return "threads", f"{where} AND {wears}", [*values, filters.tag]


_LINES = """
SELECT threads.id, threads.title, substr(threads.body, 1, 800) AS body, threads.created_at, threads.updated_at,
    threads.state, threads.priority, threads.category, threads.contact_id, threads.company_id,
    {number} AS number,
    ticket_states.category AS ticket_category, ticket_states.internal_label AS ticket_state,
    contacts.id AS known_contact, contacts.name AS contact_name, contacts.email AS contact_email,
    contacts.external_id AS contact_external_id,
    companies.name AS company_name, companies.company_id AS company_key, admins.name AS admin, teams.name AS team
FROM threads
LEFT JOIN contacts ON contacts.id=threads.contact_id
LEFT JOIN companies ON companies.id=threads.company_id
LEFT JOIN ticket_states ON ticket_states.id=threads.ticket_state_id
LEFT JOIN admins ON admins.id=threads.admin_assignee_id
LEFT JOIN teams ON teams.id=threads.team_assignee_id
WHERE threads.id IN ({marks})
"""


def _lines(reader: StateReader, keys: list[int]) -> tuple[ConversationLine, ...]:
    known = [f"nullif({attribute('ticket_attributes')}, '')" for _ in reader.known_by]
    lines = _LINES.format(number=f"coalesce({', '.join([*known, 'NULL', 'NULL'])})", marks=marks(keys))
    rows = {row["id"]: row for row in reader.all(lines, *reader.known_by, *keys)}
    worn = reader.all(
        "SELECT thread_id, json_group_array(tags.name) AS names FROM thread_tags JOIN tags ON tags.id=tag_id "
        f"WHERE thread_id IN ({marks(keys)}) GROUP BY thread_id",
        *keys,
    )
    tags = {row["thread_id"]: tuple(sorted(json.loads(row["names"]), key=str.casefold)) for row in worn}
    return tuple(ConversationLine(rows[key], first_words(rows[key]["body"]), tags.get(key, ())) for key in keys)
