"""Times that cannot be: what is shown is in order all the same, and each is a doubt that a person sees."""

import pytest

from schemas.doubts import DOUBTS, DoubtCode
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


def test_good_times_leave_no_doubt(shaped):
    rows = [message("1"), agent_message("2", created_at=time("10:20:00")), message("3", created_at=time("11:00:00"))]
    shape(shaped, [ticket("T1", closed_at=time("12:00:00"))], rows)
    assert shaped.rows("SELECT * FROM doubt.rows") == []
    assert shaped.findings("time_moved") | shaped.findings("opened_earlier") == set()
