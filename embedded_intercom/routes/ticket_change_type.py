"""Giving a ticket another type of the same category (2.16)."""

import json
import sqlite3
from typing import Any

from embedded_intercom.api import lookups
from embedded_intercom.api.routing import Call, Result, Routes
from embedded_intercom.protocol.checks import JsonObject
from embedded_intercom.protocol.errors import invalid, not_found
from embedded_intercom.records import shapes, threads, ticket_types
from embedded_intercom.records.threads import ThreadPart
from embedded_intercom.records.ticket_types import DEFAULT_TITLE, TicketTypeRecord
from embedded_intercom.routes.tickets import keep_values, told_of_ticket
from embedded_intercom.state.store import to_json

routes = Routes()


@routes("POST", "/tickets/{id}/change_type", (2, 16))
def change_type(call: Call) -> Result:
    """Change the type and the state; attributes with the same name and type keep their values. Nothing silences it."""
    row = lookups.ticket(call, call.params["id"], not_found())
    given_type, given_state = call.fields.needed("ticket_type_id"), call.fields.needed("ticket_state_id")
    before, after = ticket_types.load(call.workspace, row["ticket_type_id"]), ticket_types.named(call, given_type)
    if before is None or after.id == before.id:
        raise invalid("Cannot change to the same ticket type")
    if after.category != before.category:
        raise invalid("Ticket type is not of the same category")
    state = ticket_types.named_state(
        call, given_state, invalid("Ticket custom state doesn't belong to the new ticket type")
    )
    kept = transferred(json.loads(row["ticket_attributes"]), before, after)
    attributes = ticket_types.check(after, call.fields.mapping("ticket_attributes"), kept)
    keep_values(call, row["id"], after, attributes)
    _leave_part(call, row, state)
    threads.change(
        call,
        row,
        ticket_type_id=after.id,
        ticket_state_id=state,
        previous_ticket_state_id=row["ticket_state_id"],
        ticket_attributes=to_json(attributes),
        title=attributes.get(DEFAULT_TITLE),
    )
    told_of_ticket(call, row["id"], row["category"], "ticket type changed", "assumed")
    return threads.ticket(call, threads.load(call, row["id"]))


def _leave_part(call: Call, row: sqlite3.Row, state: int) -> None:
    extra = {
        "ticket_state": ticket_types.state(call.workspace, state)["category"],
        "previous_ticket_state": ticket_types.state(call.workspace, row["ticket_state_id"])["category"],
    }
    bot = shapes.bot_author(call.workspace.id_code)
    threads.add_part(call, row["id"], ThreadPart("ticket_state_updated_by_admin", bot, extra=extra))


def transferred(values: JsonObject, before: TicketTypeRecord, after: TicketTypeRecord) -> JsonObject:
    """Return the values that a ticket keeps: those of attributes with the same name and type.

    A list item is another one in the other type, so that its value goes by its label; without such a label it goes.
    """
    kept: dict[str, Any] = {}
    for name, value in values.items():
        old, new = before.attributes.get(name), after.attributes.get(name)
        if old is None or new is None or old["data_type"] != new["data_type"]:
            continue
        if new["data_type"] != "list":
            kept[name] = value
            continue
        labels = {option["id"]: option["label"] for option in old["input_options"]["list_options"]}
        items = {option["label"]: option["id"] for option in new["input_options"]["list_options"]}
        if labels.get(value) in items:
            kept[name] = items[labels[value]]
    return kept
