"""Tells of a run's end or of a stuck run, once, whoever notices first: the daemon's sensors or the command line."""

import socket
import time

import dagster as dg

from migration_assets.alerts.messages import EndedRun, Status, tell_of
from migration_assets.alerts.stuck import Signs, why_stuck
from migration_assets.ground.run_events import READ, read_events
from resources.journal.resource import JournalStore
from resources.notifier import AlertMessage, Notifier
from resources.occupancy import last_holder
from schemas.source import SOURCE

STATUS: dict[dg.DagsterRunStatus, Status] = {
    dg.DagsterRunStatus.SUCCESS: "success",
    dg.DagsterRunStatus.FAILURE: "failure",
    dg.DagsterRunStatus.CANCELED: "cancelled",
}
UNENDED = [dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]


def tell_of_run(instance: dg.DagsterInstance, run: dg.DagsterRun, notifier: Notifier) -> str:
    """Tell of a run that has ended, if there is anything to tell; return in a sentence what was done.

    Raises:
        resources.notifier.NotDeliveredError: an address did not take it. It is kept, and sent again later.
    """
    records = instance.get_records_for_run(run.run_id, of_type=READ).records
    events = read_events(event for record in records if (event := record.event_log_entry.dagster_event))
    record = instance.get_run_record_by_id(run.run_id)
    at = record.end_time if record and record.end_time else time.time()
    key, addresses = f"run:{run.run_id}", notifier.addresses
    with notifier.book() as book:
        ended = EndedRun(run.run_id, run.job_name, STATUS[run.status], events, at, f"stuck:{run.run_id}" in book.told)
        told = tell_of(ended, book.failing, where_to_look(run.run_id, notifier))
        message = AlertMessage(key=key, title=told.title, body=told.body, kind=told.kind)
        new = book.note(message, addresses if told.is_something else ())
        if new:
            book.failing = told.failing
    notifier.deliver()
    if not new:
        return f"Run {run.run_id} was dealt with already."
    return f"Told of run {run.run_id}." if told.is_something else f"Nothing to tell of run {run.run_id}."


def tell_stuck(instance: dg.DagsterInstance, notifier: Notifier, journal: JournalStore) -> list[str]:
    """Tell of each run that shows no sign of life, once, and return the ids of all that show none now."""
    records = instance.get_run_records(filters=dg.RunsFilter(statuses=UNENDED))
    stuck = []
    for record in records:
        run = record.dagster_run
        began = record.start_time or record.create_timestamp.timestamp()
        signs = signs_of(instance, run.run_id, began, notifier, journal)
        why = why_stuck(signs, time.time(), notifier.stuck_seconds)
        if why is None:
            continue
        stuck.append(run.run_id)
        body = [f"{why} Nothing is lost: what was written is in the journal.", *_what_to_do(run)]
        message = AlertMessage(
            key=f"stuck:{run.run_id}",
            title=f"{SOURCE} to Intercom: {run.job_name} is stuck",
            body="\n\n".join([*body, "\n".join(where_to_look(run.run_id, notifier))]),
            kind="failure",
        )
        with notifier.book() as book:
            book.note(message, notifier.addresses)
    notifier.deliver()
    return stuck


def signs_of(
    instance: dg.DagsterInstance, run_id: str, started: float, notifier: Notifier, journal: JournalStore
) -> Signs:
    """Return the signs of life of a run that has not ended."""
    latest = instance.get_records_for_run(run_id, limit=1, ascending=False).records
    holder = last_holder(notifier.folder)
    return Signs(
        last_event=latest[0].event_log_entry.timestamp if latest else started,
        beat=journal.heartbeat(run_id),
        process_gone=holder is not None and holder.run_id == run_id and holder.is_gone,
    )


def where_to_look(run_id: str, notifier: Notifier) -> list[str]:
    """Return the lines that end every message."""
    page = notifier.run_page(run_id)
    return [
        f"Run: {page}" if page else f"Run: {run_id} (no UI is served now; make ui over the state folder shows it)",
        f"State: {notifier.state} on {socket.gethostname()}",
    ]


def _what_to_do(run: dg.DagsterRun) -> list[str]:
    return [
        "End its process if there still is one, terminate the run on its page (so that it no longer counts as going "
        f"on), and start {run.job_name} again: it goes on where this one stopped."
    ]
