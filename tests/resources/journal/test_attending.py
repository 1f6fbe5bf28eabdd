"""Looking at a run from another process, and telling it what is wanted: status, failures, pause, resume, stop."""

import asyncio
import csv
import os
import subprocess
import sys
import time

import pytest

from resources.journal import Command, Journal, Run, State, Write
from resources.journal.database import open_database
from resources.journal.failures import ADVICE, BY_STATUS, write_failures
from resources.journal.status import read_status


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'journal.sqlite3'}"


@pytest.fixture
def journal(url):
    with Journal(url, "m") as opened:
        opened.begin_run(Run("r"))
        yield opened


def send(journal, key, state=None, name="contact", **outcome):
    number = asyncio.run(journal.intent(Write(name, key, "create", "f")))
    if state is not None:
        journal.outcome(number, state, **outcome).result()


def status_of(url):
    engine = open_database(url)
    try:
        return read_status(engine, "m")
    finally:
        engine.dispose()


def command(tmp_path, *arguments):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MIGRATION_", "INTERCOM_"))}
    return subprocess.run(
        [sys.executable, "-m", "migration_assets", *arguments],
        env=kept | {"MIGRATION_STATE": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_status_counts_by_object_and_says_what_failed_and_what_is_unknown(journal, url):
    asyncio.run(journal.begin_object("contact", 3, 3))
    send(journal, "c1", State.CONFIRMED, intercom_id="1")
    send(journal, "c2", State.REJECTED, error_code="parameter_invalid")
    asyncio.run(journal.begin_object("conversation", 2, 9))
    send(journal, "t1", State.CONFIRMED, name="conversation", intercom_id="2")
    send(journal, "m1", State.CONFIRMED, name="part", intercom_id="3")
    send(journal, "m2", State.AMBIGUOUS, name="part")
    send(journal, "m3", name="part")
    found = status_of(url)
    assert [(item.object, item.records, item.writes, item.done) for item in found.objects] == [
        ("contact", 3, 3, 1),
        ("conversation", 2, 9, 2),
    ]
    assert (found.failed, found.unknown, found.sending) == ({"contact": 1}, {"part": 1}, {"part": 1})
    assert found.alive
    assert found.holder == f"process {os.getpid()} on {os.uname().nodename}"
    assert found.rate == 3
    assert found.seconds_left == pytest.approx(7 / 3)


def test_what_a_dead_run_has_begun_is_unknown(url):
    with Journal(url, "m") as journal:
        journal.begin_run(Run("r"))
        send(journal, "m3", name="part")
    found = status_of(url)
    assert not found.alive
    assert (found.unknown, found.sending) == ({"part": 1}, {})


def test_what_an_earlier_run_has_begun_is_unknown_whoever_is_at_work(journal, url):
    send(journal, "m3", name="part")
    journal.begin_run(Run("r2"))
    found = status_of(url)
    assert found.alive
    assert (found.unknown, found.sending) == ({"part": 1}, {})


def test_what_was_refused_and_then_went_through_is_no_failure(journal, url, tmp_path):
    send(journal, "c1", State.REJECTED, error_code="parameter_invalid")
    send(journal, "c1", State.CONFIRMED, intercom_id="1")
    assert status_of(url).failed == {}
    assert write_failures(open_database(url), "m", tmp_path / "f.csv") == 0
    assert not (tmp_path / "f.csv").exists()


def test_the_dead_letters_name_record_words_and_what_to_do(journal, url, tmp_path):
    send(journal, "=1+1", State.REJECTED, http_status=400, error_code="parameter_invalid", error_message="email, bad",
         request_id="req-1")  # fmt: skip
    send(journal, "c2", State.REJECTED, error_code="unsendable", error_message="No such state.")
    send(journal, "c3", State.REJECTED, http_status=418)
    assert write_failures(open_database(url), "m", tmp_path / "f.csv") == 3
    with (tmp_path / "f.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["source_key"]: row for row in csv.DictReader(file)}
    assert set(rows) == {"'=1+1", "c2", "c3"}, "no cell is a formula"
    assert (rows["'=1+1"]["message"], rows["'=1+1"]["request_id"]) == ("email, bad", "req-1")
    assert rows["'=1+1"]["what_to_do"] == BY_STATUS[400]
    assert rows["c2"]["what_to_do"] == ADVICE["unsendable"]
    assert "make migrate RETRY=failed" in rows["c3"]["what_to_do"]
    assert (tmp_path / "f.csv").stat().st_mode & 0o077 == 0


def heard(journal, wish):
    deadline = time.monotonic() + 20
    while journal.run_command.command is not wish:
        assert time.monotonic() < deadline, "the run never heard of it"
        time.sleep(0.05)
    return journal.run_command


def test_orders_reach_a_run_from_another_process(journal, tmp_path):
    for word, wish in (("pause", Command.PAUSE), ("resume", Command.GO), ("stop", Command.STOP)):
        done = command(tmp_path, word)
        assert done.returncode == 0, done.stderr
        assert " on " in heard(journal, wish).asked_by
    shown = command(tmp_path, "status").stdout
    assert "m: stopping (asked by" in shown


def test_an_order_ends_with_its_run(url, journal):
    journal.ask(Command.STOP, "somebody")
    heard(journal, Command.STOP)
    journal.begin_run(Run("r"))
    assert journal.run_command.command is Command.STOP, "a later step of the same run"
    journal.begin_run(Run("r2"))
    assert journal.run_command.command is Command.GO


def test_without_a_run_there_is_nobody_to_tell(url, tmp_path):
    assert command(tmp_path, "status").stdout.startswith("Nothing was written")
    with Journal(url, "m") as journal:
        journal.begin_run(Run("r"))
    done = command(tmp_path, "pause")
    assert (done.returncode, done.stderr) == (1, "No load is going on: nothing to tell.\n")
    assert "nothing is being written" in command(tmp_path, "status").stdout


def test_a_run_that_died_is_told_from_one_that_ended(url, tmp_path):
    script = (
        "import sys, os, asyncio\n"
        "from resources.journal import Journal, Run\n"
        "journal = Journal(sys.argv[1], 'm'); journal.begin_run(Run('r')); os._exit(9)\n"
    )
    subprocess.run([sys.executable, "-c", script, url], check=False)
    engine = open_database(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE lease SET beat_at = beat_at - 100")
    engine.dispose()
    assert "interrupted: process" in command(tmp_path, "status").stdout


def test_a_wrong_setting_is_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv("EMBEDDED_APP_QUOTA", "many")
    done = command(tmp_path, "status")
    assert (done.returncode, done.stdout) == (1, "")
    assert "EMBEDDED_APP_QUOTA" in done.stderr
    assert "Traceback" not in done.stderr
