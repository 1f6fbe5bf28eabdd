"""Snoozing a thread, and its waking when the time has come that it was snoozed until."""

from contextlib import suppress
from typing import Any

from embedded_intercom.api.later import later, postpone
from embedded_intercom.api.routing import Call
from embedded_intercom.api.workspace import RunningWorkspace
from embedded_intercom.protocol.errors import invalid
from embedded_intercom.records import shapes, threads
from embedded_intercom.records.threads import ThreadPart


def snooze_time(call: Call, thread_id: int) -> int | None:
    """Return until when a call snoozes a thread, None where it does not, and have it woken then.

    Raises:
        ApiError: the time is no time in the future.
    """
    until = call.fields.time("snoozed_until")
    if until is None:
        return None
    if until <= call.now:
        raise invalid("snoozed_until must be a time in the future")
    postpone(call.workspace, "wake", until - call.workspace.clock.precise(), {"thread": thread_id, "until": until})
    return until


@later("wake")
def wake(workspace: RunningWorkspace, noted: dict[str, Any]) -> None:
    """Open a thread that is still snoozed until now; it may be gone, or snoozed until another time."""
    call = Call("", "", {}, {}, b"", "", workspace, quiet=True)
    call.now = noted["until"]
    with suppress(IndexError):
        row = threads.load(call, noted["thread"])
        if row["state"] != "snoozed" or row["snoozed_until"] != noted["until"]:
            return
        if call.behaves("snooze_end_event") == "bot":
            threads.add_part(call, row["id"], ThreadPart("open", shapes.bot_author(workspace.id_code)))
        threads.change(call, row, state="open", snoozed_until=None)
