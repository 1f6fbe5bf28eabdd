"""Bulk jobs (Preview): what a request must look like, and how a job and its tasks are shown. The work is done later.

A task waits, runs and is completed; its items take effect all at once when it is completed. Nobody is told which
item failed, nor which id was given.
"""

import sqlite3
from collections.abc import Sequence

from embedded_intercom.api.later import postpone
from embedded_intercom.api.routing import ApiAnswer, Call
from embedded_intercom.protocol.checks import JsonObject
from embedded_intercom.protocol.errors import ApiError, invalid

MAX_ITEMS = 100
PREFIX, TASK_PREFIX = "job_v2_", "task_v2_"
PLURALS = {"contact": "contacts", "company": "companies"}


def items_of(body: JsonObject, kind: str, *, by_id: bool) -> list[JsonObject]:
    """Return the items of a request.

    Args:
        body: the request's body.
        kind: contact or company.
        by_id: whether every item must name a record by its id.

    Raises:
        ApiError: 422 when they are absent, no array, too many, no objects, or lack their id.
    """
    plural = PLURALS[kind]
    given = body.get(plural)
    if given is None:
        raise ApiError(422, "field_not_found", f"{plural} field must be supplied")
    if not isinstance(given, list):
        raise ApiError(422, "type_mismatch", f"{plural} must be an array")
    if len(given) > MAX_ITEMS:
        raise invalid(f"maximum number of {plural} per request is {MAX_ITEMS}", status=422)
    if not all(isinstance(item, dict) for item in given):
        raise ApiError(422, "type_mismatch", f"each {kind} must be an object")
    if by_id and not all(isinstance(item.get("id"), str) and item["id"] for item in given):
        raise ApiError(422, "field_not_found", f"{plural} must be identified by id")
    return given


def submit(call: Call, kind: str, action: str) -> ApiAnswer:
    """Begin a job, or add a task to the one that the body names, and answer it: 202."""
    items = items_of(call.body, kind, by_id=action != "create")
    call.fields.raw(PLURALS[kind])
    named = call.fields.mapping("job").get("id")
    job = _new_job(call, kind) if named is None else _open_job(call, kind, str(named))
    task = call.store.next_id("bulk_task")
    delay = call.workspace.options.job_delay
    starts = call.workspace.clock.precise() + delay / 2
    call.store.insert(
        "bulk_tasks", id=task, job_id=job["id"], item_count=len(items), created_at=call.now, starts=starts
    )
    postpone(call.workspace, "bulk", delay, {"task": task, "kind": kind, "action": action, "items": items})
    return ApiAnswer(document(call, job), 202)


def _new_job(call: Call, kind: str) -> sqlite3.Row:
    key = call.store.next_id("bulk_job")
    call.store.insert("bulk_jobs", id=key, object=kind, created_at=call.now)
    return call.store.all("SELECT * FROM bulk_jobs WHERE id=?", [key])[0]


def _open_job(call: Call, kind: str, given: str) -> sqlite3.Row:
    job = find(call, kind, given)
    if all(task["completed_at"] is not None for task in _tasks(call, job)):
        raise ApiError(403, "forbidden", f"job {given} is closed for new task updates")
    return job


def find(call: Call, kind: str, given: str) -> sqlite3.Row:
    """Return a job of that kind; 404 `job_not_found` otherwise."""
    key = given.removeprefix(PREFIX)
    row = None
    if given.startswith(PREFIX) and key.isdecimal() and key.isascii():
        row = call.store.one("SELECT * FROM bulk_jobs WHERE id=? AND object=?", int(key), kind)
    if row is None:
        raise ApiError(404, "job_not_found", f"job {given} not found")
    return row


def _tasks(call: Call, job: sqlite3.Row) -> list[sqlite3.Row]:
    return call.store.all("SELECT * FROM bulk_tasks WHERE job_id=? ORDER BY id", [job["id"]])


def document(call: Call, job: sqlite3.Row) -> JsonObject:
    """A job with its tasks, as they are at this instant."""
    key, plural = f"{PREFIX}{job['id']}", PLURALS[job["object"]]
    tasks = [_task(row, call.workspace.clock.precise()) for row in _tasks(call, job)]
    state = state_of([task["state"] for task in tasks])
    ended = [task["completed_at"] for task in tasks if task["completed_at"] is not None]
    times = [row["created_at"] for row in tasks] + [row["started_at"] or 0 for row in tasks] + ended
    return {
        "id": key,
        "type": f"{plural}.bulk.job",
        "state": state,
        "created_at": job["created_at"],
        "updated_at": max(times),
        "completed_at": max(ended) if state.startswith("completed") else None,
        "tasks": tasks,
        "url": f"{call.workspace.base_url}/{plural}/bulk/{key}",
    }


def _task(row: sqlite3.Row, now: float) -> JsonObject:
    if row["completed_at"] is not None:
        state = "completed_with_errors" if row["failed"] else "completed"
    else:
        state = "running" if now >= row["starts"] else "pending"
    return {
        "id": f"{TASK_PREFIX}{row['id']}",
        "item_count": row["item_count"],
        "state": state,
        "created_at": row["created_at"],
        "started_at": None if state == "pending" else int(row["starts"]),
        "completed_at": row["completed_at"],
    }


def state_of(tasks: Sequence[str]) -> str:
    """Return the state of a job from those of its tasks."""
    if all(state == "pending" for state in tasks):
        return "pending"
    if any(state in ("pending", "running") for state in tasks):
        return "running"
    return "completed_with_errors" if "completed_with_errors" in tasks else "completed"
