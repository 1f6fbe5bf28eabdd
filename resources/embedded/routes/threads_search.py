"""Conversations and tickets: list and search, in pages by cursor."""

import sqlite3
from collections.abc import Callable
from zoneinfo import ZoneInfo

from resources.embedded import threads
from resources.embedded.checks import number
from resources.embedded.pages import Asked, Keyset, asked_in_body, asked_in_query, by_cursor
from resources.embedded.routing import Call, Result, Routes
from resources.embedded.search import Compiler, Field
from resources.embedded.store import Value, to_json

routes = Routes()

_TAGGED = "EXISTS (SELECT 1 FROM thread_tags WHERE thread_id=threads.id AND {})"
_TEAMMATE = "EXISTS (SELECT 1 FROM json_each(teammates) WHERE {})"
_AUTHOR = "EXISTS (SELECT 1 FROM contacts WHERE contacts.id=threads.contact_id AND {})"
_STATE = "EXISTS (SELECT 1 FROM ticket_states WHERE ticket_states.id=threads.ticket_state_id AND {})"

_SHARED = {
    "id": Field("id", "id"),
    "title": Field("title"),
    "contact_ids": Field("contact_id"),
    "teammate_ids": Field("value", "id", _TEAMMATE),
    "open": Field("(state<>'closed')", "boolean"),
    "tag_ids": Field("tag_id", "id", _TAGGED),
    **{name: Field(name, "id") for name in ("admin_assignee_id", "team_assignee_id")},
    **{name: Field(name, "date") for name in ("created_at", "updated_at", "snoozed_until")},
}
_TICKETS = {
    **_SHARED,
    "description": Field("json_extract(ticket_attributes, '$._default_description_')"),
    "category": Field("category", "category"),
    "ticket_type_id": Field("ticket_type_id", "id"),
    "state": Field("category", "string", _STATE),
}
_CONVERSATIONS = {
    **_SHARED,
    "state": Field("state"),
    "read": Field("read", "boolean"),
    "priority": Field("priority"),
    "waiting_since": Field("waiting_since", "date"),
    "source.type": Field("'conversation'"),
    "source.id": Field("message_id", "id"),
    "source.delivered_as": Field("'customer_initiated'"),
    "source.subject": Field("subject"),
    "source.body": Field("body", "words"),
    "source.author.id": Field("contact_id"),
    "source.author.type": Field("contacts.role", "string", _AUTHOR),
    "source.author.name": Field("contacts.name", "string", _AUTHOR),
    "source.author.email": Field("contacts.email", "email", _AUTHOR),
    "statistics.count_conversation_parts": Field("(part_count+1)", "integer"),
    **{
        f"statistics.{name}": Field(f"json_extract(statistics, '$.{name}')", kind)
        for name, kind in (
            *(("count_reopens", "integer"), ("count_assignments", "integer"), ("first_close_at", "date")),
            *(("last_close_at", "date"), ("first_admin_reply_at", "date"), ("last_admin_reply_at", "date")),
            *(("first_contact_reply_at", "date"), ("last_contact_reply_at", "date")),
        )
    },
}
_ATTRIBUTE = "ticket_attribute."
_KINDS = {"integer": "integer", "decimal": "number", "boolean": "boolean", "datetime": "date"}
_CUSTOMER_VIEW = "(category IS NULL OR category='Customer')"


@routes("GET", "/conversations")
def list_conversations(call: Call) -> Result:
    """Every conversation, newest first, without parts."""
    asked = asked_in_query(call, default=20)
    return _conversations(call, "1", [], asked, call.now)


@routes("POST", "/conversations/search")
def search_conversations(call: Call) -> Result:
    """Conversations by filters, newest first, without parts."""
    clause, values = Compiler(_CONVERSATIONS, _zone(call)).compile(call.fields.raw("query"))
    return _conversations(call, clause, values, asked_in_body(call), _until(call))


@routes("POST", "/tickets/search", (2, 9))
def search_tickets(call: Call) -> Result:
    """Tickets by filters, newest first, with their parts."""

    def attribute(name: str) -> Field | None:
        return _attribute_field(call, name)

    clause, values = Compiler(_TICKETS, _zone(call), attribute).compile(call.fields.raw("query"))
    where = f"category IS NOT NULL AND indexed_at<=? AND ({clause})"
    return _page(call, "ticket", where, [_until(call), *values], asked_in_body(call), threads.ticket)


def _conversations(call: Call, clause: str, values: list[Value], asked: Asked, until: int) -> str:
    where = f"{_CUSTOMER_VIEW} AND indexed_at<=? AND ({clause})"
    return _page(call, "conversation", where, [until, *values], asked, _without_parts)


def _without_parts(call: Call, row: sqlite3.Row) -> str:
    return threads.conversation(call, row, parts=False)


def _page(
    call: Call, kind: str, where: str, values: list[Value], asked: Asked, render: Callable[[Call, sqlite3.Row], str]
) -> str:
    keyset = Keyset("threads", where, values, "id", "id", descending=True)
    rows, total, pages = by_cursor(call, keyset, asked)
    documents = ",".join(render(call, row) for row in rows)
    return f'{{"type":"{kind}.list","{kind}s":[{documents}],"total_count":{total},"pages":{to_json(pages)}}}'


def _attribute_field(call: Call, name: str) -> Field | None:
    key = number(name.removeprefix(_ATTRIBUTE)) if name.startswith(_ATTRIBUTE) else None
    if key is None:
        return None
    kind = call.store.scalar("SELECT json_extract(doc, '$.data_type') FROM ticket_type_attributes WHERE id=?", [key])
    if kind is None:
        return None
    # IN over the index, not EXISTS: a search for one value must not walk every ticket.
    within = f"id IN (SELECT thread_id FROM ticket_values WHERE attribute_id={key} AND {{}})"
    return Field("value", _KINDS.get(kind, "string"), within)


def _zone(call: Call) -> ZoneInfo:
    return ZoneInfo(call.workspace.about["timezone"])


def _until(call: Call) -> int:
    return call.now - call.workspace.options.search_lag
