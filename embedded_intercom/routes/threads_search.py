"""Conversations and tickets: list and search, in pages by cursor."""

import sqlite3
from collections.abc import Callable
from zoneinfo import ZoneInfo

from embedded_intercom.api.freshness import searchable_until
from embedded_intercom.api.paging import Asked, Keyset, asked_in_body, asked_in_query, by_cursor
from embedded_intercom.api.routing import Call, Result, Routes
from embedded_intercom.api.search import Compiler, Field
from embedded_intercom.protocol.checks import number
from embedded_intercom.records import threads
from embedded_intercom.state.store import Value, to_json

routes = Routes()

_TAGGED = "EXISTS (SELECT 1 FROM thread_tags WHERE thread_id=threads.id AND {})"
_TEAMMATE = "EXISTS (SELECT 1 FROM json_each(teammates) WHERE {})"
_AUTHOR_ID = "coalesce(author_id, contact_id)"
_AUTHOR = f"EXISTS (SELECT 1 FROM contacts WHERE contacts.id={_AUTHOR_ID} AND {{}})"
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
_COUNTED = (
    *("count_reopens", "count_assignments", "time_to_assignment", "time_to_admin_reply", "time_to_first_close"),
    *("time_to_last_close", "median_time_to_reply"),
)
_STAMPED = (
    *("first_contact_reply_at", "first_assignment_at", "first_admin_reply_at", "first_close_at", "last_close_at"),
    *("last_assignment_at", "last_assignment_admin_reply_at", "last_contact_reply_at", "last_admin_reply_at"),
)
_EMPTY = (
    *("channel_initiated", "conversation_rating.remark", "conversation_rating.contact_id"),
    *("conversation_rating.admin_d", "ai_agent.resolution_state", "ai_agent.last_answer_type"),
    *("ai_agent.rating_remark", "ai_agent.source_type", "ai_agent.source_title"),
)
"""Searchable fields that nothing in this workspace ever fills; one is misspelt in Intercom's own list."""
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
    "source.url": Field("NULL"),
    "source.author.id": Field(_AUTHOR_ID),
    "source.author.type": Field("contacts.role", "string", _AUTHOR),
    "source.author.name": Field("contacts.name", "string", _AUTHOR),
    "source.author.email": Field("contacts.email", "email", _AUTHOR),
    "statistics.count_conversation_parts": Field("(part_count+1)", "integer"),
    **{f"statistics.{name}": Field(f"json_extract(statistics, '$.{name}')", "integer") for name in _COUNTED},
    **{f"statistics.{name}": Field(f"json_extract(statistics, '$.{name}')", "date") for name in _STAMPED},
    "statistics.last_closed_by_id": Field("json_extract(statistics, '$.last_closed_by_id')"),
    "ai_agent_participated": Field("0", "boolean"),
    **{name: Field("NULL") for name in _EMPTY},
    **{name: Field("NULL", "integer") for name in ("conversation_rating.score", "ai_agent.rating")},
    **{name: Field("NULL", "date") for name in ("conversation_rating.requested_at", "conversation_rating.replied_at")},
}
_ATTRIBUTE = "ticket_attribute."
_KINDS = {"integer": "integer", "decimal": "number", "boolean": "boolean", "datetime": "date"}
_CUSTOMER_VIEW = "(category IS NULL OR category='Customer')"


@routes("GET", "/conversations")
def list_conversations(call: Call) -> Result:
    """Every conversation, newest first, without parts; those of within the search lag are not there yet."""
    asked = asked_in_query(call, default=20)
    return _conversations(call, "1", [], asked)


@routes("POST", "/conversations/search")
def search_conversations(call: Call) -> Result:
    """Conversations by filters, newest first, without parts."""
    clause, values = Compiler(_CONVERSATIONS, _zone(call)).compile(call.fields.raw("query"))
    return _conversations(call, clause, values, asked_in_body(call))


@routes("POST", "/tickets/search", (2, 9))
def search_tickets(call: Call) -> Result:
    """Tickets by filters, newest first, with their parts."""

    def attribute(name: str) -> Field | None:
        return _attribute_field(call, name)

    fields = _TICKETS
    if call.behaves("ticket_dates") == "strict":
        fields = {**_TICKETS, "created_at": Field("created_at", "moment")}
    clause, values = Compiler(fields, _zone(call), attribute).compile(call.fields.raw("query"))
    where = f"category IS NOT NULL AND indexed_at<=? AND ({clause})"
    return _page(call, "ticket", where, [searchable_until(call), *values], asked_in_body(call), threads.ticket)


def _conversations(call: Call, clause: str, values: list[Value], asked: Asked) -> str:
    # Conversations that are tickets are shown to tokens that may read tickets.
    shown = "category IS NULL" if "read_tickets" in call.workspace.token_lacks else _CUSTOMER_VIEW
    where = f"{shown} AND indexed_at<=? AND ({clause})"
    return _page(call, "conversation", where, [searchable_until(call), *values], asked, _without_parts)


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
