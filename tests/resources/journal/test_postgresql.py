"""The journal in PostgreSQL: the same promises as in SQLite, kept between machines by the lease alone."""

import asyncio
import subprocess
import sys
import time

import polars as pl
import pytest
from sqlalchemy import text

from resources.journal import (
    Command,
    IllegalTransitionError,
    Journal,
    JournalBusyError,
    JournalFencedError,
    Run,
    State,
    Write,
)
from resources.journal.copies import back_up, restore
from resources.journal.database import open_database
from resources.journal.lease import STALE_SECONDS
from resources.journal.status import read_status

pytestmark = pytest.mark.chaos


@pytest.fixture
def url(postgres):
    return postgres()


@pytest.fixture
def journal(url):
    with Journal(url, "m") as opened:
        opened.begin_run(Run("r"))
        yield opened


def contact(key="c1", fingerprint="f1"):
    return Write("contact", key, "create", fingerprint)


def present(url):
    with Journal(url, "m") as journal:
        frames = list(journal.record_states())
    return pl.concat(frames).sort("source_key") if frames else pl.DataFrame()


def elsewhere(url, beat_at):
    engine = open_database(url)
    with engine.begin() as connection:
        values = {"at": beat_at}
        connection.execute(text("UPDATE lease SET host = 'elsewhere', holder = 'process 5', beat_at = :at"), values)
    engine.dispose()


def test_writes_are_kept_with_all_that_is_known_of_them(journal, url):
    async def work():
        async def one(number):
            write = await journal.intent(contact(f"c{number:03}"))
            journal.outcome(write, State.CONFIRMED, intercom_id=f"i{number}", before_image={"name": None, "n": [1]})

        await asyncio.gather(*(one(number) for number in range(300)))
        await journal.flush()

    asyncio.run(work())
    frame = present(url)
    assert frame["state"].unique().to_list() == ["confirmed"]
    assert frame["intercom_id"].to_list() == [f"i{number}" for number in range(300)]


@pytest.mark.parametrize("state", [None, State.AMBIGUOUS, State.CONFIRMED])
def test_what_stands_or_may_stand_is_not_begun_again(journal, state):
    write = asyncio.run(journal.intent(contact()))
    if state:
        journal.outcome(write, state).result()
    with pytest.raises(IllegalTransitionError):
        asyncio.run(journal.intent(contact()))
    assert asyncio.run(journal.intent(contact("c2"))) > write, "the refused one spoils nothing else"


def test_a_living_holder_keeps_the_journal_and_a_silent_one_loses_it_and_is_fenced_off(journal, url):
    elsewhere(url, time.time())
    with Journal(url, "m") as second, pytest.raises(JournalBusyError, match="process 5, since"):
        second.begin_run(Run("r2"))
    elsewhere(url, time.time() - STALE_SECONDS - 1)
    with Journal(url, "m") as second:
        second.begin_run(Run("r2"))
        with pytest.raises(JournalFencedError):
            asyncio.run(journal.intent(contact()))
        assert asyncio.run(second.intent(contact())) > 0


def test_of_two_that_come_at_once_one_gets_it(url):
    Journal(url, "m").close()
    script = (
        "import sys, time\n"
        "from resources.journal import Journal, JournalBusyError, Run\n"
        "journal = Journal(sys.argv[1], 'm')\n"
        "input()\n"
        "try:\n    journal.begin_run(Run(sys.argv[2])); print('mine', flush=True); input()\n"
        "except JournalBusyError as error:\n    print(error, flush=True)\n"
    )
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    both = [subprocess.Popen([sys.executable, "-c", script, url, name], **pipes) for name in ("r1", "r2")]
    for process in both:
        process.stdin.write("go\n")
        process.stdin.flush()
    said = sorted(process.stdout.readline() for process in both)
    for process in both:
        process.communicate("end\n", timeout=30)
    assert said[1] == "mine\n"
    assert said[0].startswith("Another run is writing to the journal: process ")


def test_orders_and_status_from_another_connection(journal, url):
    asyncio.run(journal.begin_object("contact", 2, 2))
    asyncio.run(journal.intent(contact()))
    with Journal(url, "m") as other:
        other.ask(Command.PAUSE, "somebody")
    deadline = time.monotonic() + 20
    while journal.run_command.command is not Command.PAUSE:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    engine = open_database(url)
    found = read_status(engine, "m")
    engine.dispose()
    assert (found.alive, found.sending, found.unknown) == (True, {"contact": 1}, {})
    assert found.run_command.command is Command.PAUSE


def test_a_backup_moves_between_databases_and_numbers_go_on_after_it(url, postgres, tmp_path):
    with Journal(url, "m") as journal:
        journal.begin_run(Run("r"))
        write = asyncio.run(journal.intent(contact()))
        journal.outcome(write, State.CONFIRMED, intercom_id="1", before_image={"a": 1})
    engine = open_database(url)
    assert back_up(engine, tmp_path / "b.sqlite3") == 1
    engine.dispose()
    for place in (postgres(), f"sqlite:///{tmp_path / 'there.sqlite3'}"):
        assert restore(tmp_path / "b.sqlite3", place, tmp_path / f"aside-{len(place)}.sqlite3") == 1
        assert present(place).rows() == present(url).rows()
        with Journal(place, "m") as journal:
            journal.begin_run(Run("r2"))
            assert asyncio.run(journal.intent(contact("c2"))) > write


def test_what_each_run_did_is_counted_as_in_sqlite(journal, url):
    async def send():
        for write in (contact("c1"), contact("c2"), Write("conversation", "t", "create", "f")):
            journal.outcome(await journal.intent(write), State.CONFIRMED, intercom_id=write.source_key)
        for parent in ("t", "of-an-earlier-run"):
            number = await journal.intent(Write("part", f"p-{parent}", "append", "f", parent))
            journal.outcome(number, State.CONFIRMED, intercom_id=parent)
        await journal.flush()

    asyncio.run(send())
    journal.calls = lambda: {"total": 9, "writes": 5}
    journal.close()
    with Journal(url, "m") as read:
        read.note_end("r", {"total": 10, "writes": 5}, 2.5, job="migrate", verdict="complete")
        figures = {row[1]: row[2:] for row in read.run_figures({"part": "conversation"}, {}).rows()}
        assert figures == {"contact": (2, 0, 0, 0), "conversation": (1, 0, 0, 0), "part": (1, 0, 1, 0)}
        assert read.runs().select("calls", "seconds", "verdict").rows() == [(10, 2.5, "complete")]
