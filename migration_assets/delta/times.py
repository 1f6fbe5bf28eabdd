"""Whether a run may begin by itself now: the migration window, and the days after the cutover. Pure decisions."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl


def outside_window(now: datetime, zone: str, start: date | None, end: date | None) -> str | None:
    """Say why no delta run begins now, or None inside the window; both days belong to it."""
    today = now.astimezone(ZoneInfo(zone)).date()
    if start is None:
        return "There is no migration window: MIGRATION_WINDOW_START is not set."
    if today < start:
        return f"The migration window begins on {start}; today is {today} in {zone}."
    if end is not None and today > end:
        return f"The migration window ended on {end}; today is {today} in {zone}."
    return None


def outside_hypercare(now: datetime, cutover: datetime | None, days: int) -> str | None:
    """Say why nothing is looked at now, or None within `days` days of the cutover."""
    if cutover is None:
        return "There was no cutover yet: hypercare begins with it."
    end = cutover + timedelta(days=days)
    if now >= end:
        return f"Hypercare ended on {end.astimezone(UTC):%Y-%m-%d}, {days} days after the cutover."
    return None


def cutover_at(runs: pl.DataFrame) -> datetime | None:
    """Return when the last cutover ended, from the journal's runs, oldest first; None where none was completed."""
    done = runs.filter(pl.col("frozen_at").is_not_null() & (pl.col("status") == "complete"))
    return datetime.fromtimestamp(done["ended"][-1], UTC) if done.height else None
