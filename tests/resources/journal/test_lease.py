"""Who may write: decided by who holds the journal, on which machine, and when they were heard of last."""

import asyncio
import sqlite3
import time
from types import SimpleNamespace

import pytest

from resources.journal import Journal, JournalBusyError, JournalFencedError, Run, Write
from resources.journal.lease import STALE_SECONDS, Holder, refusal

NOW = 1_800_000_000.0
US = Holder("here", 1)


def held(host="there", pid=7, silent=1.0):
    beat = None if silent is None else NOW - silent
    return SimpleNamespace(
        host=host, pid=pid, beat_at=beat, acquired_at=NOW - 100, holder=f"process {pid} on {host}", fence=3
    )


@pytest.mark.parametrize(
    ("held_by", "locked", "free"),
    [
        (held(silent=None), False, True),
        (held(silent=STALE_SECONDS), False, True),
        (held(silent=STALE_SECONDS - 1), False, False),
        (held(silent=STALE_SECONDS - 1), True, False),
        (held("here", 7), True, True),
        (held("here", 7), False, False),
        (held("here", 1), False, True),
    ],
    ids=["given back", "silent", "alive", "alive elsewhere", "dead here", "alive here", "ourselves"],
)
def test_the_lease_is_free_when_its_holder_gave_it_back_or_cannot_be_alive(held_by, locked, free):
    said = refusal(held_by, US, NOW, locked=locked)
    assert (said is None) is free
    if said:
        assert "process 7 on" in said
        assert "2027-01-15 07:58:20 UTC" in said
        assert "heard of" in said


@pytest.fixture
def file(tmp_path):
    return tmp_path / "journal.sqlite3"


def lease_of(file):
    with sqlite3.connect(file) as connection:
        return connection.execute("SELECT fence, host, pid, run_id, beat_at FROM lease").fetchone()


def from_another_machine(file, beat_at):
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE lease SET host = 'elsewhere', pid = 5, holder = 'process 5', beat_at = ?", [beat_at])


def test_a_closed_journal_is_given_back_and_an_open_one_gives_signs_of_life(file, monkeypatch):
    monkeypatch.setattr("resources.journal.lease.BEAT_SECONDS", 0.0)
    monkeypatch.setattr("resources.journal.writer.BEAT_LOOK", 0.05)
    with Journal(f"sqlite:///{file}", "m") as journal:
        journal.begin_run(Run("r"))
        first = lease_of(file)[4]
        deadline = time.monotonic() + 20
        while lease_of(file)[4] == first:
            assert time.monotonic() < deadline, "no sign of life"
            time.sleep(0.02)
    assert lease_of(file)[3:] == ("r", None)


def test_a_living_holder_on_another_machine_keeps_the_journal_and_a_silent_one_loses_it(file):
    Journal(f"sqlite:///{file}", "m").close()
    with Journal(f"sqlite:///{file}", "m") as journal:
        journal.begin_run(Run("r"))
    from_another_machine(file, time.time())
    with Journal(f"sqlite:///{file}", "m") as journal, pytest.raises(JournalBusyError, match="process 5, since"):
        journal.begin_run(Run("r2"))
    from_another_machine(file, time.time() - STALE_SECONDS - 1)
    with Journal(f"sqlite:///{file}", "m") as journal:
        journal.begin_run(Run("r2"))
        assert lease_of(file)[0] == 2


def test_a_process_that_slept_while_another_took_over_cannot_write(file):
    sleeper = Journal(f"sqlite:///{file}", "m")
    sleeper.begin_run(Run("r"))
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE lease SET fence = fence + 1")
    with pytest.raises(JournalFencedError):
        asyncio.run(sleeper.intent(Write("contact", "c", "create", "f")))
    sleeper.close()
    with sqlite3.connect(file) as connection:
        assert connection.execute("SELECT count(*) FROM write").fetchone() == (0,)
        assert connection.execute("SELECT beat_at FROM lease").fetchone() != (None,), "it is not his to give back"
