"""Who has caused a part that no write of ours knows, and what the list of kinds must hold: decisions alone."""

import pytest

from migration_assets.objects.conversation.touches import (
    TOUCH_KINDS,
    SeenThread,
    is_of_others,
    may_be_of_others,
    tag_touches,
    touched_thread,
    touches_of,
)
from migration_assets.objects.touches import WORDS
from migration_assets.writing.touch_rules import Left, RefusalCode, WritingTimes
from schemas.intercom import Author, ConversationPart

AT = 1_700_000_000.0
WRITING = WritingTimes(((AT, AT + 5), (AT + 90_000, AT + 90_005)))


def part(kind, author="bot", author_id="0", at=AT, **more):
    return ConversationPart(
        id="9", part_type=kind, author=Author(type=author, id=author_id), created_at=int(at), **more
    )


@pytest.mark.parametrize(
    ("seen", "others"),
    [
        (part("assignment"), False),
        (part("assignment", at=AT + 90_300), False),
        (part("assignment", at=AT - 9e7), False),
        (part("assignment", at=AT + 40_000), True),
        (part("assignment", "admin", "1", AT + 50), False),
        (part("assignment", "admin", "1", AT + 100), True),
        (part("assignment", "admin", "1", AT + 40_000), True),
        (part("assignment", "admin", "2", AT + 100), True),
        (part("open", "user", "5", AT + 100), True),
        (part("comment", body="Hello", at=AT), True),
        (part("comment", body="Hello", at=AT, redacted=True), False),
    ],
)
def test_an_event_is_ours_only_at_the_times_of_our_writes(seen, others):
    assert is_of_others(seen, {"1"}, WRITING) is others


def test_a_bots_event_is_certainly_ours_only_if_making_a_ticket_leaves_it():
    assert not may_be_of_others(part("assignment"), {"1"}, WRITING)
    assert not may_be_of_others(part("ticket_state_updated_by_admin"), {"1"}, WRITING)
    assert may_be_of_others(part("assignment", at=AT + 40_000), {"1"}, WRITING)
    assert may_be_of_others(part("snoozed"), {"1"}, WRITING)
    assert not may_be_of_others(part("snoozed", "admin", "1"), {"1"}, WRITING)


def test_without_its_id_any_teammate_may_be_the_migration():
    assert not is_of_others(part("close", "admin", "2", AT), (), WRITING)
    assert is_of_others(part("close", "admin", "2", AT + 40_000), (), WRITING)


def test_who_has_written_our_messages_may_be_shown_for_what_they_leave():
    ours = part("comment", "admin", "2", body="Hello")
    theirs, other = (part("open", "admin", one).model_copy(update={"id": f"1{one}"}) for one in ("2", "3"))
    thread, left = SeenThread({}, [ours, theirs]), Left({}, {"9"}, writing=WRITING)
    assert touches_of(thread, left, {"1"}) == []
    assert [touch.code for touch in touches_of(thread, Left({}, {"9"}), {"1"})] == [RefusalCode.HANDLED]
    assert [touch.part_id for touch in touches_of(SeenThread({}, [ours, other]), left, {"1"})] == ["13"]


def test_a_tag_is_a_touch_if_it_is_not_ours_or_ours_is_gone():
    left = Left({}, worn={"1", "2"})
    assert tag_touches(["2", "1"], left) == []
    assert [touch.what for touch in tag_touches(["1", "3"], left)] == ["tag put on", "tag taken off"]
    assert touched_thread(SeenThread({}, tags=["1", "2", "3"]), left).words == "tag put on since"
    assert touched_thread(SeenThread({}, tags=None), left) is None


@pytest.mark.parametrize(
    ("contacts", "whole", "words"),
    [
        (["a"], True, None),
        (["a", "b"], True, None),
        (["a", "c"], True, "participant added since"),
        (["a", "c"], False, None),
        (["c"], True, "customer taken out since"),
        ([], True, "customer taken out since"),
        (None, True, None),
    ],
)
def test_who_writes_may_take_part_and_the_customer_stands_first(contacts, whole, words):
    parts = [ConversationPart(id="1", part_type="comment", body="x", author=Author(type="user", id="b"))]
    thread = SeenThread({}, parts, contacts=contacts, known={"a", "b"}, whole=whole)
    found = touched_thread(thread, Left({}, {"1"}))
    assert (found and found.words) == words


def test_every_kind_has_words_and_its_own_code():
    codes = [kind.code for kind in TOUCH_KINDS]
    assert len(set(codes)) == len(codes)
    assert {*codes, RefusalCode.NOTES, RefusalCode.COMPANIES} == set(WORDS)
    assert touches_of(SeenThread({}), Left({})) == []
