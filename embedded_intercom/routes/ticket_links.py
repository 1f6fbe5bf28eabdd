"""Conversations and Customer tickets that are linked to a Tracker ticket (2.16)."""

import sqlite3

from embedded_intercom.api import lookups
from embedded_intercom.api.routing import Call, Result, Routes
from embedded_intercom.protocol.errors import ApiError, missing, not_found
from embedded_intercom.records import threads

routes = Routes()

MAX_LINKS = 2500
_TRACKERS = (
    "SELECT links.linked_id FROM links JOIN threads ON threads.id=links.linked_id "
    "WHERE links.thread_id=? AND threads.category='Tracker'"
)


@routes("POST", "/tickets/{id}/linked_conversations", (2, 16))
def link(call: Call) -> Result:
    """Link a conversation to a Tracker ticket; answers the conversation."""
    tracker = _tracker(call, "linking")
    given = call.fields.text("conversation_id")
    if not given:
        raise missing("conversation_id not specified")
    row = lookups.conversation(call, given, not_found("Conversation not found", "conversation_not_found"))
    link_to_tracker(call, tracker["id"], row["id"])
    return threads.conversation(call, threads.load(call, row["id"]))


@routes("DELETE", "/tickets/{id}/linked_conversations/{conversation_id}", (2, 16))
def unlink(call: Call) -> Result:
    """Take a conversation off a Tracker ticket; answers the conversation."""
    tracker = _tracker(call, "unlinking")
    absent = not_found("Conversation is not linked to this ticket", "conversation_not_found")
    row = lookups.conversation(call, call.params["conversation_id"], absent)
    pairs = ((tracker["id"], row["id"]), (row["id"], tracker["id"]))
    if not sum(call.store.run("DELETE FROM links WHERE thread_id=? AND linked_id=?", *pair) for pair in pairs):
        raise absent
    threads.change(call, row)
    return threads.conversation(call, threads.load(call, row["id"]))


def _tracker(call: Call, doing: str) -> sqlite3.Row:
    row = lookups.ticket(call, call.params["id"])
    if row["category"] != "Tracker":
        raise ApiError(400, "invalid_ticket_type", f"Only tracker tickets support {doing} conversations")
    return row


def link_to_tracker(call: Call, tracker: int, conversation: int) -> None:
    """Link the two; again is no error.

    Raises:
        ApiError: 400 when the conversation has another Tracker ticket, or the ticket has too many conversations.
    """
    there = [row["linked_id"] for row in call.store.all(_TRACKERS, [conversation])]
    if tracker in there:
        return
    if there:
        raise ApiError(400, "already_linked_to_tracker", "A conversation can only have one tracker ticket")
    if call.store.scalar("SELECT count(*) FROM links WHERE thread_id=?", [tracker]) >= MAX_LINKS:
        message = "Ticket has reached the maximum number of conversations that can be linked"
        raise ApiError(400, "linked_conversation_limit_exceeded", message)
    threads.link(call, tracker, conversation)
    threads.change(call, threads.load(call, conversation))
