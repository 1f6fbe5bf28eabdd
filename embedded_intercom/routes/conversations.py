"""Conversations: create, read, update, convert to a ticket, delete."""

from typing import Any

from embedded_intercom.api import lookups
from embedded_intercom.api.freshness import note_made
from embedded_intercom.api.routing import Call, Result, Routes
from embedded_intercom.protocol.checks import JsonObject
from embedded_intercom.protocol.default_attributes import DEFAULT_TITLE
from embedded_intercom.protocol.errors import ApiError, invalid, not_found, user_not_found
from embedded_intercom.records import threads, ticket_type_record
from embedded_intercom.records.bodies import attachments, paragraph
from embedded_intercom.records.rewriting import kept_text, kept_time, kept_title
from embedded_intercom.routes.tickets import keep_values
from embedded_intercom.state.store import to_json

routes = Routes()

PRIORITIES = ("none", "low", "medium", "high", "urgent")


@routes("POST", "/conversations")
def create(call: Call) -> Result:
    """Open a conversation for a contact; answers the message, not the conversation."""
    fields = call.fields
    contact = _sender(call, fields.mapping("from"))
    body = fields.text("body")
    if not body or not body.strip():
        raise invalid("Body is required")
    files = attachments(call.store, fields.items("attachment_urls"), [], call.workspace.base_url)
    fields.text("brand_id")
    fields.text("subject")  # has no effect on an in-app message
    given = fields.time("created_at") if call.version >= (2, 11) else None
    at = kept_time(call, given)
    key, message = call.store.next_id("thread"), call.store.next_id("message")
    note_made(call, key)
    call.store.insert(
        "threads",
        id=key,
        message_id=message,
        contact_id=contact["id"],
        body=paragraph(body),
        attachments=to_json(files),
        created_at=at,
        updated_at=call.now,
        indexed_at=call.now,
        waiting_since=at,
    )
    call.notify("teammate", "new conversation", "assumed", key)
    return {
        "type": "user_message",
        "id": str(message),
        "created_at": at,
        "body": body,
        "message_type": "inapp",
        "conversation_id": str(key),
    }


def _sender(call: Call, sender: JsonObject) -> Any:  # noqa: ANN401 - sqlite3.Row
    kind, key = sender.get("type"), sender.get("id")
    if kind not in {"lead", "user", "contact"} or not isinstance(key, str):
        raise invalid("from must be an object with type (lead, user or contact) and id")
    contact = lookups.contact(call, key)
    if kind not in {"contact", contact["role"]}:
        raise user_not_found()
    return contact


@routes("GET", "/conversations/{id}")
def get(call: Call) -> Result:
    """One conversation with its newest 500 parts."""
    return threads.conversation(call, lookups.conversation(call, call.params["id"]))


@routes("PUT", "/conversations/{id}")
def update(call: Call) -> Result:
    """Change read, title and company; the priority under Preview only."""
    row = lookups.conversation(call, call.params["id"])
    fields = call.fields
    columns: dict[str, Any] = {}
    if fields.given("read"):
        columns["read"] = int(fields.boolean("read") or False)
    if call.version >= (2, 13) and fields.given("title"):
        columns["title"] = kept_text(call, fields.text("title"))
    if call.version >= (2, 14) and fields.given("company_id"):
        columns["company_id"] = lookups.company(call, fields.needed("company_id"))["id"]
    if call.preview and fields.given("priority"):
        columns["priority"] = fields.needed("priority", PRIORITIES)
        lookups.admin(call, fields.needed("admin_id"))
    for name in fields.mapping("custom_attributes"):  # they are made by endpoints that are left out
        raise invalid(f"Conversation attribute '{name}' does not exist")
    threads.change(call, row, **columns)
    return threads.conversation(call, threads.load(call, row["id"]))


@routes("POST", "/conversations/{id}/convert", (2, 11))
def convert(call: Call) -> Result:
    """Make a Customer ticket of a conversation; the thread stays as it is. Nothing can silence it."""
    row = lookups.conversation(call, call.params["id"])
    if row["category"]:
        raise invalid("Conversation is already a ticket")
    kind = ticket_type_record.named(call, call.fields.needed("ticket_type_id"))
    if kind.category != "Customer":
        raise invalid("Ticket type is not a customer ticket type")
    attributes = kept_title(call, ticket_type_record.check(kind, call.fields.mapping("attributes")))
    named = call.fields.text("ticket_state_id") if call.version >= (2, 16) else None
    state = ticket_type_record.named_state(call, named) if named else ticket_type_record.first_state(call.workspace)
    threads.change(
        call,
        row,
        ticket_type_id=kind.id,
        category=kind.category,
        ticket_number=call.store.next_id("ticket_number"),
        ticket_state_id=state,
        ticket_attributes=to_json(attributes),
        title=attributes.get(DEFAULT_TITLE) or row["title"],
    )
    keep_values(call, row["id"], kind, attributes)
    call.notify("teammate", "converted to a ticket", "assumed", row["id"])
    return threads.ticket(call, threads.load(call, row["id"]))


@routes("DELETE", "/conversations/{id}", (2, 13))
def delete(call: Call) -> Result:
    """Delete for good. Reporting is kept unless asked (2.16)."""
    row = lookups.conversation(call, call.params["id"], not_found())
    retained = call.version < (2, 16) or call.query.get("retain_metrics") != "false"
    if not retained and "delete_conversations_and_metrics" in call.workspace.token_lacks:
        raise ApiError(403, "forbidden", "Forbidden request")
    threads.remove(call, row)
    return {"id": str(row["id"]), "object": "conversation", "deleted": True}
