"""What each run came to, by the journal: counted from its writes, also once they were taken back, and its calls."""

import asyncio
import sqlite3
import time

import pytest

from resources.journal import Journal, Run, State, Undoes, Write, lease

WHOLES, INSIDE = {"part": "conversation"}, {"conversation_tag": "conversation"}


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'journal.sqlite3'}"


@pytest.fixture
def run(url):
    """Write as a run: each write with what became of it."""

    def make(run_id, *writes, kind="load"):
        async def send(journal):
            for write, state, more in writes:
                number = await journal.intent(write)
                journal.outcome(number, state, **more)
            await journal.flush()

        with Journal(url, "m") as journal:
            journal.begin_run(Run(run_id, kind=kind))
            asyncio.run(send(journal))

    return make


def done(object, key, operation, parent=None, state=State.CONFIRMED, **more):
    return Write(object, key, operation, "f", parent), state, {"intercom_id": f"{object}-{key}"} | more


def refused(object, key, operation):
    return Write(object, key, operation, "f"), State.REJECTED, {}


def figures(url):
    """Return created, updated, appended and taken back, by run and object."""
    with Journal(url, "m") as journal:
        frame = journal.run_figures(WHOLES, INSIDE)
    return {(row[0], row[1]): row[2:] for row in frame.rows()}


def test_a_run_has_created_what_it_made_and_updated_what_stood(url, run):
    run("r1", done("company", "a", "upsert"), done("contact", "1", "create"), refused("contact", "2", "create"))
    run("r2", done("company", "a", "upsert"), done("company", "b", "upsert"), done("contact", "1", "update"))
    assert figures(url) == {
        ("r1", "company"): (1, 0, 0, 0),
        ("r1", "contact"): (1, 0, 0, 0),
        ("r2", "company"): (1, 1, 0, 0),
        ("r2", "contact"): (0, 1, 0, 0),
    }


def test_what_is_done_to_a_record_by_the_run_that_made_it_is_part_of_making_it(url, run):
    made = done("conversation", "t", "create"), done("conversation", "t", "update")
    run("r1", *made, done("part", "p", "append", "t"), done("conversation_tag", "t|x", "attach", "t"))
    run("r2", done("part", "q", "append", "t"), done("conversation_tag", "t|y", "attach", "t"))
    assert figures(url) == {
        ("r1", "conversation"): (1, 0, 0, 0),
        ("r1", "part"): (1, 0, 0, 0),
        ("r2", "conversation"): (0, 1, 0, 0),
        ("r2", "part"): (0, 0, 1, 0),
    }


def test_what_stood_there_before_us_is_created_by_nobody(url, run):
    used = done("tag", "x", "create", adopted=True), done("company", "a", "upsert", adopted=True)
    run("r1", *used, done("company", "b", "upsert", adopted=True, before_image={"name": "B"}))
    assert figures(url) == {("r1", "tag"): (0, 0, 0, 0), ("r1", "company"): (0, 1, 0, 0)}


def test_what_finds_by_itself_what_stands_counts_once(url, run):
    run("r1", done("tag", "x", "create"))
    run("r2", done("tag", "x", "create"))
    assert figures(url) == {("r1", "tag"): (1, 0, 0, 0), ("r2", "tag"): (0, 0, 0, 0)}


def test_a_run_keeps_what_it_did_after_a_rollback_and_what_is_made_anew_is_created_anew(url, run):
    run("r1", done("company", "a", "upsert"))
    run("r2", done("company", "a", "upsert"))
    run("back", done("company", "a", "delete", undoes=Undoes("company", "a", ())), kind="rollback")
    run("r3", done("company", "a", "upsert"))
    assert figures(url) == {
        ("r1", "company"): (1, 0, 0, 0),
        ("r2", "company"): (0, 1, 0, 0),
        ("back", "company"): (0, 0, 0, 1),
        ("r3", "company"): (1, 0, 0, 0),
    }


def test_a_write_that_was_never_carried_out_counts_nowhere(url, run):
    run("r1", (Write("contact", "1", "create", "f"), State.UNDONE, {}), done("duplicate", "9", "delete"))
    assert figures(url) == {}


def test_the_calls_of_a_killed_run_are_known_up_to_its_last_sign_of_life(url, tmp_path, monkeypatch):
    monkeypatch.setattr(lease, "BEAT_SECONDS", 0.5)
    journal = Journal(url, "m")
    journal.calls = lambda: {"total": 7, "writes": 5}
    journal.begin_run(Run("r1"))
    found, until = [], time.monotonic() + 20
    while not found and time.monotonic() < until:
        with sqlite3.connect(tmp_path / "journal.sqlite3") as other:
            query = "SELECT calls, call_writes, seconds >= 0, verdict FROM runs WHERE calls IS NOT NULL"
            found = other.execute(query).fetchall()
        time.sleep(0.05)
    assert found == [(7, 5, 1, None)]
    journal.calls = lambda: {"total": 9, "writes": 6}
    journal.close()
    with Journal(url, "m") as later:
        assert later.runs().select("calls", "call_writes").rows() == [(9, 6)]


def test_the_end_of_a_run_is_noted_in_its_own_row(url):
    with Journal(url, "m") as journal:
        journal.begin_run(Run("r1"))
    with Journal(url, "m") as journal:
        for run_id in ("r1", "never"):
            journal.note_end(run_id, {"total": 4, "writes": 2}, 12.5, job="migrate", verdict="partial")
        columns = ("run_id", "job", "calls", "call_writes", "seconds", "verdict")
        assert journal.runs().select(columns).rows() == [("r1", "migrate", 4, 2, 12.5, "partial")]
