"""The phases over tables as the other stages leave them, and the page that grows with them."""

import re

import pytest

from migration_assets.accounting.reconciliation.page import reconcile, render
from migration_assets.accounting.reconciliation.phases import PhaseLine, begin_phases, read_phases, record_phase
from migration_assets.handoff.evidence import gather
from migration_assets.handoff.whole import reconcile_whole


@pytest.fixture
def landed(world):
    """Twelve tickets in a file: one unreadable, one held back under two rules, one older version, one skipped."""
    world.file("tickets", 12, landed=11, quarantined=1)
    world.connection.execute("INSERT INTO clean.tickets (ticket_id, _row) SELECT range, range FROM range(9)")
    world.fault("tickets", 10, "bad_timestamp")
    world.fault("tickets", 10, "missing_value")
    world.fault("tickets", 11, "odd", severity="value")
    world.add("clean.superseded", {"object": "tickets", "row": 11, "key": "t", "reason": "older"})
    for row in range(8):
        world.carries("tickets", row, "conversations", str(row))
    world.carries("tickets", 8, None, None, "skipped", "rule spam")
    return world


def test_each_phase_says_what_came_what_went_on_and_why_the_rest_did_not(landed):
    connection = landed.connection
    assert record_phase(connection, "landing") == [
        PhaseLine("landing", "tickets", 12, 11, (("could not be read as a row of their file", 1),))
    ]
    (cleaning,) = [line for line in record_phase(connection, "cleaning") if line.came]
    assert (cleaning.came, cleaning.went, cleaning.adds_up) == (11, 9, True)
    assert dict(cleaning.reasons) == {
        "held back: bad timestamp": 1,
        "superseded by a newer version of the same record": 1,
    }
    assert record_phase(connection, "shaping") == [PhaseLine("shaping", "tickets", 9, 8, (("skipped: rule spam", 1),))]


def test_plan_loads_and_verification_are_told_from_their_own_tables(landed):
    landed.plan("conversation", "1")
    landed.plan("conversation", "2", "blocked", "agent_not_in_intercom")
    landed.load("conversation", 7, created=6, failed=1, present=5)
    landed.add(
        "verdict.fields",
        {"object": "conversation", "field": "title", "compared": 5, "equal": 3, "explained": 1, "different": 1},
        {"object": "conversation", "field": "state", "compared": 5, "equal": 5, "explained": 0, "different": 0},
    )
    words = "held back: waits for an agent who is not in Intercom"
    assert record_phase(landed.connection, "plan") == [PhaseLine("plan", "conversation", 2, 1, ((words, 1),))]
    (loading,) = record_phase(landed.connection, "loading")
    assert [rows for _, rows in loading.reasons] == [1, 1]
    assert loading.adds_up
    landed.write("conversation", "9", "create", verdict="failed_before", reason="archived_in_intercom")
    (loading,) = record_phase(landed.connection, "loading")
    assert loading.reasons[0] == ("deleted, archived or merged in Intercom after it was loaded", 1)
    assert loading.adds_up, "of one that failed, Intercom has refused nothing"
    assert record_phase(landed.connection, "verification") == [
        PhaseLine("verification", "conversation", 10, 9, (("different: title", 1),))
    ]


def test_a_phase_that_is_told_again_replaces_what_it_told(landed):
    record_phase(landed.connection, "landing")
    landed.file("tickets", 3, part=2)
    record_phase(landed.connection, "landing")
    (line,) = read_phases(landed.connection)
    assert line.came == 15
    begin_phases(landed.connection)
    assert read_phases(landed.connection) == []


def test_the_page_grows_and_ends_with_all_rows(landed, tmp_path):
    page = tmp_path / "reconciliation.html"
    metadata = reconcile(landed.connection, "landing", tmp_path)["reconciliation"].value
    assert "| tickets | 12 | 11 | 1 |" in metadata
    assert "So far" in page.read_text()
    reconcile(landed.connection, "cleaning", tmp_path)
    assert re.findall("<h2>(.*?)</h2>", page.read_text()) == ["Your files, read", "Checked and typed"]
    evidence = gather(landed.connection, limited=False, notifications_sent=0)
    reconcile_whole(landed.connection, evidence, tmp_path)
    text = page.read_text()
    counts = evidence.source["tickets"]
    assert f"{counts.rows} tickets in your files" in text
    assert "So far" not in text


def test_numbers_that_do_not_add_up_are_said_at_the_top():
    assert "is accounted for" in render([PhaseLine("whole", "tickets", 2, 2)])
    assert "In all: these numbers do not add up." in render([PhaseLine("whole", "tickets", 3, 2)])


def test_the_page_loads_nothing_and_runs_nothing():
    page = render([PhaseLine("landing", "tickets", 2, 1, (("<script>alert(1)</script>", 1),))])
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "default-src 'none'" in page
    assert re.findall(r'(?:src|href)="(?!#)', page) == []
