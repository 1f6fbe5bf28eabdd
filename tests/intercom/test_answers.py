"""What Intercom takes and shows otherwise: found at once, kept in the journal, and above a share the load stops."""

import json
import sqlite3
from types import SimpleNamespace

import pytest

from migration_assets.handoff.evidence import FAILED_SHARE, gather
from migration_assets.handoff.run_verdict import decide_verdict
from migration_assets.objects.carrying import carried_fields
from migration_assets.objects.registry import compared_objects
from migration_assets.writing.records import Stopped
from tests.support import target_tables as tt


@pytest.fixture
def misbehaving(small):
    """A workspace that keeps half of some names and texts, from the next load on."""

    def begin(calls, **how_often):
        small.control("faults", "POST", {"seed": 5, "rules": [{"kind": "shortened", "calls": calls, **how_often}]})

    yield begin
    small.control("faults", "DELETE")


def remarks(site):
    """{(object, key): (code, remark)} of the confirmed writes that have a remark, the latest of each."""
    query = (
        "SELECT object, source_key, error_code, remark FROM write "
        "WHERE state = 'confirmed' AND remark IS NOT NULL ORDER BY id"
    )
    with sqlite3.connect(site.url.removeprefix("sqlite:///")) as connection:
        rows = connection.execute(query).fetchall()
    return {row[:2]: (row[2], json.loads(row[3])) for row in rows}


def judged(site, accepted=()):
    settings = SimpleNamespace(failed_share=FAILED_SHARE)
    mapping = SimpleNamespace(accepted=[], limits={}, accepted_answers=accepted, settings=settings)
    with site.warehouse.connect() as connection:
        return decide_verdict(gather(connection, limited=False, notifications_sent=0, mapping=mapping))


def about(site, accepted=()):
    return [line for line in judged(site, accepted).reasons if "otherwise than sent" in line]


def test_nothing_is_found_where_all_is_taken_as_sent(small):
    small.migrate()
    found = small.rows("SELECT object, field, carried FROM verdict.answers")
    assert {("contact", "email", 2), ("conversation", "title", 4), ("part", "text", 5)} <= set(found)
    assert {("company", "name", 1), ("tag", "name", 2), ("contact_company", "present", 1)} <= set(found)
    assert small.rows("SELECT * FROM verdict.answers WHERE otherwise > 0") == []
    assert remarks(small) == {}


def test_one_record_is_found_at_once_and_the_run_is_partial(small, misbehaving, capsys):
    misbehaving("POST /contacts", nth=1)
    small.migrate()
    ((object_name, key),) = remarks(small)
    assert remarks(small)[object_name, key] == ("answered", {"otherwise": ["name"]})
    assert small.rows("SELECT * FROM verdict.answers WHERE otherwise > 0") == [("contact", "name", 2, 1, [key])]
    assert f"Intercom takes contact.name and shows it otherwise, contact {key}" in capsys.readouterr().err
    assert len(about(small)) == 1

    # A later run, and one whose warehouse is new, know it still.
    small.migrate()
    assert len(about(small)) == 1


def test_it_is_settled_once_the_field_is_answered_as_sent(small, misbehaving):
    misbehaving("POST /contacts", nth=1)
    small.migrate()
    ((_, key),) = remarks(small)
    small.target(contacts=[tt.contact(f"c{n}", name="Another name") for n in (1, 2)])
    small.migrate()
    assert remarks(small)["contact", key] == ("answered", {"as_sent": ["name"]})
    assert about(small) == []


def test_a_text_is_found_too(small, misbehaving):
    misbehaving("POST /tickets/{id}/reply", nth=1)
    # The first tickets are read back, so that the load may end there.
    try:
        small.migrate()
    except Stopped as stopped:
        assert "read back" in str(stopped) or "other" in str(stopped)
    ((object_name, _),) = remarks(small)
    assert object_name == "part"


def test_above_a_share_the_load_stops_with_the_field_and_what_to_do(small, misbehaving):
    small.target(contacts=[tt.contact(f"c{number}") for number in range(1, 61)])
    misbehaving("POST /contacts", from_call=1)
    with pytest.raises(Stopped, match="Intercom takes the writes and does something else") as stopped:
        small.migrate()
    assert "contact.name" in str(stopped.value)
    assert "accepted_answers" in str(stopped.value)
    sent = small.rows("SELECT count(*) FROM plan.journal WHERE object = 'contact' AND state = 'confirmed'")[0][0]
    assert 6 <= sent < 60
    # What was under way is counted with the others: the sentence says what the verdict says.
    assert f"of {sent} records that were written with contact.name, its answers show {sent} otherwise" in str(
        stopped.value
    )
    (line,) = about(small)
    assert f"{sent} of contact.name" in line
    # Run again, what was answered before counts: it stops, however few are left.
    with pytest.raises(Stopped, match="Intercom takes the writes and does something else"):
        small.migrate()


def test_what_a_person_has_accepted_is_only_counted(small, misbehaving):
    small.target(contacts=[tt.contact(f"c{number}") for number in range(1, 31)])
    misbehaving("POST /contacts", from_call=1)
    small.migrate(accepted_answers=frozenset({"contact.name"}))
    ((*_, otherwise, _),) = small.rows("SELECT * FROM verdict.answers WHERE otherwise > 0")
    assert otherwise == 30
    assert about(small, ["contact.name"]) == []


def test_a_pilot_of_ten_that_are_all_answered_otherwise_stops(small, misbehaving):
    small.target(contacts=[tt.contact(f"c{number}") for number in range(1, 11)])
    misbehaving("POST /contacts", from_call=1)
    with pytest.raises(Stopped, match=r"Intercom takes the writes and does something else.* contact\.name"):
        small.migrate()


def test_of_earlier_runs_those_count_that_carried_the_field(small, misbehaving):
    """A field that few records have is judged among those, however many records stand without it."""
    nobody = [tt.contact(f"n{number}", phone=None, name=None) for number in range(1, 41)]
    small.target(contacts=nobody)
    small.migrate()
    small.target(contacts=[*nobody, *(tt.contact(f"c{number}") for number in range(1, 11))])
    misbehaving("POST /contacts", from_call=1)
    with pytest.raises(Stopped, match=r"with contact\.name, its answers show"):
        small.migrate()


def test_every_object_says_which_fields_its_records_carry(small):
    small.migrate()
    with small.warehouse.connect() as connection:
        found = {name: carried_fields(connection, item) for name, (item, _) in compared_objects().items()}
    assert found["contact"]["email"] == 2
    assert found["conversation"]["title"] == 4
    assert found["part"]["text"] == 5
    answers = small.rows("SELECT object, field, carried FROM verdict.answers")
    assert {(name, field): n for name, field, n in answers if found[name].get(field) != n} == {}
