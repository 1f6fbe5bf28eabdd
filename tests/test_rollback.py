"""`make rollback` over the loaded sample: only looked at, refused by a wrong name, killed, done, and read back."""

import asyncio
import json
import os
import shutil
import signal
import time
from contextlib import suppress
from pathlib import Path

import pytest

from embedded_intercom.process import EmbeddedProcess, Quotas
from resources.intercom.budget import Budget
from resources.intercom.client import Intercom
from resources.intercom.marker import read_marker
from resources.journal import Journal
from tests.support.cli import Cli

pytestmark = [pytest.mark.slow, pytest.mark.rehearsal]


def with_workspace(state, work):
    """Call `work` with a session of the workspace of a state folder."""

    async def session(process):
        async with Intercom(process.url, process.token, budget=Budget(share=1.0)) as client:
            return await work(client)

    with EmbeddedProcess(state / "embedded", quotas=Quotas(100_000, 100_000)) as process:
        return asyncio.run(session(process))


async def answer_one(client):
    """A teammate answers a ticket; returns its id and its contact's."""
    query = {"field": "created_at", "operator": ">", "value": 0}
    ticket, *_ = [item async for page in client.search_tickets(query) for item in page]
    admin = (await client.list_admins())[0].id
    body = {"message_type": "comment", "type": "admin", "admin_id": admin, "body": "Thank you!"}
    await client.reply_ticket(ticket.id, {**body, "skip_notifications": True})
    return ticket.id


async def what_is_there(client):
    query = {"field": "created_at", "operator": ">", "value": 0}
    return {
        "tickets": [item.id async for page in client.search_tickets(query) for item in page],
        "contacts": [item.id async for page in client.iter_contacts() for item in page],
        "tags": [item.name for item in await client.list_tags()],
        "marker": await read_marker(client),
    }


def undone(state):
    with Journal(f"sqlite:///{state / 'journal.sqlite3'}", "") as journal:
        names = journal.migrations()
    with Journal(f"sqlite:///{state / 'journal.sqlite3'}", names[-1]) as journal:
        return journal.tally().get("conversation", "").partition("undone ")[2] or "0"


def kill_in_the_middle(run):
    """Kill a rollback once some conversations are gone, and the workspace that it had started."""
    process = run.start("rollback", "--confirm")
    deadline = time.monotonic() + 120
    while undone(run.state) == "0" and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    with suppress(FileNotFoundError, ProcessLookupError):
        os.kill(json.loads((run.state / "embedded" / "endpoint.json").read_text())["pid"], signal.SIGKILL)


def report_of(run):
    return json.loads((run.state / "rollback.json").read_text())


def total(report, name):
    return sum(counts[name] for counts in report["objects"].values())


@pytest.mark.slow
def test_a_look_says_what_carrying_it_out_takes(tmp_path, small_extract):
    run = Cli(tmp_path / "state", MIGRATION_EXTRACT=small_extract, EMBEDDED_APP_QUOTA=500)
    assert run("migrate").code == 0
    looked = run("rollback")
    said = report_of(run)["calls_to_undo"]
    assert f"Carrying it out takes at most {said:,} calls, at the pace that Intercom grants " in looked.said
    assert report_of(run)["seconds_to_undo"] == pytest.approx(said / (500 * 0.9 / 10))
    assert run("rollback", "--confirm").code == 0
    assert said * 0.6 < report_of(run)["calls"]["total"] <= said
    assert report_of(run)["calls_to_undo"] is None


def test_a_migration_is_taken_back(end_to_end, tmp_path):
    state = Path(shutil.copytree(end_to_end.state, tmp_path / "state"))
    run = Cli(state, EMBEDDED_APP_QUOTA=100_000, EMBEDDED_WORKSPACE_QUOTA=100_000)
    certificate = run.certificate()
    answered = with_workspace(state, answer_one)

    looked = run("rollback")
    assert (looked.code, looked.certificate) == (0, certificate)
    assert "make rollback CONFIRM=yes" in looked.err
    report = report_of(run)
    assert report["dry_run"] and report["calls"]["writes"] == 0
    assert report["marker"] == "would be removed if nothing remains"
    # The ticket, its contact, what both have values in, and the company that the contact belongs to.
    refused = {line["object"] for line in report["remaining"]["lines"]}
    assert {"conversation", "contact", "ticket_type", "ticket_attribute"} <= refused
    assert total(report, "deleted") + total(report, "detached") + total(report, "archived") + total(
        report, "refused"
    ) == total(report, "records")

    wrong = run("rollback", "--confirm", "Somebody else's")
    assert wrong.code == 1
    assert "type exactly" in wrong.err
    assert len(with_workspace(state, what_is_there)["tickets"]) > 300

    kill_in_the_middle(run)
    done = run("rollback", "--confirm")
    assert done.code == 0, done.said
    last = report_of(run)
    assert not last["dry_run"]
    assert last["remaining"] == {**report["remaining"], "lines": last["remaining"]["lines"]}
    assert total(last, "deleted") < total(report, "deleted")  # the rest was gone before the kill
    assert total(last, "still_there") == total(last, "failed") == 0
    assert last["notifications_sent"] == 0
    assert last["marker"] == "stays"

    there = with_workspace(state, what_is_there)
    assert there["tickets"] == [answered]
    assert len(there["contacts"]) == 1
    assert there["marker"] is not None and not there["marker"].writing
    page = (state / "rollback.html").read_text()
    assert "1 message in it by a teammate" in page
    # Nothing is left to be done, whatever is tried.
    again = run("rollback", "--confirm")
    assert again.code == 0
    assert report_of(run)["remaining"]["records"] == last["remaining"]["records"]
    assert with_workspace(state, what_is_there) == there | {"marker": with_workspace(state, what_is_there)["marker"]}
