"""Conversations and tickets: their documents, their parts, and what every write to them has in common."""

import json
import sqlite3
from dataclasses import dataclass, field
from typing import Any

from embedded_intercom.api.routing import Call
from embedded_intercom.protocol.checks import JsonObject
from embedded_intercom.protocol.default_attributes import DEFAULT_DESCRIPTION, DEFAULT_TITLE
from embedded_intercom.records import shapes, ticket_type_record
from embedded_intercom.records.bodies import plain
from embedded_intercom.records.rewriting import inbox_title, shown_change, shown_values
from embedded_intercom.state.store import Value, to_json

MAX_PARTS = 500
"""A conversation or ticket is read back with this many parts, the newest ones."""

_OTHERS = {
    "ticket_part": ("$.notified_at",),
    "conversation_part": ("$.ticket_state", "$.previous_ticket_state", "$.updated_attribute_data"),
}
"""Fields that a part has only when it is read the other way, as a conversation's or as a ticket's (2.16)."""


@dataclass(frozen=True)
class ThreadPart:
    """Something that happens in a thread."""

    kind: str
    author: JsonObject
    body: str | None = None
    created_at: int | None = None
    attachments: list[JsonObject] = field(default_factory=list)
    extra: JsonObject = field(default_factory=dict)


def load(call: Call, key: int) -> sqlite3.Row:
    """The thread's row as it is now."""
    return call.store.all("SELECT * FROM threads WHERE id=?", [key])[0]


def add_part(call: Call, thread_id: int, part: ThreadPart) -> tuple[int, JsonObject]:
    """Append a part; ids grow in the order of writing. Returns its id and its document."""
    key = call.store.next_id("part")
    at = call.now if part.created_at is None else part.created_at
    document: JsonObject = {
        "id": str(key),
        "part_type": part.kind,
        "body": part.body,
        "created_at": at,
        "updated_at": at,
        "notified_at": at,
        "assigned_to": None,
        "author": part.author,
        "attachments": part.attachments,
        "external_id": None,
        "redacted": False,
        **part.extra,
    }
    call.store.insert("parts", id=key, thread_id=thread_id, created_at=at, doc=to_json(document))
    call.store.run("UPDATE threads SET part_count=part_count+1 WHERE id=?", thread_id)
    return key, document


def counted(row: sqlite3.Row, **changes: Any) -> str:  # noqa: ANN401 - numbers and text
    """The thread's statistics after a change, as JSON; `first_*` keep their value, `count_*` are added."""
    statistics: JsonObject = json.loads(row["statistics"])
    for name, value in changes.items():
        if name.startswith("count_"):
            statistics[name] = statistics.get(name, 0) + value
        elif not name.startswith("first_") or name not in statistics:
            statistics[name] = value
    return to_json(statistics)


def with_teammate(row: sqlite3.Row, admin_id: int) -> str:
    """The thread's teammates with this one among them, as JSON."""
    present: list[int] = json.loads(row["teammates"])
    return to_json(present if admin_id in present else [*present, admin_id])


def _parts(call: Call, row: sqlite3.Row, prefix: str) -> str:
    # Stored documents lack their type, which depends on who asks, and have the fields of both kinds.
    others = _OTHERS[prefix]
    order = "id DESC" if call.behaves("part_order") == "arrival" else "created_at DESC, id DESC"
    newest = call.store.all(
        f"SELECT json_remove(doc{', ?' * len(others)}) AS doc FROM parts WHERE thread_id=? ORDER BY {order} LIMIT ?",
        [*others, row["id"], MAX_PARTS],
    )
    stored = [part["doc"] for part in reversed(newest)]
    if _in_plain_text(call):
        stored = [_plain_part(doc) for doc in stored]
    documents = ",".join(f'{{"type":"{prefix}",{doc[1:]}' for doc in stored)
    return f'{{"type":"{prefix}.list","{prefix}s":[{documents}],"total_count":{row["part_count"]}}}'


def _in_plain_text(call: Call) -> bool:
    return call.query.get("display_as") == "plaintext"


def _plain_part(stored: str) -> str:
    document: JsonObject = json.loads(stored)
    return to_json({**document, "body": plain(document["body"]) if document["body"] else document["body"]})


def _spliced(document: JsonObject, **rendered: str) -> str:
    tail = "".join(f',"{name}":{text}' for name, text in rendered.items())
    return f"{to_json(document)[:-1]}{tail}}}"


def _tags(call: Call, row: sqlite3.Row) -> JsonObject:
    worn = call.store.all(
        "SELECT tags.id, tags.name, applied_at, applied_by FROM thread_tags JOIN tags ON tags.id=tag_id "
        "WHERE thread_id=? ORDER BY applied_at, tags.id",
        [row["id"]],
    )
    return {"type": "tag.list", "tags": [shapes.worn_tag(tag, tag) for tag in worn]}


def _links(call: Call, row: sqlite3.Row) -> JsonObject:
    linked = call.store.all(
        "SELECT threads.id, category FROM links JOIN threads ON threads.id=linked_id WHERE thread_id=? ORDER BY 1",
        [row["id"]],
    )
    data = [
        {
            "type": "ticket" if other["category"] else "conversation",
            "id": str(other["id"]),
            "category": other["category"],
        }
        for other in linked
    ]
    return {"type": "list", "data": data, "total_count": len(data), "has_more": False}


def _contacts(call: Call, row: sqlite3.Row) -> JsonObject:
    keys = [row["contact_id"], *json.loads(row["participants"])]
    if call.behaves("replier_participates") == "yes":
        repliers = call.store.all(
            "SELECT DISTINCT json_extract(doc, '$.author.id') FROM parts WHERE thread_id=? "
            "AND json_extract(doc, '$.author.type') IN ('user', 'lead') ORDER BY 1",
            [row["id"]],
        )
        keys += [key for (key,) in repliers if key not in keys]
    return {"type": "contact.list", "contacts": [shapes.contact_reference(call.store, key) for key in keys]}


def ticket(call: Call, row: sqlite3.Row) -> str:
    """A whole ticket, as JSON."""
    kind = ticket_type_record.load(call.workspace, row["ticket_type_id"])
    if kind is None:
        raise RuntimeError(f"thread {row['id']} has a ticket type that does not exist")
    document: JsonObject = {
        "type": "ticket",
        "id": str(row["id"]),
        "ticket_id": str(row["ticket_number"]),
        "category": row["category"],
        "ticket_attributes": _attributes(call, row, kind),
        "ticket_state": ticket_type_record.state(call.workspace, row["ticket_state_id"]),
        "contacts": _contacts(call, row),
        "admin_assignee_id": row["admin_assignee_id"],
        "team_assignee_id": row["team_assignee_id"],
        "created_at": row["created_at"],
        "updated_at": shown_change(call, row["updated_at"]),
        "open": row["state"] != "closed",
        "linked_objects": _links(call, row),
        "is_shared": bool(row["is_shared"]),
    }
    if row["snoozed_until"] is not None:
        document["snoozed_until"] = row["snoozed_until"]
    if row["previous_ticket_state_id"] is not None:
        document["previous_ticket_state_id"] = str(row["previous_ticket_state_id"])
    return _spliced(document, ticket_type=kind.rendered, ticket_parts=_parts(call, row, "ticket_part"))


def _attributes(call: Call, row: sqlite3.Row, kind: ticket_type_record.TicketTypeRecord) -> JsonObject:
    defaults = dict.fromkeys((DEFAULT_TITLE, DEFAULT_DESCRIPTION))
    return shown_values(call, {**defaults, **json.loads(row["ticket_attributes"])}, kind.attributes)


def conversation(call: Call, row: sqlite3.Row, *, parts: bool = True) -> str:
    """A whole conversation, as JSON; lists show it without its parts."""
    document: JsonObject = {
        "type": "conversation",
        "id": str(row["id"]),
        "title": inbox_title(call, row["title"]),
        **{key: row[key] for key in ("created_at", "waiting_since", "snoozed_until")},
        "updated_at": shown_change(call, row["updated_at"]),
        "open": row["state"] != "closed",
        "state": row["state"],
        "read": bool(row["read"]),
        **{key: row[key] for key in ("priority", "admin_assignee_id", "team_assignee_id")},
        "company": _company(call, row),
        "tags": _tags(call, row),
        "conversation_rating": None,
        "source": _source(call, row),
        "contacts": _contacts(call, row),
        "teammates": _teammates(row),
        "custom_attributes": {},
        "first_contact_reply": {"created_at": row["created_at"], "type": "conversation", "url": None},
        "sla_applied": None,
        "statistics": _statistics(row),
        "linked_objects": _links(call, row),
        "topics": {},
        "ticket": {"type": "ticket", "id": str(row["id"]), "category": row["category"]} if row["category"] else None,
        "ai_agent": None,
        "ai_agent_participated": False,
    }
    return _spliced(document, conversation_parts=_parts(call, row, "conversation_part")) if parts else to_json(document)


def _company(call: Call, row: sqlite3.Row) -> JsonObject | None:
    company = row["company_id"] and call.store.one("SELECT * FROM companies WHERE id=?", row["company_id"])
    return shapes.company(call.store, company, call.workspace.id_code) if company else None


def _source(call: Call, row: sqlite3.Row) -> JsonObject:
    key = row["author_id"] or row["contact_id"]
    author = call.store.one("SELECT * FROM contacts WHERE id=?", key)
    gone = {"type": "user", "id": key, "name": None}
    return {
        "type": "conversation",
        "id": str(row["message_id"]),
        "delivered_as": "customer_initiated",
        "subject": row["subject"],
        "body": plain(row["body"]) if _in_plain_text(call) else row["body"],
        "author": shapes.contact_author(author) if author else gone,
        "attachments": json.loads(row["attachments"]),
        "url": None,
        "redacted": bool(row["redacted"]),
    }


def _teammates(row: sqlite3.Row) -> JsonObject:
    admins = [shapes.reference("admin", key) for key in json.loads(row["teammates"])]
    return {"type": "admin.list", "teammates": admins}


def _statistics(row: sqlite3.Row) -> JsonObject:
    counts = {"count_reopens": 0, "count_assignments": 0, "count_conversation_parts": 1 + row["part_count"]}
    return {"type": "conversation_statistics", **counts, **json.loads(row["statistics"])}


def change(call: Call, row: sqlite3.Row, **columns: Value) -> None:
    """Set columns of a thread and stamp it as changed now."""
    call.store.update("threads", row["id"], updated_at=call.now, **columns)


def link(call: Call, key: int, other: int) -> None:
    """Link two threads, each with the other."""
    for pair in ((key, other), (other, key)):
        call.store.run("INSERT OR IGNORE INTO links VALUES (?, ?)", *pair)


def remove(call: Call, row: sqlite3.Row) -> None:
    """Delete a thread with everything that hangs on it."""
    for table in ("parts", "thread_tags", "ticket_values"):
        call.store.run(f"DELETE FROM {table} WHERE thread_id=?", row["id"])
    call.store.run("DELETE FROM links WHERE thread_id=? OR linked_id=?", row["id"], row["id"])
    call.store.run("DELETE FROM threads WHERE id=?", row["id"])
