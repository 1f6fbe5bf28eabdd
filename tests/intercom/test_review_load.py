"""What a sceptical look at the load found: lagging lists, contacts that were there first, refusals without a fault."""

import time
from types import SimpleNamespace

import pytest

from migration_assets.accounting.load_figures import start_loads
from migration_assets.intercom import load_step as stepping
from migration_assets.objects.destination import DestinationCount
from migration_assets.writing.environment import Environment
from resources.intercom.errors import IntercomError
from resources.intercom.outcomes import CallOutcome
from resources.journal import Journal
from tests.support import target_tables as tt


def count_contacts(site, monkeypatch, shown, settle):
    """Count the contacts of a loaded site, of which Intercom shows `shown` one after the other."""
    looks = iter(shown)
    monkeypatch.setattr(stepping, "FIRST_PAUSE", 0.01)

    async def count_destination(env, name, ticket_type):
        found = next(looks)
        with site.warehouse.connect() as connection:
            connection.execute(
                "CREATE OR REPLACE TABLE observed.contacts AS SELECT source_key, intercom_id FROM plan.journal "
                "WHERE object = 'contact' ORDER BY source_key LIMIT ?",
                [found],
            )
        return [DestinationCount("contact", 2, found, 0)]

    monkeypatch.setattr(stepping, "count_destination", count_destination)
    with site.warehouse.connect() as connection:
        start_loads(connection)
    surroundings = SimpleNamespace(warehouse=site.warehouse, run_id=f"run-{site.runs}")

    async def count(client):
        with Journal(site.url, "m") as journal:
            env = Environment(site.warehouse, journal, client, settle_seconds=settle)
            await stepping.count_what_stands(surroundings, env, "contact", "ITCO ticket")

    site.call(count)
    return site.rows("SELECT present FROM verdict.loads WHERE object = 'contact'")[0][0], len(list(looks))


def test_what_a_lagging_list_does_not_show_yet_is_counted_again(small, monkeypatch):
    small.migrate()
    assert count_contacts(small, monkeypatch, [0, 1, 2, 2], settle=300.0) == (2, 1)


def test_what_was_written_long_ago_is_not_waited_for_but_asked_for_by_its_id(small, monkeypatch):
    small.migrate()
    assert count_contacts(small, monkeypatch, [1, 2], settle=0.0) == (2, 1)


def older(client, seconds):
    """Make every contact that is read back look older than it is."""
    for name in ("get_contact", "find_contact"):
        real = getattr(client, name)

        async def read(key, real=real):
            found = await real(key)
            return found and found.model_copy(update={"created_at": found.created_at - seconds})

        setattr(client, name, read)


def failing_once(client, error):
    real, failed = client.create_contact, set()

    async def create(body):
        if body["external_id"] not in failed:
            failed.add(body["external_id"])
            raise error
        return await real(body)

    client.create_contact = create


def test_a_contact_that_stood_before_a_failed_attempt_is_adopted_not_called_ours(small):
    made = {"role": "user", "external_id": "c2", "name": "Name"}
    small.call(lambda client: client.create_contact(made))
    no_answer = IntercomError(CallOutcome.AMBIGUOUS, None, "no_answer", "", None, "POST /contacts")

    def wrap(client):
        failing_once(client, no_answer)
        older(client, 86_400)

    result = small.migrate(["attribute", "contact"], wrap=wrap)
    assert (result["contact"].created, result["contact"].adopted) == (1, 1)
    assert small.call(lambda client: client.find_contact("c2")).name == "Name"


def with_priority(small, tt, tickets):
    small.target(conversations=[tt.conversation(f"t{n}", "c2", priority="high") for n in range(tickets)], parts=[])


def priorities(site):
    return site.rows(
        "SELECT state, error_code, count(*) FROM plan.journal WHERE operation = 'priority' GROUP BY ALL ORDER BY ALL"
    )


def test_a_priority_that_is_refused_everywhere_neither_stops_the_load_nor_fails_a_ticket(small):
    with_priority(small, tt, 60)
    asked = []

    def wrap(client):
        async def refused(conversation_id, *_, **__):
            asked.append(conversation_id)
            raise IntercomError(CallOutcome.REJECTED, 403, "api_plan_restricted", "", None, "PUT /conversations")

        client.update_conversation = refused

    result = small.migrate(wrap=wrap)
    assert (result["conversation"].failed, result["conversation"].created) == (0, 60)
    assert small.control("state")["counts"]["tickets"] == 60
    assert len(asked) <= 32, "what the token may not do at all is not asked for each ticket"
    journalled = priorities(small)
    assert sum(count for _, _, count in journalled) == 60
    assert {(state, code) for state, code, _ in journalled} == {
        ("rejected", "api_plan_restricted"),
        ("rejected", "unsendable"),
    }
    second = small.migrate()
    assert (second["conversation"].unchanged, second["conversation"].calls) == (60, 0)
    # Somebody may have set one meanwhile: ticket and priority are read before it is sent.
    assert small.plan(retry_failed=True, run_id="later").calls == 3 * 60


def test_a_priority_that_is_refused_for_one_ticket_is_asked_for_the_others(small):
    with_priority(small, tt, 5)

    def wrap(client):
        real, seen = client.update_conversation, []

        async def once(conversation_id, *given, **options):
            seen.append(conversation_id)
            if len(seen) == 1:
                raise IntercomError(CallOutcome.REJECTED, 422, "parameter_invalid", "", None, "PUT /conversations")
            return await real(conversation_id, *given, **options)

        client.update_conversation = once

    assert small.migrate(wrap=wrap)["conversation"].failed == 0
    assert priorities(small) == [("confirmed", None, 4), ("rejected", "parameter_invalid", 1)]


def test_a_priority_that_intercom_takes_and_ignores_is_found_out(small):
    with_priority(small, tt, 2)

    def wrap(client):
        real = client.update_conversation

        async def without_preview(conversation_id, body, *, preview):
            return await real(conversation_id, body, preview=False)

        client.update_conversation = without_preview

    assert small.migrate(wrap=wrap)["conversation"].failed == 0
    assert priorities(small) == [("rejected", "priority_ignored", 2)]
    said = small.rows("SELECT DISTINCT error_message FROM plan.journal WHERE operation = 'priority'")
    assert [("left its own priority at 'none'" in message) for (message,) in said] == [True]


def test_snoozing_until_a_time_that_has_passed_stops_the_plan(small):
    from migration_assets.plan.plan_options import PlanStopError

    snoozed = tt.conversation("t2", "c2", state="snoozed", ticket_state="Waiting on customer",
                              snoozed_until=int(time.time()) - 5)  # fmt: skip
    small.target(conversations=[snoozed], parts=[])
    with pytest.raises(PlanStopError, match="1 conversations would be snoozed until a time that has passed"):
        small.plan()
