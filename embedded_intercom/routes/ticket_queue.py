"""Creating a ticket in the background: what is wrong is refused at once, the ticket is there when its job is done."""

from contextlib import suppress
from typing import Any

from embedded_intercom.api.later import later, postpone
from embedded_intercom.api.routing import Call, Result, Routes
from embedded_intercom.api.workspace import RunningWorkspace
from embedded_intercom.protocol.checks import JsonObject
from embedded_intercom.protocol.errors import ApiError, not_found
from embedded_intercom.routes.tickets import create_ticket

routes = Routes()

WAITING, FAILED = 0, -1
"""In the place of the ticket's id, while there is none."""
_STATUS = {WAITING: "pending", FAILED: "failed"}


class _OnlyCheckedError(Exception):
    """Takes back what was done to see whether it can be done."""


@routes("POST", "/tickets/enqueue", (2, 14))
def enqueue(call: Call) -> Result:
    """Check a ticket and queue it; answers the job."""
    with suppress(_OnlyCheckedError), call.store.attempt():
        create_ticket(call)
        raise _OnlyCheckedError
    key = call.store.next_id("job")
    delay = call.workspace.options.job_delay
    due = call.workspace.clock.precise() + delay
    call.store.insert("jobs", id=key, resource_id=WAITING, due=due)
    noted = {"job": key, "body": call.body, "version": call.version, "endpoint": call.endpoint, "quiet": call.quiet}
    postpone(call.workspace, "ticket", delay, noted)
    return _document(call, key, WAITING)


@later("ticket")
def create_queued(workspace: RunningWorkspace, noted: dict[str, Any]) -> None:
    """Create a queued ticket, or let its job fail where it can no longer be created."""
    endpoint, version = noted["endpoint"], tuple(noted["version"])
    call = Call("", "", {}, {}, b"", "", workspace, version, endpoint, {}, noted["body"], quiet=noted["quiet"])
    call.now = int(noted["due"])
    made = FAILED
    with suppress(ApiError), workspace.store.attempt():
        made = create_ticket(call)
    workspace.store.update("jobs", noted["job"], resource_id=made)


@routes("GET", "/jobs/status/{id}", (2, 14))
def job_status(call: Call) -> Result:
    """Whether a queued ticket is there yet, and its id."""
    absent = not_found("Job Not Found", "job_not_found")
    row = call.store.one("SELECT * FROM jobs WHERE id=?", call.key("id", absent))
    if row is None:
        raise absent
    return _document(call, row["id"], row["resource_id"])


def _document(call: Call, key: int, resource: int) -> JsonObject:
    base, made = call.workspace.base_url, resource not in _STATUS
    return {
        "type": "job",
        "id": str(key),
        "status": _STATUS.get(resource, "success"),
        "url": f"{base}/jobs/status/{key}",
        "resource_type": "ticket",
        "resource_id": str(resource) if made else None,
        "resource_url": f"{base}/tickets/{resource}" if made else None,
    }
