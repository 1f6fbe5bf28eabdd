"""A ticket is brought into its state in whichever documented way Intercom heeds, or its write has failed."""

import pytest

from migration_assets.objects.conversation.routes import state
from migration_assets.objects.probe.questions import answers
from migration_assets.workspace.probing import write_profile
from resources.journal.workspace_profiles import WorkspaceProfile

NOT_BY_OPEN = {"open_wakes_snoozed": "no"}
NOT_BY_PART = {**NOT_BY_OPEN, "open_part_wakes": "no"}


@pytest.fixture
def snoozed(small):
    """A site whose ticket t2 stands snoozed and is wanted open."""
    small.migrate()
    later = [
        row | {"state": "open", "snoozed_until": None, "ticket_state": "In progress"}
        if row["source_key"] == "t2"
        else row
        for row in small.tables["conversations"]
    ]
    small.target(conversations=later)
    yield small
    small.control("behaviours", "POST", {})


@pytest.mark.parametrize("ways", [{}, NOT_BY_OPEN, NOT_BY_PART], ids=["by open", "by a part", "by its time"])
def test_a_snoozed_ticket_is_woken(snoozed, ways):
    snoozed.control("behaviours", "POST", ways)
    assert snoozed.migrate()["conversation"].updated == 1
    ticket = snoozed.tickets()["t2"]
    assert (ticket.open, ticket.snoozed_until, ticket.ticket_state.internal_label) == (True, None, "In progress")
    assert snoozed.migrate()["conversation"].unchanged == 4
    assert snoozed.plan().calls == 0
    assert "contact" not in {told["audience"] for told in snoozed.control("notifications")["by"]}


def test_a_state_that_intercom_ignores_has_failed(snoozed, monkeypatch):
    monkeypatch.setattr(state, "WAKING", -60.0)
    snoozed.control("behaviours", "POST", NOT_BY_PART)
    assert snoozed.migrate()["conversation"].failed == 1
    ((code, says),) = snoozed.rows("SELECT error_code, error_message FROM plan.journal WHERE state = 'rejected'")
    assert (code, "every documented way" in says) == ("state_ignored", True)


def seen_to_do(site, **readings):
    """Let a probe have seen something of the workspace."""
    with site.warehouse.connect() as connection:
        write_profile(connection, WorkspaceProfile(1.0, answers(readings), []), stops=True)


def calls_of_waking(site):
    """Load what is left, and return the calls by which the ticket's state was set, in their order."""
    sent = []

    def wrap(client):
        update, manage = client.update_ticket, client.manage_conversation

        async def update_ticket(ticket_id, body):
            if "ticket_state_id" in body:
                sent.append("PUT")
            return await update(ticket_id, body)

        async def manage_conversation(conversation_id, body):
            sent.append("part")
            return await manage(conversation_id, body)

        client.update_ticket, client.manage_conversation = update_ticket, manage_conversation

    assert site.migrate(wrap=wrap)["conversation"].updated == 1
    ticket = site.tickets()["t2"]
    assert (ticket.open, ticket.snoozed_until, ticket.ticket_state.internal_label) == (True, None, "In progress")
    return sent


def test_where_a_probe_saw_that_opening_does_not_wake_a_part_does_it_at_once(snoozed):
    snoozed.control("behaviours", "POST", NOT_BY_OPEN)
    seen_to_do(snoozed, open_wakes_snoozed=False)
    assert calls_of_waking(snoozed) == ["part", "PUT"]


def test_without_a_probe_it_is_opened_first_and_the_answer_read(snoozed):
    snoozed.control("behaviours", "POST", NOT_BY_OPEN)
    assert calls_of_waking(snoozed) == ["PUT", "part"]


def test_where_a_probe_saw_that_opening_wakes_it_but_it_does_not_any_more_it_is_woken_all_the_same(snoozed):
    snoozed.control("behaviours", "POST", NOT_BY_PART)
    seen_to_do(snoozed, open_wakes_snoozed=True)
    assert calls_of_waking(snoozed) == ["PUT", "part", "PUT"]


def test_a_part_that_does_not_wake_it_either_is_not_the_last_way(snoozed):
    snoozed.control("behaviours", "POST", NOT_BY_PART)
    seen_to_do(snoozed, open_wakes_snoozed=False)
    assert calls_of_waking(snoozed) == ["part", "PUT", "PUT"]
