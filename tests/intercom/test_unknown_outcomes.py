"""Writes whose outcome is unknown: parked, looked up, never doubled. The answers are lost on purpose."""

import asyncio

import pytest

from migration_assets.intercom.load import LoadStopped
from resources.intercom.errors import IntercomError
from resources.intercom.outcomes import CallOutcome
from resources.journal import Journal
from tests.support import target_tables as tt

pytestmark = pytest.mark.chaos

WRITES = ("create_ticket", "reply_ticket", "update_ticket", "create_contact", "upsert_company", "attach_company",
          "create_tag", "tag_ticket", "create_ticket_type", "create_ticket_type_attribute", "create_data_attribute",
          "update_conversation", "create_conversation", "reply_conversation", "convert_conversation",
          "tag_conversation")  # fmt: skip


def lost():
    return IntercomError(CallOutcome.AMBIGUOUS, None, "no_answer", "No whole answer in time.", None, "POST /x")


def losing(after, names=WRITES, times=1):
    """Lose the answers of the first calls of each kind, after or before Intercom has carried them out."""

    def wrap(client):
        left = dict.fromkeys(names, times)
        for name in names:
            real = getattr(client, name)

            async def call(*args, real=real, name=name, **kwargs):
                if left[name] <= 0:
                    return await real(*args, **kwargs)
                left[name] -= 1
                if after:
                    await real(*args, **kwargs)
                raise lost()

            setattr(client, name, call)

    return wrap


@pytest.mark.parametrize("route", ["ticket", "conversation"])
@pytest.mark.parametrize("after", [True, False])
def test_lost_answers_are_resolved_without_doubles(small, after, route):
    small.options = {"route": route}
    small.migrate(wrap=losing(after))
    # One record may lose an answer in every round of a run; what is left goes with the next one.
    results = small.migrate()
    assert {result.ambiguous + result.failed + result.unsent + result.blocked for result in results.values()} == {0}
    counts = small.control("state")["counts"]
    assert (counts["tickets"], counts["conversations"], counts["contacts"]) == (4, 0, 2)
    tickets = small.tickets()
    said = {key: [part.part_type for part in ticket.parts if part.part_type in ("comment", "note")]
            for key, ticket in tickets.items()}  # fmt: skip
    assert said == {"t1": ["comment", "comment", "note"], "t2": ["comment"], "t3": [], "t4": ["note"]}
    assert small.plan(route=route).calls == 0


def test_an_ambiguous_record_is_parked_while_the_others_go_on(small):
    """The settle time is not over when the run ends: the record waits for the next run."""
    order = []

    def wrap(client):
        losing(True, ["reply_ticket"])(client)
        real = client.update_ticket

        async def update(ticket_id, body):
            order.append(ticket_id)
            return await real(ticket_id, body)

        client.update_ticket = update

    with pytest.raises(KeyboardInterrupt):
        interrupted(small, wrap)
    assert len(order) == 3, "the other three conversations were settled"
    states = small.rows("SELECT object, state FROM plan.journal WHERE state IN ('intent', 'ambiguous')")
    assert states == [("part", "ambiguous")]
    plan = small.plan()
    assert plan.records["conversation", "blocked"] == 1
    result = small.migrate()["conversation"]
    assert (result.resolved, result.updated, result.unchanged) == (1, 1, 3)
    assert small.control("state")["counts"]["tickets"] == 4


def interrupted(site, wrap):
    """Load with a long settle time, and give up while it waits."""
    import migration_assets.writing.resolve as resolving

    real = resolving.wait_until

    async def impatient(moment, journal):
        raise KeyboardInterrupt

    resolving.wait_until = impatient
    try:
        site.migrate(wrap=wrap, settle=300.0)
    finally:
        resolving.wait_until = real
        with Journal(site.url, "m") as journal, site.warehouse.connect() as connection:
            from migration_assets.plan.plan import refresh_verdicts

            refresh_verdicts(connection, journal)


def test_two_equal_parts_each_find_their_own(small):
    twins = [tt.part(f"m{n}", "t3", n, "c2", body="<p>same</p>", created_at=1_600_000_500) for n in (1, 2)]
    small.target(conversations=[small.tables["conversations"][2]], parts=twins)
    small.migrate(wrap=losing(True, ["reply_ticket"], times=2))
    ticket = small.tickets()["t3"]
    assert len([part for part in ticket.parts if part.part_type == "comment"]) == 2
    ids = small.rows("SELECT intercom_id FROM plan.journal WHERE object = 'part'")
    assert len(set(ids)) == 2


@pytest.mark.parametrize("after", [True, False])
def test_a_record_that_loses_every_first_answer_is_whole_at_the_end_of_the_run(small, after):
    """Each of its writes parks it once: as long as every round settles something, there is another round."""
    parts = [tt.part(f"n{n}", "t3", n, "c2", body=f"<p>{n}</p>", created_at=1_600_300_000 + n) for n in range(1, 8)]
    small.target(conversations=[small.tables["conversations"][2]], parts=parts)
    seen = set()

    def wrap(client):
        for name in ("create_ticket", "reply_ticket", "update_ticket"):
            real = getattr(client, name)

            async def call(*args, real=real, name=name):
                if (again := f"{name} {args[-1]}") in seen:
                    return await real(*args)
                seen.add(again)
                if after:
                    await real(*args)
                raise lost()

            setattr(client, name, call)

    result = small.migrate(wrap=wrap)["conversation"]
    assert (result.created, result.ambiguous + result.unsent + result.failed) == (1, 0)
    said = [part.body for part in small.tickets()["t3"].parts if part.part_type == "comment"]
    assert said == [f"<p>{n}</p>" for n in range(1, 8)]
    assert small.plan().calls == 0


def test_what_never_gets_an_answer_is_left_to_the_next_run(small):
    result = small.migrate(["attribute", "contact"], wrap=losing(False, ["create_contact"], 99))
    contact = result["contact"]
    assert (contact.created, contact.ambiguous + contact.unsent) == (0, 2)
    assert small.migrate(["contact"])["contact"].created == 2


def test_a_stopped_load_says_how_far_it_came_and_goes_on_next_time(small):
    def wrap(client):
        real, made = client.create_ticket, []

        async def create(body):
            made.append(1)
            if len(made) == 3:
                raise IntercomError(
                    CallOutcome.STOP, 401, "unauthorized", "Access Token Invalid", None, "POST /tickets"
                )
            await asyncio.sleep(0)
            return await real(body)

        client.create_ticket = create

    with pytest.raises(LoadStopped, match="cannot go on") as stopped:
        small.migrate(wrap=wrap)
    assert stopped.value.result.unsent >= 1
    result = small.migrate()["conversation"]
    assert result.created + result.updated + result.unchanged == 4
    assert small.control("state")["counts"]["tickets"] == 4
    assert small.plan().calls == 0


def test_rejected_writes_are_reported_and_retried_only_on_request(small):
    def wrap(client):
        async def refuse(body):
            raise IntercomError(CallOutcome.REJECTED, 400, "parameter_invalid", "no", "r-1", "POST /contacts")

        client.create_contact = refuse

    first = small.migrate(wrap=wrap)
    assert (first["contact"].failed, first["conversation"].blocked) == (2, 4)
    again = small.migrate()
    assert (again["contact"].failed, again["contact"].calls) == (2, 0)
    retried = small.migrate(retry_failed=True)
    assert (retried["contact"].created, retried["conversation"].created) == (2, 4)
