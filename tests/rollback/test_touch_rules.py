"""What counts as touched, and what may be restored: decisions alone."""

import pytest

from migration_assets.objects.contact.declaration import CONTACT
from migration_assets.objects.conversation.touches import SeenThread, touched_thread
from migration_assets.writing.conflicts import field_hashes
from migration_assets.writing.touch_rules import (
    Left,
    WritingTimes,
    before_of,
    left_of,
    restoring,
    touched_record,
)
from schemas.intercom import Author, ConversationPart

AT = 1_700_000_000.0


def left(fields, parts=()):
    return Left(field_hashes(fields, {}), frozenset(parts), AT, WritingTimes(((AT, AT),)))


def part(id, kind="comment", body=None, author="admin", at=AT, **more):
    return ConversationPart(id=id, part_type=kind, body=body, author=Author(type=author), created_at=int(at), **more)


def test_a_record_that_is_as_we_left_it_is_untouched():
    own = left({"name": "Ann", "custom_attributes.Plan": "Gold", "email": "A@x.example"})
    shown = {"name": "Ann", "custom_attributes.Plan": "Gold", "email": "a@x.example", "phone": None, "last_seen_at": 5}
    assert touched_record(shown, own, AT + 9e9, CONTACT.fields.edit_rules) is None


@pytest.mark.parametrize(
    ("change", "named"),
    [({"name": "Bob"}, "name"), ({"phone": "+1"}, "phone"), ({"name": None}, "name"),
     ({"custom_attributes.Plan": "Tin", "phone": "+1"}, "Plan and phone")],
)  # fmt: skip
def test_an_edited_record_says_which_fields(change, named):
    own = left({"name": "Ann", "custom_attributes.Plan": "Gold"})
    found = touched_record({"name": "Ann", "custom_attributes.Plan": "Gold", **change}, own, AT)
    assert (found.code, found.words) == ("edited", f"changed since: {named}")


def test_without_marks_the_time_of_the_last_change_decides():
    unmarked = Left({}, (), AT)
    assert touched_record({"name": "Ann"}, unmarked, AT + 200) is None
    assert touched_record({"name": "Ann"}, unmarked, None) is None
    assert touched_record({"name": "Ann"}, unmarked, AT + 301).code == "edited"


@pytest.mark.parametrize(
    ("strange", "code", "words"),
    [
        (part("9", body="Hi", author="user"), "answered", "1 message in it by the customer"),
        (part("9", "note", author="admin"), "answered", "1 message in it by a teammate"),
        (part("9", body="I am a bot", author="bot"), "answered", "1 message in it by a bot"),
        (part("9", attachments=[{"name": "a"}], author="lead"), "answered", "1 message in it by the customer"),
        (part("9", "close", at=AT + 301), "handled", "opened, closed, assigned or changed since by a teammate"),
        (part("9", "close", at=AT + 10), None, None),
        (part("1", body="Ours", redacted=True), "redacted", "a message in it was blanked"),
    ],
)  # fmt: skip
def test_what_the_journal_does_not_know_in_a_conversation(strange, code, words):
    parts = [strange] if strange.id == "1" else [part("1", body="Ours"), strange]
    found = touched_thread(SeenThread({}, parts), left({}, ["1"]))
    assert (found.code, found.words) == (code, words) if code else found is None


def test_a_ticket_is_compared_by_what_it_shows():
    state = {"ticket_state_id": "1", "open": False, "snoozed_until": None}
    own = left({"ticket_attributes.Plan": "a", "company_id": "k", "priority": "high", "state": state})
    shown = {"ticket_attributes.Plan": "a", "ticket_attributes._default_description_": None, "state": dict(state)}
    assert touched_thread(SeenThread({**shown, "assignee": {"admin_assignee_id": None}}), own) is None
    for change, named in (
        ({"state": {**state, "open": True}}, "state"),
        ({"ticket_attributes._default_title_": "New"}, "title"),
        ({"ticket_attributes.Plan": None}, "Plan"),
    ):
        assert touched_thread(SeenThread(shown | change), own).words == f"changed since: {named}"


def test_a_field_is_restored_only_where_it_is_still_ours():
    before = before_of(['{"name": null, "custom_attributes": {"Plan": "Tin"}}', '{"name": "Ours", "phone": "+2"}'])
    assert before == {"name": None, "custom_attributes.Plan": "Tin", "phone": "+2"}
    own = left({"name": "Ann", "custom_attributes.Plan": "Gold", "phone": "+1"})
    shown = {"name": "Ann", "custom_attributes.Plan": "Edited", "phone": "+2"}
    made = restoring(shown, before, own)
    assert (made.changes, made.edited) == ({"name": None}, ["custom_attributes.Plan"])
    assert made.refusal.words == "changed since: Plan; the other fields are restored"
    assert restoring({"name": "Bob"}, {"name": None}, own).refusal.words == "changed since: name"
    assert restoring({"name": "Ann"}, {"name": None}, own).refusal is None


def test_the_latest_mark_of_a_field_counts():
    known = {"last_written": ['{"name": "1", "phone": "2"}', '{"name": "3"}']}
    assert left_of(known).marks == {"name": "3", "phone": "2"}
    assert left_of({"last_written": None}) == Left({}, frozenset(), 0.0, worn=frozenset())
