"""Every kind of touch is noticed by all four: verification, delta, the look after the cutover and rollback."""

import pytest

from migration_assets.objects.touches import WORDS
from tests.touches.hands import TOUCHES

UNTOUCHED = {
    ("conversation", "calm"),
    ("conversation", "quiet"),
    ("contact", "c1"),
    ("contact", "c2"),
    ("company", "k1"),
}
ALL = pytest.mark.parametrize("touch", TOUCHES, ids=lambda touch: touch.key)


def told(seen, touch):
    """Whether it can be told: what is not shown in the name of who did it may be ours, if no field is another."""
    return (seen.named or not touch.named) and (seen.whole or not touch.whole)


@ALL
def test_verification_names_it(seen, touch):
    assert ((touch.of, touch.key, touch.code) in seen.since) is told(seen, touch)
    different = {field for name, key, field in seen.verified if (name, key) == (touch.of, touch.key)}
    parts = {name for name, key, _ in seen.verified if key.endswith(f"-{touch.key}") or key.startswith(f"{touch.key}|")}
    if touch.field is None:
        assert (different, parts) == (set(), set()), "what came later makes nothing wrong"
    else:
        assert touch.field in different | parts


@ALL
def test_the_look_after_the_cutover_lists_it(seen, touch):
    if not told(seen, touch):
        assert (touch.of, touch.key) not in seen.edited
    elif touch.listed is None:
        assert touch.key in seen.replied
    else:
        assert touch.listed in seen.edited[touch.of, touch.key]


@ALL
def test_a_rollback_leaves_it_and_says_why(seen, touch):
    assert seen.undone[touch.of, touch.key] == (("refused", touch.reason) if told(seen, touch) else ("deleted", None))


@ALL
def test_a_delta_keeps_it_and_says_so(seen, touch):
    if touch.kept is not None and told(seen, touch):
        assert touch.kept in seen.kept[touch.of, touch.key]


@ALL
def test_every_list_names_its_kind_in_the_same_words(seen, touch):
    row = (touch.of, touch.key, WORDS[touch.code])
    lists = {name: row in rows for name, (_, rows) in seen.lists.items()}
    by_hand = told(seen, touch)
    assert lists == {
        "since.csv": by_hand,
        # Who has written is a list of its own there.
        "edited.csv": by_hand and touch.listed is not None,
        "lists/rollback.csv": by_hand,
    }


def test_a_delta_looks_only_at_what_it_would_change(seen):
    assert seen.unchanged == []


def test_the_lists_have_the_same_columns(seen):
    same = ["object", "itco_id", "intercom_id", "kind", "what", "by"]
    assert {name: columns for name, (columns, _) in seen.lists.items()} == {
        "since.csv": same,
        "edited.csv": same,
        "lists/rollback.csv": ["object", "itco_id", "intercom_id", "fate", "kind", "reason"],
    }


def test_what_nobody_has_touched_is_nobodys_edit(seen):
    touched = {(touch.of, touch.key) for touch in TOUCHES if told(seen, touch)}
    assert {(name, key) for name, key, _ in seen.since} == touched
    assert {(name, key) for name, key, _ in seen.after} == touched, "nor is what a delta has written"
    assert set(seen.edited) | {("conversation", key) for key in seen.replied} == touched
    records = {(name.removesuffix("_company"), key.partition("|")[0]) for name, key, _ in seen.verified}
    assert {record for record in records if not record[1].startswith("m")} <= {
        (touch.of, touch.key) for touch in TOUCHES
    }
    expected = {(touch.of, touch.key) for touch in TOUCHES if touch.kept is not None}
    assert {record for record in seen.kept if record not in expected and record not in touched} == set()
    assert all(seen.undone["conversation", key][0] == "deleted" for key in ("calm", "quiet"))
