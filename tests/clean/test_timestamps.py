"""Every spelling of a time: what it is in UTC, or which rule it breaks."""

from datetime import UTC, datetime

import polars as pl
import pytest

from migration_assets.clean.timestamps import Clock, read_timestamps, to_seconds

LATEST = datetime(2024, 12, 31, tzinfo=UTC).replace(tzinfo=None)
BERLIN = Clock("Europe/Berlin", LATEST)


def read(text, order=None, clock=BERLIN):
    parsed = read_timestamps(pl.Series([text], dtype=pl.String), pl.Series([order], dtype=pl.String), clock)
    value = parsed.values[0]
    return (value.isoformat(sep=" ") if isinstance(value, datetime) else value), parsed.rules[0]


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2024-03-05T10:00:00Z", "2024-03-05 10:00:00"),
        ("2024-03-05t10:00:00Z".replace("t", "T"), "2024-03-05 10:00:00"),
        ("2024-03-05 10:00", "2024-03-05 09:00:00"),
        ("2024-07-05 10:00", "2024-07-05 08:00:00"),
        ("2024-03-05", "2024-03-04 23:00:00"),
        ("2024/03/05 10:00:30", "2024-03-05 09:00:30"),
        ("2024-03-05T10:00:00.123+02:00", "2024-03-05 08:00:00.123000"),
        ("2024-03-05T10:00:00.1234567Z", "2024-03-05 10:00:00.123456"),
        ("2024-03-05T10:00:00+0530", "2024-03-05 04:30:00"),
        ("2024-03-05 10:00:00 -05", "2024-03-05 15:00:00"),
        ("2024-03-05 10:00:00 UTC", "2024-03-05 10:00:00"),
        ("05.03.2024 10:00", "2024-03-05 09:00:00"),
        ("5. 3. 2024", "2024-03-04 23:00:00"),
        ("05.03.2024, 10:00:01", "2024-03-05 09:00:01"),
        ("25/03/2024 08:00", "2024-03-25 07:00:00"),
        ("03/25/2024 8:05 PM", "2024-03-25 19:05:00"),
        ("05/05/2024", "2024-05-04 22:00:00"),
        ("25-03-2024", "2024-03-24 23:00:00"),
        ("5 March 2024 10:00", "2024-03-05 09:00:00"),
        ("Mar 5, 2024 12:00 AM", "2024-03-04 23:00:00"),
        ("5. März 2024", "2024-03-04 23:00:00"),
        ("5 août 2024", "2024-08-04 22:00:00"),
        ("Mon, 04 Mar 2024 10:00:00 +0000", "2024-03-04 10:00:00"),
        ("45306", "2024-01-14 23:00:00"),
        ("45306.5", "2024-01-15 11:00:00"),
        ("45306,75", "2024-01-15 17:00:00"),
        ("1709632800", "2024-03-05 10:00:00"),
        ("1709632800123", "2024-03-05 10:00:00.123000"),
        ("2024-10-27 02:30", "2024-10-27 00:30:00"),  # twice that night: the earlier
    ],
)
def test_spelling_is_read(text, utc):
    assert read(text) == (utc, None)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("2024-03-31 02:30", "dst_gap"),
        ("05/03/2024 10:00", "ambiguous_date"),
        ("05-03-2024", "ambiguous_date"),
        ("31/04/2024", "impossible_date"),
        ("13/13/2024", "impossible_date"),
        ("2023-02-29", "impossible_date"),
        ("0", "impossible_date"),
        ("1970-01-01T00:00:00Z", "impossible_date"),
        ("0001-01-01", "impossible_date"),
        ("1900-01-01 00:00", "impossible_date"),
        ("2025-01-02", "impossible_date"),
        ("2024-03-05 24:00", "bad_timestamp"),
        ("2024-03-05 13:05 PM", "bad_timestamp"),
        ("5 Foo 2024", "bad_timestamp"),
        ("99999", "bad_timestamp"),
        ("20000", "bad_timestamp"),
    ],
)
def test_spelling_is_refused(text, rule):
    assert read(text) == (None, rule)


@pytest.mark.parametrize(
    ("order", "text", "expected"),
    [
        ("dmy", "05/03/2024", ("2024-03-04 23:00:00", None)),
        ("mdy", "05/03/2024", ("2024-05-02 22:00:00", None)),
        ("mixed", "05/03/2024", (None, "ambiguous_date")),
        ("mixed", "25/03/2024", ("2024-03-24 23:00:00", None)),
        ("mixed", "03/25/2024", ("2024-03-24 23:00:00", None)),
        ("mixed", "04/04/2024", ("2024-04-03 22:00:00", None)),
        ("mdy", "05.03.2024", ("2024-03-04 23:00:00", None)),  # dots: the day is first whatever the slashes do
    ],
)
def test_order_decides_slashes_only(order, text, expected):
    assert read(text, order) == expected


def test_empty_is_neither_value_nor_fault():
    assert read(None) == (None, None)


def test_overlap_is_noted():
    column = pl.Series(["2024-10-27 02:30", "2024-10-27 02:30+01:00", "2024-10-28 02:30"])
    parsed = read_timestamps(column, pl.Series([None] * 3, dtype=pl.String), BERLIN)
    assert parsed.notes == {"dst_overlap": 1}
    assert parsed.values[1].isoformat() == "2024-10-27T01:30:00"


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo", "UTC"])
@pytest.mark.parametrize("text", ["1970-01-01", "01.01.1970 00:00", "25569", "0", "9999-12-31", "0001-01-01 00:00:00"])
def test_times_that_stand_for_nothing_are_none_in_any_zone_and_without_a_time_of_export(zone, text):
    assert read(text, clock=Clock(zone, None)) == (None, "impossible_date")


def test_latest_is_one_day_after_the_export_or_unbounded():
    assert read("2024-12-30 23:59:59") == ("2024-12-30 22:59:59", None)
    assert read("2031-01-01", clock=Clock("Europe/Berlin", None)) == ("2030-12-31 23:00:00", None)


@pytest.mark.parametrize(
    ("text", "seconds", "rule"),
    [
        ("2024-03-05", 1709596800, None),  # a bare day is midnight UTC, whatever the zone
        ("05.03.2024", 1709596800, None),
        ("45356", 1709596800, None),
        ("2024-03-05 10:00", 1709629200, None),
        ("2100-01-01", 4102444800, None),  # a contract may end in the future
        ("1960-01-01", None, "impossible_date"),
        ("9 Foo 2024", None, "bad_date"),
    ],
)
def test_custom_dates_become_unix_seconds(text, seconds, rule):
    clock = Clock("Europe/Berlin", LATEST, days=True)
    parsed = to_seconds(read_timestamps(pl.Series([text]), pl.Series([None], dtype=pl.String), clock))
    assert (parsed.values[0], parsed.rules[0]) == (seconds, rule)
