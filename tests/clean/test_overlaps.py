"""The hour that the clocks show twice: which of the two instants each time of a thread means."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

BERLIN = "2024-10-27 "


def tickets(*times, **more):
    return [
        {"ticket_id": f"{301 + n}", "subject": "s", "status": "Open", "customer_id": "1", "created_at": time} | more
        for n, time in enumerate(times)
    ]


def message(key, time, ticket="301", **more):
    return {"message_id": str(key), "ticket_id": ticket, "kind": "Reply", "created_at": time, "body": "b"} | more


def clean(lab, ticket_rows, message_rows, zone="Europe/Berlin"):
    lab.extract(zone)
    lab.empty("companies", "agents")
    lab.land("tickets", ticket_rows)
    lab.clean("tickets")
    lab.land("messages", message_rows)
    lab.clean("messages")


def shown(lab, table="messages", column="created_at"):
    return [row[column] and row[column].strftime("%H:%M") for row in lab.table(table)]


def settled(lab, name="messages", column="created_at"):
    """How many are settled and how many are open, as the findings say."""
    rows = lab.rows(
        f"SELECT code, rows FROM clean.findings WHERE object = '{name}' AND \"column\" = '{column}' "
        "AND starts_with(code, 'dst_overlap')"
    )
    found = {row["code"]: row["rows"] for row in rows}
    return found.get("dst_overlap_settled", 0), found.get("dst_overlap", 0)


def local(*times):
    return [message(n, BERLIN + time) for n, time in enumerate(times, 1)]


def test_a_thread_that_runs_on_while_the_clock_runs_back_is_read_in_its_order(lab):
    clean(lab, tickets(BERLIN + "02:50"), local("02:50", "02:05", "02:40", "03:10"))
    assert shown(lab) == ["00:50", "01:05", "01:40", "02:10"]
    assert shown(lab, "tickets") == ["00:50"]
    assert settled(lab) == (3, 0)
    assert settled(lab, "tickets") == (1, 0)


@pytest.mark.parametrize(
    ("zone", "night", "times", "utc"),
    [
        ("Australia/Lord_Howe", "2024-04-07 ", ["01:25", "01:50", "01:35"], ["14:25", "14:50", "15:05"]),
        ("Australia/Sydney", "2024-04-07 ", ["01:59", "02:30", "02:10", "03:00"], ["14:59", "15:30", "16:10", "17:00"]),
        ("America/New_York", "2023-11-05 ", ["00:50", "01:20", "01:10"], ["04:50", "05:20", "06:10"]),
        ("America/Santiago", "2024-04-06 ", ["22:59", "23:50", "23:01"], ["01:59", "02:50", "03:01"]),
        ("Atlantic/Azores", "2024-10-27 ", ["00:45", "00:15", "00:50"], ["00:45", "01:15", "01:50"]),
    ],
)  # fmt: skip
def test_other_zones_put_their_clocks_back_elsewhere_and_by_less(lab, zone, night, times, utc):
    clean(lab, tickets(night + times[0]), [message(n, night + time) for n, time in enumerate(times, 1)], zone)
    assert shown(lab) == utc


@pytest.mark.parametrize("names", [["A-9", "A-10", "A-11"], ["2024-000009", "2024-000010", "2024-000011"]])
def test_ids_that_are_not_numbers_count_by_the_numbers_in_them(lab, names):
    times = ["02:50", "02:05", "02:40"]
    clean(lab, tickets(BERLIN + "02:50"), [message(k, BERLIN + t) for k, t in zip(names, times, strict=True)])
    assert shown(lab) == ["00:50", "01:05", "01:40"]


def test_ids_that_tell_nothing_leave_it_to_the_file(lab):
    names = ["f3a9c1d2e4", "0b7e55aa91", "9c2d41ffe0"]
    times = ["02:50", "02:05", "02:40"]
    clean(lab, tickets(BERLIN + "02:50"), [message(k, BERLIN + t) for k, t in zip(names, times, strict=True)])
    assert shown(lab) == ["00:50", "01:05", "01:40"]


def test_where_ids_and_file_contradict_each_other_it_is_open_and_said(lab):
    rows = [message(2, BERLIN + "02:50"), message(1, BERLIN + "02:05"), message(3, BERLIN + "02:10")]
    clean(lab, tickets(BERLIN + "01:00"), rows)
    assert shown(lab) == ["00:50", "00:05", "00:10"]
    assert settled(lab) == (0, 3)


def test_a_file_with_the_newest_first_is_read_from_its_end(lab):
    before = [message(n, f"2024-09-{n:02} 10:00", ticket="302") for n in range(1, 9)]
    rows = [*before, message(11, BERLIN + "02:50"), message(12, BERLIN + "02:05"), message(13, BERLIN + "02:40")]
    clean(lab, tickets(BERLIN + "02:50", "2024-09-01 10:00"), rows[::-1])
    assert shown(lab)[:3] == ["01:40", "01:05", "00:50"]


def test_several_files_are_each_in_their_own_order_and_ids_go_through_all(lab):
    rows = [
        message(2, BERLIN + "02:05", _file="messages-a.csv"),
        message(4, BERLIN + "03:10", _file="messages-a.csv"),
        message(1, BERLIN + "02:50", _file="messages-b.csv"),
        message(3, BERLIN + "02:40", _file="messages-b.csv"),
    ]
    clean(lab, tickets(BERLIN + "02:50"), rows)
    assert shown(lab) == ["01:05", "02:10", "00:50", "01:40"]


def test_certain_times_of_the_same_thread_and_of_its_ticket_decide_too(lab):
    rows = [
        message(1, BERLIN + "02:10", ticket="301"),  # its ticket was opened at 00:55 UTC: the second pass
        message(2, "2024-10-27T01:20:00Z", ticket="302"),
        message(3, BERLIN + "02:30", ticket="302"),  # after 01:20 UTC
        message(4, BERLIN + "02:15", ticket="303"),  # before 00:30 UTC
        message(5, "2024-10-27T00:30:00Z", ticket="303"),
    ]
    clean(lab, tickets("2024-10-27T00:55:00Z", BERLIN + "01:00", BERLIN + "01:00"), rows)
    assert shown(lab) == ["01:10", "01:20", "01:30", "00:15", "00:30"]
    assert settled(lab) == (3, 0)


def test_what_the_thread_leaves_open_takes_the_earlier_and_says_so(lab):
    clean(lab, tickets(BERLIN + "01:00", BERLIN + "02:30"), [*local("02:10", "02:20"), message(9, BERLIN + "04:00")])
    assert shown(lab) == ["00:10", "00:20", "03:00"]
    assert settled(lab) == (0, 2)
    assert settled(lab, "tickets") == (0, 1)


def test_a_tickets_own_times_follow_its_opening_and_its_messages(lab):
    rows = tickets(BERLIN + "02:50", BERLIN + "02:10", BERLIN + "02:50", BERLIN + "02:50")
    rows[0] |= {"closed_at": BERLIN + "02:20", "updated_at": BERLIN + "02:25"}  # no message: after its opening
    rows[1] |= {"closed_at": BERLIN + "02:30", "updated_at": BERLIN + "02:30"}  # after its last message, 01:20 UTC
    rows[2] |= {"closed_at": BERLIN + "02:55"}  # nothing says that it was not five minutes later
    texts = [
        message(1, BERLIN + "02:40", ticket="302"),
        message(2, BERLIN + "02:20", ticket="302"),
        message(3, "2024-10-27T01:50:10Z", ticket="304"),  # written with the ticket, an hour later than it could be
    ]
    clean(lab, rows, texts)
    assert shown(lab, "tickets") == ["00:50", "00:10", "00:50", "01:50"]
    assert shown(lab, "tickets", "closed_at") == ["01:20", "01:30", "00:55", None]
    assert shown(lab, "tickets", "updated_at") == ["01:25", "01:30", None, None]


def test_a_customers_last_change_is_not_before_the_first(lab):
    lab.empty("companies", "agents")
    rows = [
        {"customer_id": "1", "name": "a", "created_at": BERLIN + "02:50", "updated_at": BERLIN + "02:10"},
        {"customer_id": "2", "name": "b", "created_at": BERLIN + "02:10", "updated_at": BERLIN + "02:50"},
    ]
    lab.land("customers", rows)
    lab.clean("customers")
    assert shown(lab, "customers", "updated_at") == ["01:10", "00:50"]
    assert settled(lab, "customers", "updated_at") == (1, 1)
    assert settled(lab, "customers") == (0, 2)


def test_it_is_the_same_when_messages_are_cleaned_again_in_small_batches(lab):
    clean(lab, tickets(BERLIN + "02:50"), local("02:50", "02:05", "02:40", "03:10"))
    before = shown(lab), shown(lab, "tickets"), settled(lab)
    lab.clean("messages", batch_rows=2)
    assert (shown(lab), shown(lab, "tickets"), settled(lab)) == before


NIGHTS = {
    "Europe/Berlin": datetime.fromisoformat("2024-10-27 01:00"),
    "Australia/Lord_Howe": datetime.fromisoformat("2024-04-06 15:00"),
    "America/New_York": datetime.fromisoformat("2023-11-05 06:00"),
}  # when each puts its clocks back, in UTC


def could_be(zone, text):
    """Every instant in UTC that a local time may mean."""
    moment = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
    return sorted({moment.replace(fold=fold).astimezone(ZoneInfo("UTC")).replace(tzinfo=None) for fold in (0, 1)})


def bounds(choices):
    """Of every time in a thread the earliest and the latest that it can be while the thread runs forward."""
    low, high = [], []
    for one in choices:
        low.append(min(value for value in one if not low or value >= low[-1]))
    for one in reversed(choices):
        high.append(max(value for value in one if not high or value <= high[-1]))
    return list(zip(low, reversed(high), strict=True))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    zone=st.sampled_from(sorted(NIGHTS)),
    threads=st.lists(st.lists(st.integers(-100, 130), min_size=1, max_size=7).map(sorted), min_size=1, max_size=5),
    marked=st.integers(2, 6),
)
def test_threads_whose_order_is_known_come_out_in_it_and_as_they_were(lab, zone, threads, marked):
    """`threads` are minutes around the change; every so many-th message is written with its offset."""
    rows, truth = [], []
    for number, minutes in enumerate(threads):
        for minute in minutes:
            moment = NIGHTS[zone] + timedelta(minutes=minute)
            wall = moment.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(zone))
            certain = len(rows) % marked == 0
            text = f"{moment.isoformat()}Z" if certain else wall.replace(tzinfo=None).isoformat(sep=" ")
            rows.append(message(len(rows) + 1, text, ticket=str(301 + number)))
            truth.append((number, moment, [moment] if certain else could_be(zone, text)))
    clean(lab, tickets(*["2023-01-01T00:00:00Z" for _ in threads]), rows, zone)
    read = [row["created_at"] for row in lab.table("messages")]
    for number, _ in enumerate(threads):
        mine = [index for index, (thread, *_) in enumerate(truth) if thread == number]
        assert [read[index] for index in mine] == sorted(read[index] for index in mine)
        for index, (low, high) in zip(mine, bounds([truth[index][2] for index in mine]), strict=True):
            assert read[index] == low
            if low == high:
                assert read[index] == truth[index][1]
