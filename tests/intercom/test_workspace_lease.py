"""Two machines and one workspace: the marker in Intercom, against the embedded workspace by real HTTP."""

import asyncio

import pytest

from migration_assets.intercom.load import lacks_something, load
from migration_assets.objects.registry import load_order, loader_of
from migration_assets.writing.environment import Environment
from migration_assets.writing.records import Stopped
from migration_assets.writing.workspace_lease import STALE_SECONDS, LeaseClaim, WorkspaceLease, needs_recovery, refusal
from resources.intercom.errors import CallOutcome, IntercomError
from resources.intercom.marker import UNREADABLE, Marker, parse, read_marker, write_marker
from resources.journal import Command, Holder, Journal, Run, State, Write

NOW = 1_700_000_000
HERE = Holder("here", 1)
MINE = LeaseClaim("mine", 10, HERE, shared=False)


def marker(**given):
    values = {"journal": "mine", "writes": 10, "holder": HERE, "writing": True, "since": NOW - 600,
              "seen": NOW - 60}  # fmt: skip
    return Marker(**values | given)


def test_the_marker_survives_being_read_as_text():
    for found in (marker(), marker(writing=False), marker(holder=Holder("host, with a comma", 12))):
        assert parse(found.text()) == found
        assert len(found.text()) < 255


@pytest.mark.parametrize("text", ["", "Acme", marker().text() + "!", marker().text().replace("2023", "20233")])
def test_a_marker_that_somebody_has_changed_may_hide_another_journal(text):
    assert parse(text) is UNREADABLE
    assert needs_recovery(UNREADABLE, MINE)
    assert refusal(UNREADABLE, MINE, NOW) is None


@pytest.mark.parametrize(
    ("found", "refused"),
    [
        (None, False),
        (marker(), False),
        (marker(holder=Holder("here", 2)), False),
        (marker(holder=Holder("there", 2)), True),
        (marker(journal="other"), True),
        (marker(journal="other", writing=False), False),
        (marker(journal="other", seen=NOW - STALE_SECONDS), False),
        (marker(journal="other", seen=NOW + 30), True),
    ],
)
def test_whoever_else_is_writing_is_left_alone(found, refused):
    said = refusal(found, MINE, NOW)
    assert (said is not None) == refused
    if refused:
        assert str(found.holder) in said
        assert "10 min" in said


def test_a_journal_that_machines_share_has_decided_already():
    elsewhere = marker(holder=Holder("there", 2))
    assert refusal(elsewhere, LeaseClaim("mine", 10, HERE, shared=True), NOW) is None


@pytest.mark.parametrize(
    ("found", "lacks"),
    [(None, False), (marker(), False), (marker(writes=9), False), (marker(writes=11), True),
     (marker(journal="other", writes=0), True)],
)  # fmt: skip
def test_a_marker_says_that_the_journal_is_not_the_latest(found, lacks):
    assert needs_recovery(found, MINE) == lacks


class Desk:
    """One machine: a journal of its own, and leases of the workspace."""

    def __init__(self, site, path, run="r"):
        self.site = site
        self.journal = Journal(f"sqlite:///{path}", "m")
        self.journal.begin_run(Run(run))

    def hold(self, then=None, **more):
        """Take the marker, do `then` and give it back; return what the marker said meanwhile."""

        async def work(client):
            lease = WorkspaceLease(client, self.journal, 0.0, **more)
            await lease.ensure()
            try:
                meanwhile = await read_marker(client)
                if then:
                    await then(client)
            finally:
                await lease.release()
            return meanwhile

        return self.site.call(work)

    async def write(self, _client):
        number = await self.journal.intent(Write("contact", f"c{self.journal.last_write()}", "create", "f"))
        self.journal.outcome(number, State.CONFIRMED, intercom_id="1")
        await self.journal.flush()


@pytest.fixture
def desk(site, tmp_path):
    made = []

    def build(name):
        made.append(Desk(site, tmp_path / f"{name}.sqlite3"))
        return made[-1]

    yield build
    for one in made:
        one.journal.close()


def read(site):
    return site.call(read_marker)


def test_the_marker_is_held_while_writing_and_given_back(site, desk):
    one = desk("one")
    assert read(site) is None
    meanwhile = one.hold(one.write)
    after = read(site)
    assert (meanwhile.writing, meanwhile.writes, meanwhile.journal) == (True, 0, one.journal.name)
    assert (after.writing, after.writes, after.journal) == (False, 1, one.journal.name)
    assert not one.journal.lacks()


def test_a_second_machine_is_told_who_is_writing_and_sends_nothing(site, desk):
    one, two = desk("one"), desk("two")

    async def meanwhile(client):
        await write_marker(client, Marker(**vars(await read_marker(client)) | {"holder": Holder("elsewhere", 7)}))
        before = client.calls.snapshot()["writes"]
        with pytest.raises(Stopped, match=r"process 7 on elsewhere, for .*Wait for it"):
            await WorkspaceLease(client, two.journal, 0.0).ensure()
        assert client.calls.snapshot()["writes"] == before

    one.hold(meanwhile)
    # The marker was another's by then, so that it is left alone.
    assert read(site).writing


def test_a_marker_whose_answer_is_lost_is_written_again(site, desk):
    one = desk("one")
    failures = iter([CallOutcome.AMBIGUOUS, CallOutcome.AMBIGUOUS])

    async def held(client):
        upsert = client.upsert_company

        async def unsure(body):
            company = await upsert(body)
            for outcome in failures:
                raise IntercomError(outcome, 504, "http_504", "", None, "POST /companies")
            return company

        client.upsert_company = unsure
        async with asyncio.timeout(60):
            await WorkspaceLease(client, one.journal, 0.0).ensure()

    site.call(held)
    assert read(site).writing


def test_of_two_that_begin_at_once_one_goes_on(site, desk):
    machines = [desk("one"), desk("two")]

    async def both(client):
        leases = [WorkspaceLease(client, machine.journal, 0.3) for machine in machines]
        return await asyncio.gather(*(lease.ensure() for lease in leases), return_exceptions=True)

    ended = site.call(both)
    stopped = [result for result in ended if isinstance(result, Stopped)]
    assert len(stopped) == 1
    assert "has just begun to write" in str(stopped[0])


def test_a_run_whose_marker_was_taken_is_asked_to_stop(site, desk):
    one, two = desk("one"), desk("two")

    async def taken(client):
        await write_marker(client, marker(journal=two.journal.name, since=NOW, seen=NOW))
        for _ in range(100):
            await asyncio.sleep(0.05)
            if one.journal.run_command.command is Command.STOP:
                return
        raise AssertionError("it was never asked to stop")

    one.hold(taken, beat_seconds=0.05)
    assert one.journal.run_command.asked_by == "the marker in Intercom, which another run has taken"
    assert read(site).journal == two.journal.name


def test_the_marker_gives_signs_of_life(site, desk):
    one = desk("one")

    async def wait_for_a_beat(client):
        await one.write(client)
        for _ in range(100):
            await asyncio.sleep(0.05)
            if (await read_marker(client)).writes == 1:
                return
        raise AssertionError("it was never written anew")

    one.hold(wait_for_a_beat, beat_seconds=0.05)


def test_another_journal_has_to_ask_intercom_first(site, desk):
    one, two = desk("one"), desk("two")
    one.hold(one.write)
    two.hold()
    assert two.journal.lacks()
    assert not one.journal.lacks()


def copied(path, aside):
    """Copy the journal as a person would, with all that lies beside it."""
    for suffix in ("", "-wal", "-shm"):
        file = path.with_name(path.name + suffix)
        if file.exists():
            aside.with_name(aside.name + suffix).write_bytes(file.read_bytes())


def whole(site, **more):
    """Plan and load everything, holding the marker; return the results by object."""
    site.runs += 1
    results = {}

    async def work(client):
        with Journal(site.url, "m") as journal:
            journal.begin_run(Run(f"run-{site.runs}"))
            lease = WorkspaceLease(client, journal, 0.0)
            env = Environment(site.warehouse, journal, client, settle_seconds=0.0, page_size=3, workspace_lease=lease)
            for name in load_order():
                results[name] = await load(env, loader_of(name, "ticket", "ITCO ticket"))
            await lease.release()

    site.plan(**more)
    site.call(work)
    return results


def test_a_journal_file_put_back_by_hand_is_noticed_and_nothing_is_sent_twice(small, tmp_path):
    tables, small.tables = small.tables, small.tables | {"parts": []}
    whole(small)
    path, aside = tmp_path / "j.sqlite3", tmp_path / "aside.sqlite3"
    copied(path, aside)
    small.tables = tables
    assert whole(small)["conversation"].sent["part/append"] == 5
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    copied(aside, path)
    again = whole(small)["conversation"]
    assert again.sent.get("part/append", 0) == 0
    assert again.resolved == 5
    assert [len([part for part in ticket.parts if part.body]) for _, ticket in sorted(small.tickets().items())] == [
        3, 1, 0, 1
    ]  # fmt: skip
    with Journal(small.url, "m") as journal:
        assert not lacks_something(journal)


def test_a_second_run_leaves_the_marker_alone(small):
    whole(small)
    before = read(small)
    whole(small)
    assert read(small) == before
