"""Messages of one time: ids that are an order tell which was first, else the file; else it is a doubt."""

import hashlib

import pytest

from tests.shaping.test_times import doubted, shape, time
from tests.support.clean_tables import agent_message, message, ticket

THREADS = 8


def key_of(number):
    return hashlib.sha256(bytes([number])).hexdigest()[:16]


def drop(clocks, name, threads=THREADS):
    """Threads whose messages bear these times, oldest first: a question, an answer, and so on."""
    makers = [message, agent_message] * len(clocks)
    return [make(name(number * 10 + place), f"T{number}", created_at=time(clock))
            for number in range(1, threads + 1)
            for place, (make, clock) in enumerate(zip(makers, clocks, strict=False))]  # fmt: skip


def shown(shaped, rows):
    """The messages of every thread as they stand in Intercom; the ticket's own question opens each."""
    keys = sorted({row["ticket_id"] for row in rows})
    shape(shaped, [ticket(key) for key in keys], rows)
    threads = {}
    for key in keys:
        parts = [part["source_key"] for part in shaped.parts(key)]
        opener = [row["message_id"] for row in rows if row["ticket_id"] == key and row["message_id"] not in parts]
        threads[key] = [*opener, *parts]
    return threads


def by_thread(rows):
    keys = sorted({row["ticket_id"] for row in rows})
    return {key: [row["message_id"] for row in rows if row["ticket_id"] == key] for key in keys}


def shuffled(rows):
    return sorted(rows, key=lambda row: hashlib.sha256(row["message_id"].encode()).hexdigest())


MINUTES = ("10:00:00", "11:07:00", "11:07:00", "15:22:00")
DATES = ("10:00:00",) * 4


LONG = ("10:00:00", "10:00:00", "12:00:00", "12:00:00", "12:00:00")


@pytest.mark.parametrize(
    ("clocks", "name", "order"),
    [
        (MINUTES, str, "newest first"),
        (DATES, str, "newest first"),
        (DATES, "M-{}".format, "newest thread first"),
        (DATES, lambda number: f"MSG-2024-{number:06}", "newest first"),
        (LONG, lambda number: f"MSG-2024-{number:06}", "newest first"),
        (LONG, "M-{}".format, "by id"),
    ],
)
def test_ids_tell_which_of_one_time_was_first(shaped, clocks, name, order):
    rows = drop(clocks, name)
    given = rows
    if order == "newest first":
        given = rows[::-1]
    elif order == "newest thread first":
        given = sorted(rows, key=lambda row: row["ticket_id"], reverse=True)
    assert shown(shaped, given) == by_thread(rows)
    assert doubted(shaped, "order_unknown") == {}


@pytest.mark.parametrize(("clocks", "newest_first"), [(MINUTES, True), (MINUTES, False), (LONG, True)])
def test_where_ids_are_no_order_the_file_tells_in_the_way_it_runs(shaped, clocks, newest_first):
    rows = drop(clocks, key_of)
    assert shown(shaped, rows[::-1] if newest_first else rows) == by_thread(rows)
    assert doubted(shaped, "order_unknown") == {}


def test_ids_in_which_times_go_back_do_not_decide(shaped):
    rows = drop(MINUTES, lambda number: str(1000 - number))
    assert shown(shaped, rows) == by_thread(rows)
    assert doubted(shaped, "order_unknown") == {}


@pytest.mark.parametrize("clocks", [DATES, MINUTES])
def test_where_neither_ids_nor_the_file_tell_it_is_a_doubt(shaped, clocks):
    rows = drop(clocks, key_of)
    shown(shaped, shuffled(rows))
    of_one_time = {row["message_id"] for row in rows if clocks.count(f"{row['created_at']:%H:%M:%S}") > 1}
    assert set(doubted(shaped, "order_unknown")) == of_one_time


def test_numbers_decide_and_are_a_doubt_where_no_time_bears_them_out_and_the_file_has_another_order(shaped):
    rows = drop(DATES, str)
    assert shown(shaped, shuffled(rows)) == by_thread(rows)
    assert doubted(shaped, "order_unknown")


def test_what_programs_add_and_what_was_sent_twice_is_no_doubt(shaped):
    rows = [message(key_of(1)), agent_message(key_of(2), kind="status_change"), message(key_of(3), body="Body"),
            message(key_of(4), "T2", body="Same"), message(key_of(5), "T2", body="Same")]  # fmt: skip
    rows[0]["created_at"] = rows[1]["created_at"] = time("10:05:00")
    shown(shaped, rows)
    assert doubted(shaped, "order_unknown") == {}
