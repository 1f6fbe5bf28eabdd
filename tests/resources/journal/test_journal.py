"""The journal: durability, legal transitions, concurrency, fencing, faults of the disk."""

import asyncio
import os
import resource
import signal
import sqlite3
import stat
import subprocess
import sys
import textwrap
import time

import polars as pl
import pytest

from resources.journal import (
    IllegalTransitionError,
    Journal,
    JournalBusyError,
    JournalError,
    JournalFencedError,
    Run,
    State,
    Undoes,
    Write,
    lease,
)


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'journal.sqlite3'}"


@pytest.fixture
def journal(url):
    opened = Journal(url, "m")
    opened.begin_run(Run("run-1"))
    yield opened
    opened.close()


def contact(key="c1", fingerprint="f1", operation="create"):
    return Write("contact", key, operation, fingerprint)


def present(journal, **kwargs):
    frames = list(journal.record_states(**kwargs))
    return pl.concat(frames).sort("object", "source_key", "operation") if frames else pl.DataFrame()


def test_an_intent_is_on_disk_before_it_returns(journal, tmp_path):
    asyncio.run(journal.intent(contact()))
    other = sqlite3.connect(tmp_path / "journal.sqlite3")
    assert other.execute("SELECT source_key, state, attempts FROM write").fetchall() == [("c1", "intent", 1)]


def test_outcome_is_flushed_on_close_and_seen_by_a_reader(url):
    journal = Journal(url, "m")
    journal.begin_run(Run("r"))
    write_id = asyncio.run(journal.intent(contact()))
    journal.outcome(write_id, State.CONFIRMED, intercom_id="i1", before_image={"name": None}, http_status=200)
    journal.close()
    row = present(Journal(url, "m")).row(0, named=True)
    assert (row["state"], row["intercom_id"], row["confirmed_fingerprint"]) == ("confirmed", "i1", "f1")


def test_many_at_once_are_all_recorded_once(journal):
    async def work():
        async def one(number):
            write_id = await journal.intent(contact(f"c{number}"))
            journal.outcome(write_id, State.CONFIRMED, intercom_id=f"i{number}")
            return write_id

        ids = await asyncio.gather(*(one(number) for number in range(500)))
        await journal.flush()
        return ids

    ids = asyncio.run(work())
    frame = present(journal, batch=70)
    assert len(set(ids)) == 500
    assert frame.height == 500
    assert frame["state"].unique().to_list() == ["confirmed"]


@pytest.mark.parametrize(
    ("before", "after", "legal"),
    [
        (None, State.CONFIRMED, True),
        (None, State.REJECTED, True),
        (None, State.AMBIGUOUS, True),
        (None, State.UNDONE, True),
        (State.AMBIGUOUS, State.CONFIRMED, True),
        (State.AMBIGUOUS, State.REJECTED, True),
        (State.AMBIGUOUS, State.UNDONE, True),
        (State.CONFIRMED, State.UNDONE, True),
        (State.CONFIRMED, State.REJECTED, False),
        (State.CONFIRMED, State.AMBIGUOUS, False),
        (State.REJECTED, State.CONFIRMED, False),
        (State.REJECTED, State.UNDONE, False),
        (State.UNDONE, State.CONFIRMED, False),
    ],
)
def test_only_legal_transitions(url, before, after, legal):
    journal = Journal(url, "m")
    journal.begin_run(Run("r"))
    write_id = asyncio.run(journal.intent(contact()))
    if before:
        journal.outcome(write_id, before).result()
    future = journal.outcome(write_id, after)
    if legal:
        future.result()
        journal.close()
        assert present(Journal(url, "m"))["state"].to_list() == [after.value]
    else:
        with pytest.raises(IllegalTransitionError):
            future.result()
        with pytest.raises(IllegalTransitionError):
            journal.close()


def test_a_failed_outcome_is_raised_by_the_next_intent(journal):
    journal.outcome(99, State.CONFIRMED)

    async def work():
        await journal.flush()

    with pytest.raises(IllegalTransitionError, match="Write 99"):
        asyncio.run(work())


@pytest.mark.parametrize("state", [None, State.AMBIGUOUS, State.CONFIRMED])
def test_what_stands_or_may_stand_is_not_begun_again(journal, state):
    write_id = asyncio.run(journal.intent(contact()))
    if state:
        journal.outcome(write_id, state).result()
    with pytest.raises(IllegalTransitionError):
        asyncio.run(journal.intent(contact()))


@pytest.mark.parametrize("state", [State.REJECTED, State.UNDONE])
def test_what_does_not_stand_is_begun_again_and_counted(journal, state):
    write_id = asyncio.run(journal.intent(contact()))
    journal.outcome(write_id, state).result()
    asyncio.run(journal.intent(contact()))
    assert present(journal).select("state", "attempts").row(0) == ("intent", 2)


def test_an_idempotent_write_may_be_repeated_and_keeps_its_confirmed_id(journal):
    async def work():
        first = await journal.intent(Write("company", "a", "upsert", "f1"))
        journal.outcome(first, State.CONFIRMED, intercom_id="i1", adopted=True)
        await journal.flush()
        second = await journal.intent(Write("company", "a", "upsert", "f2"))
        journal.outcome(second, State.REJECTED, error_code="bad", error_message="x" * 900)
        await journal.flush()

    asyncio.run(work())
    row = present(journal).row(0, named=True)
    assert (row["state"], row["fingerprint"]) == ("rejected", "f2")
    assert (row["intercom_id"], row["adopted"], row["confirmed_fingerprint"]) == ("i1", True, "f1")
    assert len(row["error_message"]) == 500


def test_the_first_try_is_remembered_until_what_it_made_is_taken_back(journal):
    async def tried(key, *outcomes):
        number = await journal.intent(contact(key))
        for state, told in outcomes:
            journal.outcome(number, state, **told)
        await journal.flush()
        row = present(journal).filter(pl.col("source_key") == key).row(0, named=True)
        return row["first_at"], row["intent_at"]

    async def story():
        lost, stood = ((State.AMBIGUOUS, {}), (State.UNDONE, {})), (State.CONFIRMED, {"intercom_id": "7"})
        first, _ = await tried("c1", *lost)
        assert (await tried("c1", *lost))[0] == first
        last = await tried("c1", stood)
        assert last[0] == first < last[1]
        begun, _ = await tried("c2", stood)
        await journal.undo(Undoes("contact", "c2", ()), "deleted_in_intercom")
        again, at = await tried("c2", stood)
        assert begun < again == at

    asyncio.run(story())


def test_one_bad_job_does_not_take_its_group_with_it(journal):
    async def work():
        await journal.intent(contact("taken"))
        results = await asyncio.gather(
            *(journal.intent(contact(key)) for key in ["a", "taken", "b", "c"]), return_exceptions=True
        )
        return [type(result).__name__ for result in results]

    assert asyncio.run(work()) == ["int", "IllegalTransitionError", "int", "int"]
    assert present(journal).height == 4


def test_present_can_be_asked_for_some_objects(journal):
    async def work():
        await journal.intent(contact())
        await journal.intent(Write("tag", "t", "create", "f"))

    asyncio.run(work())
    assert present(journal, objects=["tag"])["source_key"].to_list() == ["t"]


def test_another_migration_is_not_seen(journal, url):
    asyncio.run(journal.intent(contact()))
    assert present(Journal(url, "other")).is_empty()


def test_bound_ids_and_holder(journal):
    write_id = asyncio.run(journal.intent(Write("part", "p1", "append", "f", parent_key="t1")))
    journal.outcome(write_id, State.CONFIRMED, intercom_id="77").result()
    assert journal.bound_ids("part", "t1") == {"77"}
    assert journal.bound_ids("part", "t2") == set()
    assert journal.holder_of("part", "77") == "p1"
    assert journal.holder_of("part", "78") is None


def test_the_file_is_private_and_durable(journal, tmp_path):
    asyncio.run(journal.intent(contact()))
    for path in tmp_path.glob("journal.sqlite3*"):
        if not path.name.endswith(".lock"):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600, path.name
    with journal._engine.connect() as connection:
        pragmas = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in
                   ("journal_mode", "synchronous", "foreign_keys")]  # fmt: skip
    assert pragmas == ["wal", 2, 1]


def test_a_second_writer_is_refused_and_told_who_holds_it(journal, url):
    second = Journal(url, "m")
    with pytest.raises(JournalBusyError, match=f"process {os.getpid()}"):
        second.begin_run(Run("r2"))


def test_an_older_holder_is_fenced_off(journal, url):
    lease.forget(journal._engine, "m", journal._fence)  # as one that slept and was taken for dead
    newer = Journal(url, "m")
    newer.begin_run(Run("r2"))
    with pytest.raises(JournalFencedError):
        asyncio.run(journal.intent(contact()))
    assert asyncio.run(newer.intent(contact())) > 0
    newer.close()


def test_what_was_under_way_when_its_process_ended_is_unknown_from_the_next_start_on(journal, url):
    number = asyncio.run(journal.intent(contact()))
    journal.begin_run(Run("run-1"))
    assert journal.record_states().__next__()["state"].to_list() == ["intent"], "its own process is still about it"
    before = time.time()
    journal.close()
    with Journal(url, "m") as newer:
        newer.begin_run(Run("r2"))
        (frame,) = newer.record_states()
        assert frame.select("state", "error_code").rows() == [("ambiguous", "process_died")]
        assert frame["at"][0] >= before
        newer.outcome(number, State.CONFIRMED, intercom_id="7")


def test_reading_only_cannot_write(url):
    with pytest.raises(JournalError, match="reading only"):
        asyncio.run(Journal(url, "m").intent(contact()))


def test_runs_are_kept(journal):
    journal.begin_run(Run("run-1"))
    journal.end_run("complete")
    journal.begin_run(Run("run-2", kind="rollback", mapping_sha="abc"))
    runs = journal.runs()
    assert runs.select("run_id", "kind", "status").rows() == [
        ("run-1", "load", "complete"),
        ("run-2", "rollback", "running"),
    ]


def test_a_step_that_knows_less_of_its_run_takes_nothing_back(journal):
    journal.begin_run(Run("run-1", exported_at=5.0, frozen_at=4.0, extract_sha="abc"))
    journal.end_run("complete")
    journal.begin_run(Run("run-1", kind="verify", extract_sha="abd"))
    (run,) = journal.runs().to_dicts()
    assert (run["kind"], run["exported_at"], run["frozen_at"], run["extract_sha"]) == ("load", 5.0, 4.0, "abd")
    assert (run["status"], run["ended"]) == ("running", None)


def test_a_journal_of_another_version_is_refused(url, tmp_path):
    Journal(url, "m").close()
    with sqlite3.connect(tmp_path / "journal.sqlite3") as connection:
        connection.execute("UPDATE journal_schema SET version = 99")
    with pytest.raises(JournalError, match="version 99"):
        Journal(url, "m")


def test_death_between_intent_and_outcome_leaves_the_intent(url):
    script = textwrap.dedent("""
        import asyncio, sys, time
        from resources.journal import Journal, Run, Write
        journal = Journal(sys.argv[1], "m"); journal.begin_run(Run("dies"))
        asyncio.run(journal.intent(Write("contact", "c1", "create", "f")))
        print("sent", flush=True); time.sleep(60)
    """)
    process = subprocess.Popen([sys.executable, "-c", script, url], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline().strip() == "sent"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    journal = Journal(url, "m")
    assert present(journal).select("source_key", "state").rows() == [("c1", "intent")]
    journal.begin_run(Run("next"))
    journal.outcome(present(journal)["write_id"][0], State.UNDONE).result()
    journal.close()


def test_a_full_disk_surfaces_and_nothing_is_sent(url):
    """RLIMIT_FSIZE stands in for a full disk: the write-ahead log cannot grow."""
    script = textwrap.dedent("""
        import asyncio, resource, signal, sys
        from resources.journal import Journal, JournalError, Run, Write
        journal = Journal(sys.argv[1], "m"); journal.begin_run(Run("r"))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (90_000, resource.RLIM_INFINITY))
        sent = 0
        async def work():
            global sent
            for number in range(5000):
                await journal.intent(Write("contact", f"c{number}", "create", "f" * 64))
                sent += 1
        try:
            asyncio.run(work())
        except JournalError as error:
            print("refused", sent, error)
    """)
    done = subprocess.run([sys.executable, "-c", script, url], capture_output=True, text=True, check=False)
    words = done.stdout.split()
    assert words[:1] == ["refused"], done.stdout + done.stderr
    assert "cannot be written" in done.stdout
    assert present(Journal(url, "m")).height == int(words[1])
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY


def test_a_folder_that_cannot_be_written_is_a_sentence():
    """Not even root makes a file in /proc."""
    with pytest.raises(JournalError, match=r"^The journal cannot be opened: .*/proc"):
        Journal("sqlite:////proc/journal.sqlite3", "m")


def test_without_the_extra_for_postgresql_the_journal_is_refused_with_its_name(monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    for driver in ("postgresql", "postgresql+psycopg"):
        with pytest.raises(JournalError, match="extra `postgresql`") as refused:
            Journal(f"{driver}://somebody:s3cr3t@127.0.0.1:9/journal", "m")
        assert "pip install 'itco-to-intercom[postgresql]'" in str(refused.value)
        assert "s3cr3t" not in str(refused.value)
