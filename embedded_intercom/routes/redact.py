"""Redacting what somebody wrote: the message stays, its text and files go."""

import json

from embedded_intercom.api import lookups
from embedded_intercom.api.routing import Call, Result, Routes
from embedded_intercom.protocol.checks import JsonObject, number
from embedded_intercom.protocol.errors import ApiError, not_found
from embedded_intercom.records import threads
from embedded_intercom.state.store import to_json

routes = Routes()

DELETED = "<p><i>This message was deleted</i></p>"


def _absent() -> ApiError:
    return not_found("Conversation part or message not found", "conversation_part_or_message_not_found")


@routes("POST", "/conversations/redact")
def redact(call: Call) -> Result:
    """Redact a part that has a text, or the opening message; answers the whole conversation."""
    kind = call.fields.needed("type", ("conversation_part", "source"))
    row = lookups.conversation(call, call.fields.needed("conversation_id"), _absent())
    if kind == "conversation_part":
        _redact_part(call, row["id"], call.fields.needed("conversation_part_id"))
        threads.change(call, row)
    else:
        if number(call.fields.needed("source_id")) != row["message_id"]:
            raise _absent()
        threads.change(call, row, body=_left(call), attachments="[]", redacted=1)
    return threads.conversation(call, threads.load(call, row["id"]))


def _left(call: Call) -> str:
    return DELETED if call.behaves("redacted_text") == "words" else ""


def _redact_part(call: Call, thread_id: int, given: str) -> None:
    key = number(given)
    row = None if key is None else call.store.one("SELECT * FROM parts WHERE id=? AND thread_id=?", key, thread_id)
    if row is None:
        raise _absent()
    document: JsonObject = json.loads(row["doc"])
    if not document["body"]:
        raise ApiError(400, "conversation_part_not_redactable", "A part without a body cannot be redacted")
    document |= {"body": _left(call), "attachments": [], "redacted": True, "updated_at": call.now}
    call.store.update("parts", row["id"], doc=to_json(document))
