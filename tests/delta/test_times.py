"""The migration window, the hours for large loads, the days of hypercare: decisions over given moments."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from pydantic import ValidationError

from migration_assets.delta.times import cutover_at, outside_hypercare, outside_window
from migration_assets.writing.off_peak import large_load, next_order
from resources.journal import Command, RunCommand
from schemas.hours import parse_hours
from schemas.settings import Settings

BERLIN = "Europe/Berlin"


def moment(text):
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("now", "inside"),
    [
        ("2026-11-01T22:59:00+00:00", False),
        ("2026-11-01T23:00:00+00:00", True),  # midnight of the 2nd in Berlin
        ("2026-11-05T22:59:59+00:00", True),
        ("2026-11-05T23:00:00+00:00", False),
    ],
)
def test_the_window_is_whole_days_of_its_zone(now, inside):
    reason = outside_window(moment(now), BERLIN, date(2026, 11, 2), date(2026, 11, 5))
    assert (reason is None) is inside
    if reason:
        assert "begins on 2026-11-02" in reason or "ended on 2026-11-05" in reason


def test_without_a_start_there_is_no_window_and_without_an_end_it_goes_on():
    now = moment("2026-11-05T12:00:00+00:00")
    assert "MIGRATION_WINDOW_START is not set" in outside_window(now, "UTC", None, None)
    assert outside_window(now, "UTC", date(2020, 1, 1), None) is None


@pytest.mark.parametrize(
    ("hours", "now", "inside", "opens"),
    [
        ("20:00-06:00", "2026-11-01T21:00:00+00:00", True, "2026-11-01T21:00:00+00:00"),
        ("20:00-06:00", "2026-11-01T04:59:00+00:00", True, "2026-11-01T04:59:00+00:00"),
        ("20:00-06:00", "2026-11-01T05:00:00+00:00", False, "2026-11-01T19:00:00+00:00"),
        ("01:00-05:00", "2026-11-01T12:00:00+00:00", False, "2026-11-02T00:00:00+00:00"),
        ("01:00-05:00", "2026-11-01T00:00:00+00:00", True, "2026-11-01T00:00:00+00:00"),
    ],
)
def test_hours_by_the_clock_of_their_zone(hours, now, inside, opens):
    found = parse_hours(hours, BERLIN)
    assert found.inside(moment(now)) is inside
    assert found.opens(moment(now)) == moment(opens)


def test_hours_open_at_their_own_time_after_the_clocks_were_changed():
    found = parse_hours("20:00-06:00", BERLIN)
    assert found.opens(moment("2026-10-24T10:00:00+00:00")) == moment("2026-10-24T18:00:00+00:00")
    assert found.opens(moment("2026-10-25T10:00:00+00:00")) == moment("2026-10-25T19:00:00+00:00")


@pytest.mark.parametrize("wrong", ["20-06", "25:00-06:00", "20:00-20:00", ""])
def test_hours_that_are_none_are_refused(wrong):
    with pytest.raises(ValueError, match="hours such as 20:00-06:00"):
        parse_hours(wrong, "UTC")


DAY, NIGHT = moment("2026-11-01T12:00:00+00:00"), moment("2026-11-01T22:00:00+00:00")
LARGE = large_load(parse_hours("20:00-06:00", "UTC"), 60_000, 50_000)
OURS, THEIRS = LARGE.asks, "anna on desk"


def test_only_a_large_load_keeps_to_the_hours():
    hours = parse_hours("20:00-06:00", "UTC")
    assert large_load(hours, 50_000, 50_000) is None
    assert large_load(None, 60_000, 50_000) is None
    assert "60,000 records are planned, more than 50,000" in LARGE.asks


@pytest.mark.parametrize(
    ("order", "now", "wish"),
    [
        (RunCommand(), DAY, Command.PAUSE),
        (RunCommand(), NIGHT, None),
        (RunCommand(Command.PAUSE, OURS), DAY, None),
        (RunCommand(Command.PAUSE, OURS), NIGHT, Command.GO),
        (RunCommand(Command.GO, OURS), DAY, Command.PAUSE),  # the next morning
        (RunCommand(Command.GO, THEIRS), DAY, None),  # somebody wants it to go on all the same
        (RunCommand(Command.PAUSE, THEIRS), NIGHT, None),  # whoever paused it lets it go on
        (RunCommand(Command.STOP, THEIRS), DAY, None),
    ],
)
def test_the_clock_gives_an_order_only_where_nobody_has(order, now, wish):
    given = next_order(LARGE, order, now)
    assert (given and given.command) == wish
    assert given is None or given.asked_by == OURS


def test_hypercare_lasts_its_days():
    cutover = moment("2026-11-01T20:00:00+00:00")
    assert "no cutover yet" in outside_hypercare(cutover, None, 14)
    assert outside_hypercare(cutover + timedelta(days=13, hours=23), cutover, 14) is None
    assert "ended on 2026-11-15, 14 days after" in outside_hypercare(cutover + timedelta(days=14), cutover, 14)


def test_only_a_cutover_that_came_to_its_end_counts():
    runs = pl.DataFrame(
        {
            "frozen_at": [1.0, None, 2.0, 3.0],
            "status": ["complete", "complete", "complete", "running"],
            "ended": [10.0, 20.0, 30.0, None],
        }
    )
    assert cutover_at(runs) == datetime.fromtimestamp(30, UTC)
    assert cutover_at(runs.filter(pl.col("status") == "running")) is None


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"time_zone": "Mars"}, "IANA time zone"),
        ({"delta_cron": "every day"}, "five fields"),
        ({"delta_cron": ";"}, "five fields"),
        ({"off_peak": "8 to 9"}, "MIGRATION_OFF_PEAK: hours such as"),
        ({"window_end": "2026-11-01"}, "MIGRATION_WINDOW_START is not"),
        ({"window_start": "2026-11-02", "window_end": "2026-11-01"}, "is before"),
    ],
)
def test_a_setting_that_makes_no_sense_is_said(given, says):
    with pytest.raises(ValidationError, match=says):
        Settings(**given)
