"""The book of answers: what it counts, tells, remarks and stops for; and that it judges as verification does."""

import asyncio

import pytest

from migration_assets.objects.explaining import judge_answers
from migration_assets.writing.answers import (
    ENOUGH,
    AnswerBook,
    AnsweredOtherwise,
    AnswerTally,
    SeenAnswer,
    takes_otherwise,
)

WRONG = {"phone": ("+4930123", "+49")}
RIGHT = {"phone": ("+4930123", "+4930123"), "name": ("Ada", "Ada")}


@pytest.fixture
def told():
    return []


@pytest.fixture
def book(told):
    return AnswerBook(tell=told.append)


def see(book, key, answered):
    return asyncio.run(book.see("contact", key, answered))


def test_what_is_answered_as_sent_is_counted_and_not_told(book, told):
    assert see(book, "1", RIGHT) == SeenAnswer()
    assert book.tallies == {("contact", "phone"): AnswerTally(1), ("contact", "name"): AnswerTally(1)}
    assert told == []


def test_the_first_record_of_a_field_is_told_and_the_others_are_counted(book, told):
    for key in "12345":
        assert see(book, key, WRONG).otherwise == ("phone",)
    assert book.tallies["contact", "phone"] == AnswerTally(5, 5, ["1", "2", "3"])
    (line,) = told
    assert line.startswith("Intercom takes contact.phone and shows it otherwise, contact 1:")
    assert "+49" not in line


def test_a_field_that_was_shown_otherwise_before_is_noted_when_it_is_shown_as_sent():
    book = AnswerBook(before={("contact", "1"): frozenset({"phone", "email"})})
    assert see(book, "1", RIGHT).remark == {"as_sent": ["phone"]}
    assert see(book, "1", WRONG).remark == {"otherwise": ["phone"]}
    assert see(book, "2", RIGHT).remark == {}


@pytest.mark.parametrize(
    ("carried", "otherwise", "planned", "stops"),
    [
        (5, 5, 1000, False), (6, 6, 1000, True), (ENOUGH, 5, 1000, False), (ENOUGH, 6, 1000, True),
        (1000, 250, 1000, False), (1000, 251, 1000, True),
        # Few records in all: the share is of them.
        (2, 2, 10, False), (3, 3, 10, True), (10, 2, 10, False), (4, 3, 12, False), (4, 4, 12, True),
        # Of fewer than three alike nothing stops.
        (1, 1, 1, False), (2, 2, 2, False), (3, 3, 3, True),
    ],
)  # fmt: skip
def test_it_stops_above_a_share_of_enough_records_or_of_all_there_are(carried, otherwise, planned, stops):
    assert takes_otherwise(AnswerTally(carried, otherwise), planned) is stops


def test_the_reason_names_the_field_how_many_and_what_to_do(book):
    for number in range(ENOUGH):
        see(book, str(number), WRONG)
    why = book.why_stop("contact", ["phone"])
    assert why.startswith("Intercom takes the writes and does something else: of 20 records that were")
    for word in ("contact.phone", "show 20 otherwise", "0, 1, 2", "accepted_answers", "make rollback", "under way"):
        assert word in why
    assert book.stops_for == ("contact", "phone")


def test_only_the_fields_that_were_just_seen_are_judged(book):
    for number in range(ENOUGH):
        see(book, str(number), WRONG)
    assert book.why_stop("contact", ["name"] if see(book, "99", RIGHT).otherwise else []) is None


def test_few_records_in_all_stop_at_the_third(told):
    book = AnswerBook(planned={"contact": 10}, tell=told.append)
    said = [see(book, str(number), WRONG) and book.why_stop("contact", ["phone"]) for number in range(3)]
    assert said[:2] == [None, None]
    assert "of 3 records" in said[2]


def test_an_accepted_field_is_only_counted(told):
    book = AnswerBook(accepted={"contact.phone"}, tell=told.append)
    for number in range(ENOUGH):
        see(book, str(number), WRONG)
    assert book.tallies["contact", "phone"].otherwise == ENOUGH
    assert book.why_stop("contact", ["phone"]) is None
    assert told == []


def test_answers_that_come_at_one_time_are_judged_together():
    batches = []

    def judge(differing):
        batches.append(len(differing))
        return [one.field == "phone" for one in differing]

    async def all_at_once():
        book = AnswerBook(judge)
        given = WRONG | {"name": ("Ada ", "Ada")}
        return await asyncio.gather(*(book.see("contact", str(number), given) for number in range(50)))

    assert {seen.otherwise for seen in asyncio.run(all_at_once())} == {("phone",)}
    assert sum(batches) == 100
    assert len(batches) < 5


def test_a_judge_that_fails_fails_the_write_that_waits():
    def judge(_differing):
        raise RuntimeError("no judgement")

    with pytest.raises(RuntimeError, match="no judgement"):
        see(AnswerBook(judge), "1", WRONG)


@pytest.mark.parametrize(
    ("object_name", "field", "sent", "shown", "unexplained"),
    [
        ("contact", "name", "Ada  Lovelace", "Ada Lovelace", False),
        ("contact", "name", "Ada", "Bob", True),
        ("contact", "email", "A@x.example", "a@x.example", False),
        ("contact", "phone", "+4930123", "4930123", False),
        ("contact", "phone", "+4930123", "+4930124", True),
        ("contact", "phone", "+4930123", None, True),
        ("part", "text", "<p>A <b>b</b></p>", '<p class="x">A <strong>b</strong></p>', False),
        ("part", "text", "<p>A b</p>", "<p>A</p>", True),
        ("part", "created_at", "1600000001", "1600000000", True),
        ("part", "kind", "comment", "open", False),
        ("part", "files", "2", "1", True),
        ("conversation", "attribute.Since", "1600000000", "2020-09-13T12:26:40Z", False),
        ("conversation", "attribute.Plan", "Gold", None, True),
    ],
)
def test_it_is_judged_by_the_normalisations_of_verification(object_name, field, sent, shown, unexplained):
    assert judge_answers([AnsweredOtherwise(object_name, field, sent, shown)]) == [unexplained]


def test_what_was_answered_otherwise_in_earlier_runs_counts():
    before = {("contact", f"c{number}"): {"name"} for number in range(8)}
    one_more = {"name": ("Anna", "Ann")}
    book = AnswerBook(before=before, stood={("contact", "name"): 25})
    see(book, "c99", {"name": ("Anna", "Anna")})
    see(book, "c100", one_more)
    assert "of 27 records" in book.why_stop("contact", ["name"])
    few = AnswerBook(before=before, stood={("contact", "name"): 1_000})
    see(few, "c100", one_more)
    assert few.why_stop("contact", ["name"]) is None


def test_what_is_answered_again_or_was_settled_counts_once():
    before = {("contact", f"c{number}"): {"name"} for number in range(8)}
    settled = [("contact", f"c{number}", "name") for number in range(4)]
    book = AnswerBook(before=before, settled=settled, stood={("contact", "name"): 8})
    for number in range(8):
        see(book, f"c{number}", {"name": ("Anna", "Ann" if number in (0, 7) else "Anna")})
    assert book.why_stop("contact", ["name"]) is None
    see(book, "c8", {"name": ("Anna", "Ann")})
    assert book.tallies["contact", "name"].otherwise == 3
