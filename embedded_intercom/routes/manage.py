"""Managing a conversation: close, open, snooze, assign. Always stamped now, never silent on request."""

import sqlite3
from typing import Any

from embedded_intercom.api import lookups
from embedded_intercom.api.routing import Call, Result, Routes
from embedded_intercom.protocol.errors import ApiError, invalid, not_found
from embedded_intercom.records import shapes, threads
from embedded_intercom.records.bodies import rich
from embedded_intercom.records.snoozing import snooze_time
from embedded_intercom.records.threads import ThreadPart

routes = Routes()

_REASONS = {"close": "closed", "snoozed": "snoozed", "open": "opened", "assignment": "assigned"}


@routes("POST", "/conversations/{id}/parts")
def manage(call: Call) -> Result:
    """Close, open, snooze or assign; answers the whole conversation."""
    row = lookups.conversation(call, call.params["id"])
    kind = call.fields.needed("message_type", tuple(_REASONS))
    admin = lookups.admin(call, call.fields.needed("admin_id"))
    call.fields.given("type")
    {"close": _close, "snoozed": _snooze, "open": _open, "assignment": _assign}[kind](call, row, admin)
    # Nothing says that teammates are told, nothing that they are not, and no version has a flag against it.
    call.notify("teammate", _REASONS[kind], "assumed", row["id"])
    return threads.conversation(call, threads.load(call, row["id"]))


def _add(call: Call, row: sqlite3.Row, admin: sqlite3.Row, kind: str, **extra: Any) -> None:  # noqa: ANN401
    body = call.fields.text("body")
    part = ThreadPart(kind, shapes.admin_author(admin), body=rich(body) if body else None, extra=extra)
    threads.add_part(call, row["id"], part)


def _close(call: Call, row: sqlite3.Row, admin: sqlite3.Row) -> None:
    call.fields.needed("type", ("admin",))
    _add(call, row, admin, "close")
    counts = threads.counted(row, first_close_at=call.now, last_close_at=call.now, last_closed_by_id=str(admin["id"]))
    threads.change(call, row, state="closed", snoozed_until=None, waiting_since=None, statistics=counts)
    if call.fields.text("body"):
        call.notify("contact", "closed with a body", "documented", row["id"])


def _snooze(call: Call, row: sqlite3.Row, admin: sqlite3.Row) -> None:
    until = snooze_time(call, row["id"])
    if until is None:
        raise invalid("snoozed_until must be a time in the future")
    _add(call, row, admin, "snoozed")
    threads.change(call, row, state="snoozed", snoozed_until=until)


def _open(call: Call, row: sqlite3.Row, admin: sqlite3.Row) -> None:
    _add(call, row, admin, "open")
    if row["state"] == "snoozed" and call.behaves("open_part_wakes") == "no":
        return
    reopened = int(row["state"] == "closed")
    counts = threads.counted(row, count_reopens=reopened)
    threads.change(call, row, state="open", snoozed_until=None, statistics=counts)


def _assign(call: Call, row: sqlite3.Row, admin: sqlite3.Row) -> None:
    kind = call.fields.needed("type", ("admin", "team"))
    assignee = assignee_id(call, kind, call.fields.needed("assignee_id"))
    part = "assign_and_reopen" if row["state"] == "closed" else "assignment"
    _add(call, row, admin, part, assigned_to=shapes.reference(kind, assignee) if assignee else None)
    counts = threads.counted(row, first_assignment_at=call.now, last_assignment_at=call.now, count_assignments=1)
    # Assigning a closed conversation reopens it (Intercom's example: assign_and_reopen).
    state = "open" if row["state"] == "closed" else row["state"]
    changes: dict[str, Any] = {f"{kind}_assignee_id": assignee, "state": state, "statistics": counts}
    if kind == "admin" and assignee:
        changes["teammates"] = threads.with_teammate(row, assignee)
    threads.change(call, row, **changes)
    if call.fields.text("body"):
        # "Optionally you can send a response in the conversation when it is assigned", says the description.
        call.notify("contact", "assigned with a body", "assumed", row["id"])


def assignee_id(call: Call, kind: str, given: str) -> int:
    """Return the id of the admin or team that a write assigns, 0 for '0'; 404 `assignee_not_found` otherwise."""
    if given == "0":
        return 0
    absent: ApiError = not_found("Assignee not found", "assignee_not_found")
    find = lookups.admin if kind == "admin" else lookups.team
    return int(find(call, given, absent)["id"])
