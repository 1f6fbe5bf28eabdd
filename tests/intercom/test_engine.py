"""The engine alone: order, concurrency, what each outcome leads to, stopping. Sends are local functions."""

import asyncio
import os
import signal

import polars as pl
import pytest

from migration_assets.writing.engine import Engine
from migration_assets.writing.records import Record, Sent, Step, Stopped, UnsendableError
from resources.intercom.errors import IntercomError
from resources.intercom.outcomes import CallOutcome
from resources.journal import Command, Journal, JournalError, Run, Write


@pytest.fixture
def journal(tmp_path):
    opened = Journal(f"sqlite:///{tmp_path / 'j.sqlite3'}", "m")
    opened.begin_run(Run("r"))
    yield opened
    opened.close()


def failure(outcome, **kwargs):
    return IntercomError(outcome, 500, "code", "said", "req-1", "POST /x", **kwargs)


def record(key, sends, essential=True):
    steps = tuple(
        Step(Write("part", f"{key}-{number}", "append", "f", key), send, essential) for number, send in enumerate(sends)
    )
    return Record(key, steps)


def ok(log=None, name=None, delay=0.0):
    async def send(ids):
        if delay:
            await asyncio.sleep(delay)
        if log is not None:
            log.append(name)
        return Sent(f"id-{name or id(send)}")

    return send


def fails(error):
    async def send(ids):
        raise error

    return send


async def pages(*given):
    for page in given:
        yield page


def states(journal):
    frame = pl.concat(list(journal.record_states()))
    return dict(frame.select("source_key", "state").rows())


def run(engine, *given):
    asyncio.run(engine.run(pages(*given)))


def test_steps_of_a_record_go_in_order_while_records_overlap(journal):
    log = []
    records = [record(key, [ok(log, f"{key}{n}", 0.02 if key == "a" else 0.001) for n in range(4)]) for key in "abc"]
    run(Engine(journal, concurrency=3), records)
    for key in "abc":
        assert [name for name in log if name[0] == key] == [f"{key}{n}" for n in range(4)]
    assert log.index("b3") < log.index("a3"), "records do not wait for each other"


def test_never_more_records_at_a_time_than_allowed(journal):
    now, most = 0, 0

    async def send(ids):
        nonlocal now, most
        now += 1
        most = max(most, now)
        await asyncio.sleep(0.005)
        now -= 1
        return Sent(str(id(ids)))

    run(Engine(journal, concurrency=4), [record(f"r{n}", [send]) for n in range(15)], [record("last", [send])])
    assert most == 4


def test_an_intent_is_durable_before_the_request_leaves(journal):
    seen = []

    async def send(ids):
        seen.append(states(journal)["a-0"])
        return Sent("1")

    run(Engine(journal), [record("a", [send])])
    assert seen == ["intent"]
    assert states(journal) == {"a-0": "confirmed"}


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (failure(CallOutcome.REJECTED), "rejected"),
        (failure(CallOutcome.AMBIGUOUS), "ambiguous"),
        (UnsendableError("no option"), "rejected"),
    ],
)
def test_a_failed_step_parks_its_record_and_no_other(journal, error, state):
    run(Engine(journal, abort_after=50), [record("a", [ok(), fails(error), ok()]), record("b", [ok(), ok()])])
    assert states(journal) == {"a-0": "confirmed", "a-1": state, "b-0": "confirmed", "b-1": "confirmed"}


def test_what_is_not_essential_may_be_refused(journal):
    run(Engine(journal), [record("a", [fails(failure(CallOutcome.REJECTED)), ok()], essential=False)])
    assert states(journal) == {"a-0": "rejected", "a-1": "confirmed"}


def test_a_stop_ends_the_load_and_says_why(journal):
    engine = Engine(journal, concurrency=1)
    with pytest.raises(Stopped, match="cannot go on"):
        run(engine, [record("a", [ok()]), record("b", [fails(failure(CallOutcome.STOP)), ok()]), record("c", [ok()])])
    assert states(journal) == {"a-0": "confirmed", "b-0": "undone"}


def test_a_stop_that_may_have_happened_is_ambiguous(journal):
    with pytest.raises(Stopped):
        run(Engine(journal), [record("a", [fails(failure(CallOutcome.STOP, may_have_happened=True))])])
    assert states(journal) == {"a-0": "ambiguous"}


def test_an_intercom_that_is_down_stops_the_load_and_leaves_nothing_unknown(journal):
    with pytest.raises(Stopped, match="cannot be reached"):
        run(Engine(journal), [record("a", [fails(failure(CallOutcome.NOT_EXECUTED))])])
    assert states(journal) == {"a-0": "undone"}


def test_nearly_everything_refused_stops_early(journal):
    records = [record(f"r{n:03}", [fails(failure(CallOutcome.REJECTED))]) for n in range(100)]
    with pytest.raises(Stopped, match="refused 20 of the first 20 records"):
        run(Engine(journal, concurrency=2, abort_after=20), records)
    assert len(states(journal)) < 25


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_lets_steps_under_way_end_and_starts_no_other(journal, number):
    before = signal.getsignal(number)

    async def asks_to_stop(ids):
        os.kill(os.getpid(), number)
        await asyncio.sleep(0.05)
        return Sent("1")

    engine = Engine(journal, concurrency=1)
    with pytest.raises(Stopped, match=number.name):
        run(engine, [record("a", [asks_to_stop, ok()]), record("b", [ok()])])
    assert states(journal) == {"a-0": "confirmed"}
    assert signal.getsignal(number) is before


def test_what_does_not_end_in_time_is_ambiguous(journal):
    async def hangs(ids):
        engine.stop("enough")
        await asyncio.sleep(60)

    engine = Engine(journal, stop_deadline=0.1)
    with pytest.raises(Stopped, match="enough"):
        run(engine, [record("a", [hangs])])
    assert states(journal) == {"a-0": "ambiguous"}


def test_a_fault_of_the_program_stops_everything_and_is_raised(journal):
    with pytest.raises(ZeroDivisionError):
        run(Engine(journal, concurrency=1), [record("a", [fails(ZeroDivisionError())]), record("b", [ok()])])
    assert states(journal) == {"a-0": "ambiguous"}


def test_without_a_durable_intent_nothing_is_sent(journal):
    sent = []

    async def send(ids):
        sent.append(1)
        return Sent("1")

    async def broken(write):
        raise JournalError("disk full")

    journal.intent = broken
    with pytest.raises(JournalError, match="disk full"):
        run(Engine(journal), [record("a", [send])])
    assert sent == []


def test_counts_and_progress(journal):
    told = []
    engine = Engine(journal, on_done=told.append)
    run(engine, [record("a", [ok(), ok()]), record("b", [ok()])])
    assert dict(engine.sent) == {("part", "append"): 3}
    assert told == [1, 2]


def test_a_pause_from_another_terminal_holds_the_next_step_back_until_it_is_over(journal):
    log = []

    async def work():
        journal.ask(Command.PAUSE, "somebody")
        while journal.run_command.command is not Command.PAUSE:
            await asyncio.sleep(0.02)
        engine = Engine(journal)
        going = asyncio.create_task(engine.run(pages([record("a", [ok(log, "a0"), ok(log, "a1")])])))
        await asyncio.sleep(0.5)
        during = list(log)
        journal.ask(Command.GO, "somebody")
        await asyncio.wait_for(going, 20)
        return during

    assert asyncio.run(work()) == []
    assert log == ["a0", "a1"]


def test_a_stop_from_another_terminal_ends_what_is_under_way_and_says_whose_it_was(journal):
    log = []

    async def until_asked(ids):
        journal.ask(Command.STOP, "somebody on another machine")
        while journal.run_command.command is not Command.STOP:
            await asyncio.sleep(0.02)
        return Sent("1")

    with pytest.raises(Stopped, match=r"asked to stop \(by somebody on another machine\)"):
        run(Engine(journal, concurrency=1), [record("a", [until_asked, ok(log, "a1")]), record("b", [ok(log, "b0")])])
    assert log == []
    assert states(journal) == {"a-0": "confirmed"}
