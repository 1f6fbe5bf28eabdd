"""Who takes part in a conversation beside whose it is: adding one and taking one out. No part tells of either."""

import json
import sqlite3

from embedded_intercom.api import lookups
from embedded_intercom.api.routing import Call, Result, Routes
from embedded_intercom.protocol.errors import invalid, user_not_found
from embedded_intercom.records import threads
from embedded_intercom.state.store import to_json

routes = Routes()

_BY = {"user_id": "external_id", "email": "email"}


@routes("POST", "/conversations/{id}/customers")
def attach(call: Call) -> Result:
    """Add a contact, named by Intercom's id, external id or e-mail; one that is there stays."""
    row = lookups.conversation(call, call.params["id"])
    call.fields.needed("admin_id")
    present = _present(row)
    key = _named(call)
    if key not in (row["contact_id"], *present):
        threads.change(call, row, participants=to_json([*present, key]))
    return threads.conversation(call, threads.load(call, row["id"]))


@routes("DELETE", "/conversations/{id}/customers/{contact_id}")
def detach(call: Call) -> Result:
    """Take a contact out; the last one stays. Where it is whose conversation it was, the next takes the place."""
    row = lookups.conversation(call, call.params["id"])
    call.fields.needed("admin_id")
    key, present = lookups.contact(call, call.params["contact_id"])["id"], _present(row)
    left = [one for one in (row["contact_id"], *present) if one != key]
    if not left:
        raise invalid("Removing the last participant from a conversation is not allowed")
    threads.change(call, row, contact_id=left[0], participants=to_json(left[1:]))
    return threads.conversation(call, threads.load(call, row["id"]))


def _present(row: sqlite3.Row) -> list[str]:
    return list(json.loads(row["participants"]))


def _named(call: Call) -> str:
    customer = call.fields.mapping("customer")
    if key := customer.get("intercom_user_id"):
        return str(lookups.contact(call, str(key))["id"])
    for name, column in _BY.items():
        if value := customer.get(name):
            found = lookups.contact_by(call, column, str(value))
            if found is None:
                raise user_not_found()
            return str(found["id"])
    raise invalid("customer must name a contact")
