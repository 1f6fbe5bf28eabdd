"""One fault at a time, many times in one run: the run survives it or stops, and the next ones end it."""

import os
import signal
import time
from pathlib import Path

import pytest

from resources.journal.copies import back_up, restore
from resources.journal.database import open_database
from tests.chaos import oracle, targets
from tests.chaos.driver import DONE, STOPPED
from tests.chaos.migrations import KILLED, Driver, Migration

pytestmark = pytest.mark.chaos

DEADLINE, SETTLE = 0.8, 1.5
KINDS = ("before", "after", "reset_before", "reset", "malformed", "never", "late", "html")


@pytest.fixture
def migration(driver, server, tmp_path, request):
    server.faults([])
    route = getattr(request, "param", "ticket")
    yield Migration(driver, server, tmp_path / "one", targets.by_hand(), route)
    server.faults([])


def wrong(migration):
    """End the migration without faults and return what is wrong."""
    migration.server.faults([])
    migration.finish()
    return oracle.judge(migration.server, migration.target, migration.journal_file, migration.route)


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
    engine = open_database(f"sqlite:///{migration.journal_file}")
    back_up(engine, migration.folder / "backup.sqlite3")
    engine.dispose()
    migration.finish()
    url = f"sqlite:///{migration.journal_file}"
    assert restore(migration.folder / "backup.sqlite3", url, migration.folder / "aside.sqlite3") > 0
    assert wrong(migration) == []


@pytest.mark.parametrize("migration", ["ticket", "conversation"], indirect=True)
@pytest.mark.parametrize("call", [40, None])
def test_a_journal_that_was_lost_is_made_again_from_intercom(migration, call):
    migration.run(crash={"after send": call} if call else {})
    for path in migration.folder.glob("journal.sqlite3*"):
        path.unlink()
    assert wrong(migration) == []
