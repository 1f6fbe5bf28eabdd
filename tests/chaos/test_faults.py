"""One fault at a time, many times in one run: the run survives it or stops, and the next ones end it."""

import os
import signal
import time
from pathlib import Path

import pytest

from resources.journal import Command, Journal
from resources.journal.copies import back_up, restore
from resources.journal.database import open_database
from tests.chaos import oracle, targets
from tests.chaos.driver import DONE, STOPPED
from tests.chaos.migrations import JOURNAL, KILLED, Driver, Migration

pytestmark = pytest.mark.chaos

DEADLINE, SETTLE = 0.8, 1.5
KINDS = ("before", "after", "reset_before", "reset", "malformed", "never", "late", "html")


@pytest.fixture
def migration(driver, server, tmp_path, request, new_journal):
    server.faults([])
    route = getattr(request, "param", "ticket")
    yield Migration(driver, server, tmp_path / "one", targets.by_hand(), route, None, new_journal())
    server.faults([])


def wrong(migration):
    """End the migration without faults and return what is wrong."""
    migration.server.faults([])
    migration.finish()
    return oracle.judge(migration.server, migration.target, migration.journal, migration.route)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("migration", ["ticket", "conversation"], indirect=True)
def test_writes_that_end_badly_are_neither_lost_nor_doubled(migration, server, kind):
    details = {"seconds": 1.2} if kind == "late" else {}
    server.faults([{"kind": kind, "calls": "writes", "share": 0.2, "times": 8, **details}], seed=3)
    ended = migration.run(deadline=DEADLINE, settle=SETTLE)
    assert server.control("faults")["rules"][0]["struck"] > 1
    assert ended["code"] in (DONE, STOPPED), ended
    assert wrong(migration) == []


def test_a_burst_of_429s_is_waited_for_and_counts_for_nothing(migration, server):
    server.faults([{"kind": "limited", "calls": "writes", "nth": 10, "seconds": 1, "in_a_row": 5}])
    ended = migration.run()
    assert server.control("faults")["rules"][0]["calls_hit"] >= 1
    assert (ended["code"], ended["open"], ended["left"]) == (DONE, 0, 0)
    assert wrong(migration) == []


def test_an_outage_is_survived(migration, server):
    server.faults([{"kind": "outage_cut", "nth": 30, "seconds": 1}])
    assert migration.run(deadline=DEADLINE, settle=SETTLE)["code"] in (DONE, STOPPED)
    assert server.control("faults")["rules"][0]["calls_hit"] > 1
    assert wrong(migration) == []


def test_a_revoked_token_stops_the_run_and_what_is_left_goes_with_the_next(migration, server):
    server.faults([{"kind": "revoked", "nth": 30}])
    ended = migration.run()
    assert ended["code"] == STOPPED
    hit = server.control("faults")["rules"][0]["calls_hit"]
    assert 1 <= hit <= 32, "no more than what was under way"
    assert wrong(migration) == []


def wait_until_it_stands_still(pid):
    deadline = time.monotonic() + 60
    while Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "T":
        assert time.monotonic() < deadline, "it never came to the call at which it stops"
        time.sleep(0.05)


def test_while_a_run_stands_still_no_second_one_begins(migration, server):
    """A stopped process keeps the journal: the second run sends nothing, and the first one goes on."""
    other = Driver()
    seen = {}

    def second(pid):
        wait_until_it_stands_still(pid)
        try:
            before = server.control("state")["counts"]
            seen["second"] = other(migration.config(do="migrate"))
            seen["changed"] = server.control("state")["counts"] != before
        finally:
            os.kill(pid, signal.SIGCONT)

    first = migration.run(second, crash={"before send": 50}, signal=signal.SIGSTOP, settle=SETTLE)
    other.close()
    assert seen["second"]["code"] == STOPPED
    assert "Another run is writing to the journal" in seen["second"]["reason"]
    assert not seen["changed"]
    assert first["code"] in (DONE, STOPPED)
    assert wrong(migration) == []


@pytest.mark.parametrize("migration", ["ticket", "conversation"], indirect=True)
@pytest.mark.parametrize("call", [30, 45])
def test_a_journal_that_was_restored_from_an_old_backup_learns_what_came_after_it(migration, call):
    assert migration.run(crash={"after send": call})["code"] == KILLED
    engine = open_database(migration.journal)
    back_up(engine, migration.folder / "backup.sqlite3")
    engine.dispose()
    migration.finish()
    assert restore(migration.folder / "backup.sqlite3", migration.journal, migration.folder / "aside.sqlite3") > 0
    assert wrong(migration) == []


@pytest.mark.parametrize("migration", ["ticket", "conversation"], indirect=True)
@pytest.mark.parametrize("call", [40, None])
def test_a_journal_that_was_lost_is_made_again_from_intercom(migration, call, new_journal):
    migration.run(crash={"after send": call} if call else {})
    for path in migration.folder.glob("journal.sqlite3*"):
        path.unlink()
    migration.journal = new_journal() or migration.journal
    assert wrong(migration) == []


def only_once(migration, **what):
    """Run with something that happens at its 20th commit; it may end there. Return how it ended."""
    ended = migration.run(crash={"before commit": 20}, deadline=DEADLINE, settle=SETTLE, **what)
    assert ended["code"] in (DONE, STOPPED), ended
    return ended


@pytest.mark.skipif(JOURNAL != "sqlite", reason="the limit is on files, and PostgreSQL is another process")
@pytest.mark.parametrize("migration", ["ticket", "conversation"], indirect=True)
def test_a_disk_that_is_full_of_the_journal_stops_the_run_and_the_next_one_ends_it(migration):
    ended = only_once(migration, disk=f"{migration.folder}/journal.sqlite3-wal")
    assert ended["code"] == STOPPED
    assert "The journal cannot be written" in ended["reason"]
    assert "room on its disk" in ended["reason"]
    assert wrong(migration) == []


@pytest.mark.parametrize("migration", ["ticket", "conversation"], indirect=True)
def test_a_disk_that_is_full_of_the_warehouse_stops_the_run_and_the_next_one_ends_it(migration):
    ended = only_once(migration, disk=str(migration.warehouse_file))
    assert ended["code"] == STOPPED
    assert "The warehouse cannot be written or read" in ended["reason"]
    assert "Make room" in ended["reason"]
    assert wrong(migration) == []


@pytest.mark.parametrize("hours", [1, -1])
@pytest.mark.parametrize("kind", ["late", "reset"])
def test_a_clock_that_jumps_shortens_no_wait_and_stops_nothing(migration, server, hours, kind):
    """Were the settle time over at once, what comes late would be sent twice."""
    server.faults(
        [{"kind": kind, "calls": "writes", "share": 0.3, "times": 8, **({"seconds": 1.2} if kind == "late" else {})}],
        seed=5,
    )
    ended = only_once(migration, clock=3600 * hours)
    assert ended["code"] == DONE
    assert server.control("faults")["rules"][0]["struck"] > 1
    assert wrong(migration) == []


def asked_to_stop(migration, config, ready):
    """Ask for a stop once `ready` (of the process id) says so, and return how the run ended."""

    def ask(pid):
        deadline = time.monotonic() + 60
        while not ready(pid):
            assert time.monotonic() < deadline, "it never came to where it waits"
            time.sleep(0.05)
        with Journal(migration.journal, "m") as journal:
            journal.ask(Command.STOP, "somebody")

    return migration.run(ask, **config)


def test_a_stop_is_heard_in_an_outage(migration, server):
    server.faults([{"kind": "outage", "nth": 30, "seconds": 600}])
    config = {"deadline": DEADLINE, "settle": SETTLE, "outage": 600.0, "patience": 60.0}
    ended = asked_to_stop(migration, config, lambda _pid: server.control("faults")["rules"][0]["calls_hit"] > 6)
    assert (ended["code"], ended["reason"]) == (STOPPED, "The load was asked to stop (by somebody).")
    assert wrong(migration) == []


def test_a_stop_is_heard_while_a_write_settles(migration):
    assert migration.run(crash={"after send": 40})["code"] == KILLED

    def writing(pid):
        with Journal(migration.journal, "m") as journal:
            return journal.holder().pid == pid

    ended = asked_to_stop(migration, {"settle": 600.0}, writing)
    assert (ended["code"], ended["reason"]) == (STOPPED, "The load was asked to stop (by somebody).")
    assert wrong(migration) == []
