"""Who may write: decided by who holds the journal, on which machine, and when they were heard of last."""

import asyncio
import sqlite3
import subprocess
import sys
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
    ("held_by", "processes", "here", "free"),
    [
        (held(silent=None), {7}, False, True),
        (held(silent=STALE_SECONDS), {7}, False, True),
        (held(silent=STALE_SECONDS - 1), {7}, False, False),
        (held(silent=STALE_SECONDS - 1), set(), False, False),
        (held("here", 7), set(), False, True),
        (held("here", 7), {7}, False, False),
        (held("here", 1), {1}, False, True),
        (held("here", 1), {1}, True, False),
        (held("here", 1, STALE_SECONDS), {1}, True, False),
    ],
    ids=[
        "given back",
        "silent",
        "alive",
        "alive elsewhere",
        "dead here",
        "alive here",
        "its id is ours now",
        "ours",
        "ours and silent",
    ],
)
def test_the_lease_is_free_when_its_holder_gave_it_back_or_cannot_be_alive(held_by, processes, here, free, monkeypatch):
    monkeypatch.setattr("resources.journal.lease._runs", processes.__contains__)
    said = refusal(held_by, US, NOW, here=here)
    assert (said is None) is free
    if said:
        assert f"process {held_by.pid} on" in said
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


def test_of_two_processes_that_come_at_once_one_gets_it_and_the_other_is_told_who(file):
    Journal(f"sqlite:///{file}", "m").close()
    script = (
        "import sys\n"
        "from resources.journal import Journal, JournalBusyError, Run\n"
        "journal = Journal(sys.argv[1], 'm')\n"
        "input()\n"
        "try:\n    journal.begin_run(Run(sys.argv[2])); print('mine', flush=True); input()\n"
        "except JournalBusyError as error:\n    print(error, flush=True)\n"
    )
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    command = [sys.executable, "-c", script, f"sqlite:///{file}"]
    both = [subprocess.Popen([*command, name], **pipes) for name in ("r1", "r2")]
    for process in both:
        process.stdin.write("go\n")
        process.stdin.flush()
    said = {process.pid: process.stdout.readline() for process in both}
    (first,) = [pid for pid, words in said.items() if words == "mine\n"]
    assert min(said.values()).startswith(f"Another run is writing to the journal: process {first} on ")
    for process in both:
        process.kill()
        process.communicate()
    with Journal(f"sqlite:///{file}", "m") as journal:
        journal.begin_run(Run("r3"))  # at once: its process is known to have ended
    assert lease_of(file)[0] == 2


def test_what_could_not_be_given_back_does_not_keep_out_the_next_journal_of_its_process(file, monkeypatch):
    with Journal(f"sqlite:///{file}", "m") as first:
        first.begin_run(Run("r"))
        monkeypatch.setattr(first, "_give_back", lambda _: None)
    assert lease_of(file)[4] is not None
    with Journal(f"sqlite:///{file}", "m") as journal:
        journal.begin_run(Run("r2"))
        assert lease_of(file)[0] == 2


def test_a_holder_that_stands_still_within_a_write_is_named(tmp_path):
    """SQLite's own lock, which such a holder keeps, would only say that the database is locked."""
    file = tmp_path / "journal.sqlite3"
    with Journal(f"sqlite:///{file}", "m") as first, Journal(f"sqlite:///{file}", "m") as second:
        first.begin_run(Run("r1"))
        within = sqlite3.connect(file, isolation_level=None)
        try:
            within.execute("BEGIN IMMEDIATE")
            with pytest.raises(JournalBusyError, match="Another run is writing to the journal"):
                second.begin_run(Run("r2"))
        finally:
            within.execute("ROLLBACK")
            within.close()
