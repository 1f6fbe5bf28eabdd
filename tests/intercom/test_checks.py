"""The reconciliation after a load says in sentences where numbers contradict each other."""

from migration_assets.intercom.checks import disagreements

GOOD = {"planned": 10, "created": 5, "updated": 1, "adopted": 1, "unchanged": 2, "failed": 1, "present": 9}


def test_numbers_that_agree_leave_nothing_to_say():
    assert disagreements("contact", {"contact": GOOD}) == []


def test_a_record_that_intercom_does_not_have_is_said():
    said = disagreements("contact", {"contact": GOOD | {"present": 8}})
    assert said == ["contact: 9 should be in Intercom, but 8 were found there."]


def test_a_record_too_many_is_said():
    assert "but 10 were found" in disagreements("contact", {"contact": GOOD | {"present": 10}})[0]


def test_a_sum_that_is_wrong_is_said():
    assert disagreements("contact", {"contact": GOOD | {"created": 4}}) == ["contact: 10 planned, but 9 accounted for."]


def test_a_load_without_numbers_is_said():
    assert disagreements("part", {}) == ["part: the load left no numbers."]
