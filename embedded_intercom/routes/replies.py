"""Replies to conversations and tickets, by contacts and admins."""

import sqlite3
from dataclasses import dataclass
from typing import Any

from embedded_intercom.api import lookups
from embedded_intercom.api.routing import Call, Result, Routes
from embedded_intercom.protocol.checks import JsonObject
from embedded_intercom.protocol.errors import ApiError, invalid, missing, user_not_found
from embedded_intercom.records import shapes, threads
from embedded_intercom.records.bodies import attachments, rich
from embedded_intercom.records.rewriting import kept_html, kept_time, shown_files
from embedded_intercom.records.threads import ThreadPart
from embedded_intercom.state.notifications import AUDIENCES

routes = Routes()

_CONTACT_KEYS = {"intercom_user_id": "id", "user_id": "external_id", "email": "email"}
_REPLIED = ("id", "part_type", "body", "created_at", "updated_at", "author", "attachments", "redacted")
"""What answering a reply to a ticket shows of its part (description, ticket_reply)."""


@dataclass(frozen=True)
class Reply:
    """A checked reply, ready to be appended."""

    kind: str
    by_admin: bool
    author: sqlite3.Row
    part: ThreadPart
    silent: bool

    @property
    def is_note(self) -> bool:
        """Whether only teammates can see it."""
        return self.kind == "note"


@routes("POST", "/conversations/{id}/reply")
def reply_to_conversation(call: Call) -> Result:
    """Append a comment or note; answers the whole conversation."""
    row = lookups.conversation(call, call.params["id"])
    reply = _read(call, row, ticket=False)
    _append(call, row, reply)
    _tell_of_conversation(call, row["id"], reply)
    return threads.conversation(call, threads.load(call, row["id"]))


@routes("POST", "/tickets/{id}/reply", (2, 9))
def reply_to_ticket(call: Call) -> Result:
    """Append a comment or note to a ticket; answers the part."""
    row = lookups.ticket(call, call.params["id"], absent=_nothing())
    reply = _read(call, row, ticket=True)
    if not reply.by_admin and row["category"] == "Back-office":
        raise ApiError(400, "parameter_mismatch", "User replies are not allowed on Backoffice tickets")
    call.fields.boolean("cross_post")
    document = _append(call, row, reply)
    _tell_of_ticket(call, row, reply)
    return {"type": "ticket_part", **{name: document[name] for name in _REPLIED}}


def _nothing() -> ApiError:
    return ApiError(404, "not_found", "Resource Not Found")


def _read(call: Call, row: sqlite3.Row, *, ticket: bool) -> Reply:
    kind = call.fields.needed("type", ("user", "admin"))
    by_admin = kind == "admin"
    kinds = ("comment", "note", "quick_reply") if by_admin else ("comment",)
    message_type = call.fields.needed("message_type", kinds)
    author = _admin(call) if by_admin else _contact(call)
    files = _files(call, by_admin=by_admin, ticket=ticket)
    body = _body(call, by_admin=by_admin, has_files=bool(files))
    # Intercom's own example shows a contact's reply to a closed conversation as a part of type `open`.
    shown_as_open = call.behaves("reply_to_closed") == "open"
    reopens = shown_as_open and not ticket and not by_admin and row["state"] != "open"
    part = ThreadPart(
        kind="open" if reopens else message_type,
        author=shapes.admin_author(author) if by_admin else shapes.contact_author(author),
        body=body,
        created_at=kept_time(call, call.fields.time("created_at")),
        attachments=files,
        extra=_options(call),
    )
    return Reply(message_type, by_admin, author, part, _silent(call, by_admin=by_admin, ticket=ticket))


def _admin(call: Call) -> sqlite3.Row:
    return lookups.admin(call, call.fields.needed("admin_id"))


def _contact(call: Call) -> sqlite3.Row:
    given = [name for name in _CONTACT_KEYS if call.fields.given(name)]
    if len(given) != 1:
        raise invalid("Exactly one of intercom_user_id, user_id and email must be given")
    value = call.fields.needed(given[0])
    row = lookups.contact_by(call, _CONTACT_KEYS[given[0]], value)
    if row is None:
        raise user_not_found()
    return row


def _files(call: Call, *, by_admin: bool, ticket: bool) -> list[JsonObject]:
    # On tickets, files came with 2.16.
    files = call.fields.items("attachment_files") if not ticket or call.version >= (2, 16) else []
    if files and ticket and not by_admin:
        raise invalid("attachment_files is not allowed for a contact's reply to a ticket")
    kept = attachments(call.store, call.fields.items("attachment_urls"), files, call.workspace.base_url)
    return shown_files(call, kept)


def _body(call: Call, *, by_admin: bool, has_files: bool) -> str | None:
    body = call.fields.text("body")
    if body is None and not by_admin:
        raise missing("body is a required parameter")
    if not (body or "").strip():
        if not has_files and not call.fields.items("reply_options"):
            raise invalid("Body is required")
        return None
    return kept_html(call, rich(body or ""))


def _options(call: Call) -> dict[str, Any]:
    options = call.fields.items("reply_options")
    return {"metadata": {"quick_reply_options": options}} if options else {}


def _silent(call: Call, *, by_admin: bool, ticket: bool) -> bool:
    """Whether the reply asks for silence, and may: contacts only on tickets, admins on conversations since 2.15."""
    if not ticket and not by_admin:
        return False
    asked = call.fields.boolean("skip_notifications") is True
    return asked and call.version >= ((2, 13) if ticket else (2, 15))


def _append(call: Call, row: sqlite3.Row, reply: Reply) -> JsonObject:
    _, document = threads.add_part(call, row["id"], reply.part)
    at = document["created_at"]
    columns: dict[str, Any] = {}
    if reply.by_admin:
        columns["teammates"] = threads.with_teammate(row, reply.author["id"])
        if not reply.is_note:
            columns |= {
                "waiting_since": None,
                "statistics": threads.counted(row, first_admin_reply_at=at, last_admin_reply_at=at),
            }
    else:
        reopened = int(row["state"] != "open")
        counts = threads.counted(row, first_contact_reply_at=at, last_contact_reply_at=at, count_reopens=reopened)
        columns |= {"statistics": counts, "waiting_since": row["waiting_since"] or at, "read": 0}
        call.store.update("contacts", reply.author["id"], last_replied_at=max(reply.author["last_replied_at"] or 0, at))
    if _wakes(call, row, reply):
        columns |= {"state": "open", "snoozed_until": None}
    threads.change(call, row, **columns)
    return document


def _wakes(call: Call, row: sqlite3.Row, reply: Reply) -> bool:
    """By default a contact's reply reopens, and an admin's comment or note wakes a snoozed thread, not a closed one."""
    if row["state"] == "open" or (row["state"] == "snoozed" and call.preview and call.fields.boolean("skip_unsnooze")):
        return False
    if not reply.by_admin:
        return call.behaves("contact_reply_reopens") == "yes"
    way = call.behaves("reply_wakes")
    return way == "closed_too" or (way == "snoozed" and row["state"] == "snoozed")


def _tell_of_conversation(call: Call, key: int, reply: Reply) -> None:
    if reply.silent:
        return
    if not reply.by_admin or reply.is_note:
        call.notify("teammate", "note" if reply.is_note else "contact reply", "assumed", key)
        return
    for audience in AUDIENCES:
        call.notify(audience, "admin reply", "documented", key)


def _tell_of_ticket(call: Call, row: sqlite3.Row, reply: Reply) -> None:
    if reply.silent:
        return
    reason = "note" if reply.is_note else "admin reply" if reply.by_admin else "contact reply"
    if not reply.is_note and row["category"] == "Customer":
        call.notify("contact", reason, "documented", row["id"])
    call.notify("teammate", reason, "documented", row["id"])
