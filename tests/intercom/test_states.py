"""A ticket is brought into its state in whichever documented way Intercom heeds, or its write has failed."""

import pytest

from migration_assets.objects.conversation.routes import state

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
