"""Times that cannot be: what is shown is in order all the same, and each is a doubt that a person sees."""

import datetime as dt
import hashlib
import itertools

import pytest

from schemas.doubt_codes import DoubtCode
from schemas.doubts import DOUBTS
from tests.support.clean_tables import AGENT, agent_message, at, customer, epoch, message, ticket

DAY = "2024-05-01T"


def shape(shaped, tickets, messages):
    return shaped.run(
        customers=[customer("C1"), customer("C2")], agents=[AGENT], tickets=tickets, messages=messages
    )  # fmt: skip


def time(clock):
    return at(DAY + clock)


def doubted(shaped, code):
    assert DOUBTS[DoubtCode(code)]
    rows = shaped.rows("SELECT key, found, file, line FROM doubt.rows WHERE step = 'target/parts' AND code = ?", code)
    assert all(row["file"] and row["line"] for row in rows)
    return {row["key"]: row["found"] for row in rows}


def clocks(shaped, conversation="T1"):
    """The opening and then the parts, as hours and minutes."""
    opening = shaped.by_key("conversations")[conversation]["created_at"]
    times = [opening, *(part["created_at"] for part in shaped.parts(conversation))]
    assert times == sorted(times)
    return [f"{(moment - epoch(DAY + '00:00:00')) / 3600:.2f}" for moment in times]


def test_the_earliest_message_opens_a_ticket_that_was_stamped_later(shaped):
    rows = [message("1", created_at=time("09:00:00")), agent_message("2", created_at=time("09:30:00")),
            message("3", created_at=time("10:30:00"))]  # fmt: skip
    shape(shaped, [ticket("T1")], rows)
    conversation = shaped.by_key("conversations")["T1"]
    assert conversation["description"] == "Body 1"
    assert clocks(shaped) == ["9.00", "9.50", "10.50"]
    assert shaped.findings("opened_earlier") == {"T1"}
    assert set(doubted(shaped, "message_before_ticket")) == {"1", "2"}
    assert "3600 s before its ticket T1" in doubted(shaped, "message_before_ticket")["1"]


@pytest.mark.parametrize("first", [agent_message, lambda key, **more: message(key, author_id="C2", **more)])
def test_an_earlier_message_by_somebody_else_stays_a_part_behind_the_opening(shaped, first):
    shape(shaped, [ticket("T1")], [first("1", created_at=time("09:00:00")), message("2", created_at=time("10:00:01"))])
    assert shaped.by_key("conversations")["T1"]["description"].startswith("Opened in ITCO by")
    assert clocks(shaped) == ["9.00", "9.00", "10.00"]
    assert [part["source_key"] for part in shaped.parts("T1")] == ["1", "2"]


@pytest.mark.parametrize("names", [("1", "2", "3", "4"), ("m-a", "m-b", "m-c", "m-d")])
def test_an_answer_before_the_question_that_opened_the_ticket_stands_behind_it(shaped, names):
    one, two, three, four = names
    shape(shaped, [ticket("T1")], [
        message(one, created_at=time("10:00:00")),
        agent_message(two, created_at=time("08:00:00")),
        message(three, created_at=time("09:00:00")),
        agent_message(four, created_at=time("11:00:00")),
    ])  # fmt: skip
    assert shaped.by_key("conversations")["T1"]["description"] == f"Body {one}"
    assert clocks(shaped) == ["10.00", "10.00", "10.00", "11.00"]
    parts = shaped.parts("T1")
    assert [part["source_key"] for part in parts] == [two, three, four]
    assert [part["created_at"] - part["original_created_at"] for part in parts] == [7200, 3600, 0]
    assert shaped.findings("time_moved") == {two, three}
    assert shaped.findings("opened_earlier") == set()
    assert set(doubted(shaped, "message_before_ticket")) == {two, three}


def test_where_the_ids_say_that_the_earlier_one_was_first_it_is(shaped):
    shape(shaped, [ticket("T1")], [message("2"), agent_message("1", created_at=time("09:00:00"))])
    assert clocks(shaped) == ["9.00", "9.00", "10.00"]
    assert [part["source_key"] for part in shaped.parts("T1")] == ["1", "2"]


def test_an_answer_before_its_question_is_a_doubt_where_file_and_ids_say_so(shaped):
    def thread(number, answer_id):
        at_ticket = {"ticket_id": f"T{number}"}
        return [message(f"{number}1", **at_ticket, created_at=time("10:00:00")),
                message(f"{number}2", **at_ticket, created_at=time("10:10:00")),
                message(f"{number}4", **at_ticket, created_at=time("12:00:00")),
                agent_message(answer_id, **at_ticket, created_at=time("09:00:00"))]  # fmt: skip

    tickets = [ticket(f"T{number}", created_at=time("08:00:00")) for number in (1, 2)]
    shape(shaped, tickets, [*thread(1, "19"), *thread(2, "3")])  # 3 is before 21
    assert set(doubted(shaped, "answer_before_question")) == {"19"}
    assert doubted(shaped, "message_before_ticket") == {}


def test_a_file_with_the_newest_first_has_no_answers_before_their_questions(shaped):
    rows = [message("d", created_at=time("13:00:00")), agent_message("c", created_at=time("12:00:00")),
            message("b", created_at=time("11:00:00")), agent_message("a", created_at=time("10:00:00"))]  # fmt: skip
    shape(shaped, [ticket("T1")], rows)
    assert doubted(shaped, "answer_before_question") == {}


def test_a_ticket_closed_before_it_was_opened_is_a_doubt(shaped):
    tickets = [
        ticket("T1", closed_at=time("09:59:59")),
        ticket("T2", closed_at=time("10:00:00")),
        ticket("T3", closed_at=at("2019-01-01T00:00:00")),
        ticket("T4"),
    ]
    shape(shaped, tickets, [])
    assert set(doubted(shaped, "closed_before_created")) == {"T1", "T3"}
    assert "closed 2019-01-01" in doubted(shaped, "closed_before_created")["T3"]


def thread_of(number, seconds):
    moments = [at(f"{DAY}10:00:{second:02}") for second in seconds]
    makers = [message, agent_message] * len(moments)
    return [make(f"{number}{index}", f"T{number}", created_at=moment)
            for index, (make, moment) in enumerate(zip(makers, moments, strict=False))]  # fmt: skip


def test_a_thread_within_seconds_is_a_doubt_and_receipts_are_only_where_they_are_many(shaped):
    slow = [row for number in range(3, 9) for row in thread_of(number, (0, 40))]
    tickets = [ticket(f"T{number}") for number in range(1, 9)]
    shape(shaped, tickets, [*thread_of(1, (0, 1, 5)), *thread_of(2, (0, 6, 7)), *slow])
    assert set(doubted(shaped, "thread_within_seconds")) == {"T1"}
    shape(shaped, tickets, [*thread_of(1, (0, 1)), *slow])
    assert doubted(shaped, "thread_within_seconds") == {}
    shape(shaped, tickets, [*thread_of(1, (0, 1)), *thread_of(2, (0, 0)), *slow])
    assert set(doubted(shaped, "thread_within_seconds")) == {"T1", "T2"}


def of_thread(number, moments, makers=(message, agent_message)):
    start = at(f"{DAY}10:00:00")
    return [make(f"{number}{index}", f"T{number}", created_at=start + dt.timedelta(seconds=second))
            for index, (second, make) in enumerate(zip(moments, itertools.cycle(makers), strict=False))]  # fmt: skip


SLOW = [row for number in range(3, 9) for row in of_thread(number, (0, 41, 7200, 9301))]
TICKETS = [ticket(f"T{number}") for number in range(1, 9)]


@pytest.mark.parametrize(
    ("seconds", "makers"),
    [
        ((0, 3, 6, 9, 12, 15), (message, agent_message)),
        ((0, 2, 9, 9, 11, 20, 21), (message, agent_message)),
        ((0, 4, 7, 14), (message, message, agent_message)),
        ((0, 30, 60, 90, 120), (message, agent_message)),
        ((0, 0, 0, 0), (message,)),
        ((0, 0, 1), (message,)),
        ((0, 1, 2, 3, 4), (agent_message,)),
        ((0, 0), (message, agent_message)),
    ],
)
def test_a_thread_faster_than_people_write_is_a_doubt(shaped, seconds, makers):
    shape(shaped, TICKETS, [*of_thread(1, seconds, makers), *SLOW])
    assert set(doubted(shaped, "thread_within_seconds")) == {"T1"}
    assert doubted(shaped, "thread_within_seconds")["T1"] == f"{len(seconds)} messages within {seconds[-1]} s"


@pytest.mark.parametrize(
    ("seconds", "makers"),
    [
        ((0, 1, 40, 55), (message, agent_message)),  # a chat that a program greets
        ((0, 6, 19, 31), (message,)),  # one sentence after the other
        ((0, 0), (message,)),  # sent twice
        ((0, 600, 1200, 1800, 2400), (message, agent_message)),
    ],
)
def test_what_people_can_write_is_none(shaped, seconds, makers):
    shape(shaped, TICKETS, [*of_thread(1, seconds, makers), *SLOW])
    assert doubted(shaped, "thread_within_seconds") == {}


def test_an_answer_in_the_same_second_is_a_receipt_where_other_threads_have_one(shaped):
    shape(shaped, TICKETS, [*of_thread(1, (0, 0)), *of_thread(2, (0, 1, 900, 4000)), *SLOW])
    assert doubted(shaped, "thread_within_seconds") == {}


def test_messages_of_one_minute_are_of_one_second_only_where_times_have_seconds(shaped):
    def slow(second):
        return [row for number in range(3, 60) for row in of_thread(number, (0, 60, 7200, 9300 + second))]

    tickets = [ticket(f"T{number}") for number in range(1, 60)]
    shape(shaped, tickets, [*of_thread(1, (0, 0, 0), (message,)), *slow(0)])
    assert doubted(shaped, "thread_within_seconds") == {}
    shape(shaped, tickets, [*of_thread(1, (0, 0, 0), (message,)), *slow(7)])
    assert set(doubted(shaped, "thread_within_seconds")) == {"T1"}


def swapped(name, number, clock="10:00:00"):
    """A question and its answer, which bears an earlier time."""
    return [message(name(number), f"T{number}", created_at=time("10:40:00")),
            agent_message(name(number + 1), f"T{number}", created_at=time(clock))]  # fmt: skip


@pytest.mark.parametrize("name", [str, "M-{}".format, lambda number: f"{number + 10**9:x}"])
@pytest.mark.parametrize("order", ["time", "newest first", "by id"])
def test_ids_tell_of_answers_before_their_questions_however_the_file_is_sorted(shaped, name, order):
    good = [row for number in range(100, 160, 10) for row in [
        message(name(number), f"T{number}"), agent_message(name(number + 1), f"T{number}", created_at=time("10:10:00")),
        message(name(number + 2), f"T{number}", created_at=time("10:20:00")),
        message(name(number + 3), f"T{number}", created_at=time("10:25:00")),
        message(name(number + 4), f"T{number}", created_at=time("10:26:00")),
        message(name(number + 5), f"T{number}", created_at=time("10:27:00"))]]  # fmt: skip
    rows = [*good, *swapped(name, 200), *swapped(name, 210), *swapped(name, 220)]
    if order != "by id":
        rows.sort(key=lambda row: row["created_at"], reverse=order == "newest first")
    shape(shaped, [ticket(key) for key in {row["ticket_id"] for row in rows}], rows)
    assert set(doubted(shaped, "answer_before_question")) == {name(201), name(211), name(221)}


def test_answers_in_another_time_zone_are_found_though_they_are_most(shaped):
    def thread(number):
        clocks = [
            (message, "12:00:00"),
            (agent_message, "11:10:00"),
            (message, "14:00:00"),
            (agent_message, "13:05:00"),
        ]
        return [make(f"{number}-{index}", f"T{number}", created_at=time(clock))
                for index, (make, clock) in enumerate(clocks)]  # fmt: skip

    tickets = [ticket(f"T{number}") for number in range(1, 13)]
    rows = [row for number in range(1, 13) for row in thread(number)]
    shape(shaped, tickets, rows)
    expected = {f"{number}-{index}" for number in range(1, 13) for index in (1, 3)}
    assert set(doubted(shaped, "answer_before_question")) == expected
    shape(shaped, tickets, sorted(rows, key=lambda row: row["created_at"]))
    assert set(doubted(shaped, "answer_before_question")) == expected


@pytest.mark.parametrize("order", ["time", "newest first", "shuffled"])
def test_ids_that_are_no_order_and_a_sorted_file_tell_nothing(shaped, order):
    keys = [hashlib.sha256(bytes([n])).hexdigest()[:16] for n in range(80)]
    rows = [(message, agent_message)[n % 2](key, f"T{n // 4}", created_at=time(f"1{n % 4}:00:00"))
            for n, key in enumerate(keys)]  # fmt: skip
    rows.sort(key=lambda row: row["message_id"] if order == "shuffled" else row["created_at"])
    rows = rows[::-1] if order == "newest first" else rows
    shape(shaped, [ticket(f"T{number}") for number in range(20)], rows)
    assert doubted(shaped, "answer_before_question") == {}


def test_good_times_leave_no_doubt(shaped):
    rows = [message("1"), agent_message("2", created_at=time("10:20:00")), message("3", created_at=time("11:00:00"))]
    shape(shaped, [ticket("T1", closed_at=time("12:00:00"))], rows)
    assert shaped.rows("SELECT * FROM doubt.rows") == []
    assert shaped.findings("time_moved") | shaped.findings("opened_earlier") == set()
