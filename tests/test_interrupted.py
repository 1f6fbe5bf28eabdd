"""`make migrate` that is killed, or whose disk is full: the next one ends as if nothing had happened."""

import json
import os
import random
import resource
import signal
import sqlite3
import time
from contextlib import closing, suppress

import pytest

from embedded_intercom.protocol.unknowns import UNKNOWNS
from tests.support.cli import Cli, query
from tests.support.workspace import read_workspace

pytestmark = [pytest.mark.slow, pytest.mark.rehearsal]

CONFIRMED = "SELECT count(*) FROM write WHERE object = ? AND operation = 'create' AND state = 'confirmed'"
QUOTA = {"EMBEDDED_APP_QUOTA": 300}
"""Calls in ten seconds: slow enough for each stage to be met."""


@pytest.fixture
def state(tmp_path):
    """A state folder; the embedded workspace of a run that was killed is still there, and is ended at last."""
    folder = tmp_path / "state"
    yield folder
    with suppress(FileNotFoundError, ProcessLookupError):
        os.kill(json.loads((folder / "embedded" / "endpoint.json").read_text())["pid"], signal.SIGTERM)


def confirmed(state, kind):
    """Return how many records of a kind the journal knows to be in Intercom."""
    return counted(state, CONFIRMED, kind)


def counted(state, query, *parameters):
    """Return the number that a query of the journal gives."""
    try:
        with closing(sqlite3.connect(f"file:{state}/journal.sqlite3?mode=ro", uri=True, timeout=5)) as book:
            return book.execute(query, parameters).fetchone()[0]
    except sqlite3.OperationalError:
        return 0  # it is not there yet, or its tables are being made


def wait_for(process, ready):
    deadline = time.monotonic() + 300
    while not ready():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline, "the run never came so far"
        time.sleep(0.02)


def same(certificate):
    """Return what of a certificate may not differ between a run that was killed before and one that was not.

    Left out: what names the run and its times, the workspace, the calls (the last run makes what was left, and looks
    up what was unknown), and how the records that stand are split into created, adopted, updated and unchanged (those
    of an earlier run are unchanged for the last one).
    """
    split = ("created", "adopted", "updated", "unchanged")
    run = {name: value for name, value in certificate["migration"].items() if name in ("source_instance", "route",
           "target", "code_version", "limit")}  # fmt: skip
    stands = {
        kind: {
            **{name: number for name, number in counts.items() if name not in split},
            "stands": sum(counts[name] for name in split),
        }
        for kind, counts in certificate["intercom"].items()
    }
    rest = {name: value for name, value in certificate.items() if name not in ("migration", "intercom", "calls")}
    return {**rest, "run": run, "intercom": stands}


def content_of(content):
    """Return what is in Intercom by ITCO id: how often, and the text of every part in order; and all other counts.

    Admins and teams are not ours: a workspace that is started anew to be read has one more of its own.
    """
    threads = {
        key: [[part.body for part in one.parts] for one in found] for key, found in sorted(content.threads.items())
    }
    counts = {name: number for name, number in content.counts.items() if name not in ("admins", "teams")}
    return threads, counts, content.notifications["total"]


def test_killed_in_landing_contacts_and_conversations_it_ends_as_a_run_that_nobody_disturbed(
    small_extract, state, tmp_path
):
    killed = Cli(state, MIGRATION_EXTRACT=small_extract, **QUOTA)
    for stage in (
        lambda: (state / "warehouse.duckdb").exists(),
        lambda: confirmed(state, "contact") >= 3,
        lambda: confirmed(state, "conversation") >= 5,
    ):
        process = killed.start("migrate")
        wait_for(process, stage)
        process.kill()
        process.communicate(timeout=60)
        assert process.returncode == -signal.SIGKILL
    last = killed("migrate")
    assert last.code == 0, last.said
    whole = Cli(tmp_path / "whole", MIGRATION_EXTRACT=small_extract)("migrate")
    assert whole.code == 0, whole.said
    assert whole.certificate["verdict"] == "complete"
    assert same(last.certificate) == same(whole.certificate)
    assert content_of(read_workspace(state)) == content_of(read_workspace(tmp_path / "whole"))


@pytest.mark.parametrize("what", ["journal.sqlite3-wal", "warehouse.duckdb"])
def test_a_disk_that_is_full_is_a_sentence_and_the_next_run_ends_complete(small_extract, state, what):
    """No file may grow beyond the size of one of them: as on a disk that is full, but for this process alone."""
    run = Cli(state, MIGRATION_EXTRACT=small_extract, **QUOTA)
    process = run.start("migrate")
    wait_for(process, lambda: confirmed(state, "conversation") >= 5)
    size = (state / what).stat().st_size
    limit = size if what.endswith("-wal") else size // 2
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    out, err = process.communicate(timeout=200)
    said = " ".join((out + err).split())
    assert process.returncode == 1, said
    assert "Make room on its disk" in said
    assert "Traceback" not in said
    finished = run("migrate")
    assert (finished.code, finished.certificate["verdict"]) == (0, "complete"), finished.said
    content = read_workspace(state)
    assert {key: len(found) for key, found in content.threads.items() if len(found) != 1} == {}
    assert content.counts["threads"] == 40
    assert (
        sum(len(found[0].parts) for found in content.threads.values())
        == (finished.certificate["intercom"]["parts"]["planned"])
    )


OTHERWISE = {name: unknown.ways[-1] for name, unknown in UNKNOWNS.items() if name != "created_at"}
"""The last way of everything that Intercom does not document; where times are not kept nothing can be migrated."""
CONFIRMED_WRITES = "SELECT count(*) FROM write WHERE state = 'confirmed'"
KILLS = 5


def test_killed_five_times_where_intercom_does_everything_otherwise_every_ticket_is_in_its_state(small_extract, state):
    run = Cli(
        state,
        MIGRATION_EXTRACT=small_extract,
        MIGRATION_SETTLE_SECONDS=3,
        EMBEDDED_BEHAVIOUR=" ".join(f"{name}={way}" for name, way in OTHERWISE.items()),
        **QUOTA,
    )
    dice = random.Random(13)  # noqa: S311 - it is to be repeatable
    for moment in sorted(dice.sample(range(30, 280), KILLS)):
        process = run.start("migrate")
        wait_for(process, lambda moment=moment: counted(state, CONFIRMED_WRITES) >= moment)
        process.kill()
        process.communicate(timeout=60)
        assert process.returncode == -signal.SIGKILL
    finished = run("migrate")
    assert finished.code == 0, finished.said
    wanted = query(state, "SELECT source_key, state, ticket_state, snoozed_until FROM target.conversations")
    there = read_workspace(state).threads
    found = {key: [state_of(one) for one in threads] for key, threads in there.items()}
    assert found == {row["source_key"]: [tuple(row.values())[1:]] for row in wanted}
    verified = run("verify")
    assert (verified.code, verified.certificate["verdict"]) == (0, "complete"), verified.said
    assert query(state, "SELECT * FROM verdict.differences") == []


def state_of(thread):
    """Return conversation state, ticket state and until when it is snoozed."""
    return thread.conversation.state, thread.ticket.ticket_state.internal_label, thread.ticket.snoozed_until
