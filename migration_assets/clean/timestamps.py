"""Dates and times as people's programs write them, read into UTC, or refused with the rule they break.

The day/month order of 05/03/2024 comes from `profile` (the column's evidence, or the mapping); nothing here
guesses it. With dots the day is always first, with the year first the month always follows.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import polars as pl

from migration_assets.clean.parsed import Parsed
from schemas.column_types import CALENDAR

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar jänner janvier janv",
            "feb february februar février fevrier févr",
            "mar march märz maerz mär mrz mars",
            "apr april avril avr",
            "may mai",
            "jun june juni juin",
            "jul july juli juillet juil",
            "aug august août aout",
            "sep sept september septembre",
            "oct october okt oktober octobre",
            "nov november novembre",
            "dec december dez dezember décembre decembre déc",
        ),
        start=1,
    )
    for name in names.split()
}
"""Months by their English, German and French names, lower case."""

FOREVER = datetime(2100, 1, 1)  # noqa: DTZ001 - instants are UTC without a zone
"""No record is from later, whenever it was exported: 9999-12-31 stands for nothing."""

_PARTS = ["year", "month", "day"]


@dataclass(frozen=True)
class Clock:
    """How the extract's times are read: its zone, the latest instant that can be (UTC), and the kind of column.

    `days` is for custom dates: a day without a time is midnight UTC, not midnight in the zone.
    """

    zone: str
    latest: datetime | None
    days: bool = False


def read_timestamps(text: pl.Series, order: pl.Series, clock: Clock) -> Parsed:
    """Read texts that match a shape of kind timestamp or date into instants in UTC.

    `order` says per row what 05/03/2024 is: dmy, mdy, mixed (both occur in the column) or NULL (nothing tells).
    Rules: ambiguous_date, impossible_date, dst_gap, bad_timestamp (bad_date where `clock.days`).
    The note `dst_overlap` counts local times that were twice; the earlier was taken, and `later` has the other.
    """
    frame = pl.DataFrame({"text": text, "order": order.cast(pl.String)})
    frame = frame.with_columns(pl.col("text").str.extract_groups(CALENDAR).alias("part")).unnest("part")
    frame = frame.with_columns(_day_parts()).with_columns(_local(), *_counted(), _offset_minutes(), _unsure())
    # Numbers other than a spreadsheet's day count are instants already; day counts are local times.
    frame = frame.with_columns(pl.coalesce("local", "serial").alias("local"))
    dated = _to_utc(frame, clock)
    fault = "bad_date" if clock.days else "bad_timestamp"
    ruled = dated.with_columns(_rule(clock, fault))
    values = pl.when(pl.col("rule").is_null()).then(pl.col("instant")).alias("value")
    later = pl.when(pl.col("rule").is_null()).then(pl.col("later")).alias("later")
    out = ruled.select(values, "rule", later)
    overlaps = out["later"].count()
    return Parsed(out["value"], out["rule"], {"dst_overlap": overlaps} if overlaps else {}, later=out["later"])


def to_seconds(parsed: Parsed) -> Parsed:
    """Turn instants into unix seconds."""
    return Parsed(parsed.values.dt.epoch("s"), parsed.rules, parsed.notes)


def _named(column: str) -> pl.Expr:
    return pl.col(column).str.to_lowercase().replace_strict(MONTHS, default=None, return_dtype=pl.Int64)


def _day_parts() -> list[pl.Expr]:
    number = {
        name: pl.col(name).cast(pl.Int64, strict=False) for name in ("a", "b", "m1", "m2", "d1", "d2", "d4", "d5")
    }
    # 25/03 and 05/05 need no evidence; of mixed columns only such values are read.
    slash_day = (
        pl.when((number["a"] == number["b"]) | (number["a"] > 12)).then(number["a"])
        .when(number["b"] > 12).then(number["b"])
        .when(pl.col("order") == "dmy").then(number["a"])
        .when(pl.col("order") == "mdy").then(number["b"])
    )  # fmt: skip
    slash_month = number["a"] + number["b"] - slash_day
    return [
        pl.coalesce("y1", "y2", "y3", "y4", "y5").cast(pl.Int64, strict=False).alias("year"),
        pl.coalesce(number["m1"], number["m2"], slash_month, _named("m4"), _named("m5")).alias("month"),
        pl.coalesce(number["d1"], number["d2"], slash_day, number["d4"], number["d5"]).alias("day"),
    ]


def _unsure() -> pl.Expr:
    return (pl.col("a").is_not_null() & pl.col("day").is_null()).alias("unsure")


def _local() -> pl.Expr:
    """The date and time as written, without zone; NULL where there is no such day or time."""
    hour = pl.col("hour").cast(pl.Int64)
    half = pl.col("half").str.slice(0, 1).str.to_lowercase()
    twelve = pl.when(hour.is_between(1, 12)).then(hour % 12 + pl.when(half == "p").then(12).otherwise(0))
    hour = pl.when(half.is_null()).then(hour.fill_null(0)).otherwise(twelve)
    return (
        pl.format(
            "{}-{}-{} {}:{}:{}.{}",
            pl.col("year").cast(pl.String).str.zfill(4),
            pl.col("month").cast(pl.String).str.zfill(2),
            pl.col("day").cast(pl.String).str.zfill(2),
            hour.cast(pl.String).str.zfill(2),
            pl.col("minute").fill_null("00"),
            pl.col("second").fill_null("00"),
            pl.col("fraction").fill_null("0").str.pad_end(6, "0").str.slice(0, 6),
        )
        .str.to_datetime("%Y-%m-%d %H:%M:%S%.f", strict=False, time_unit="us")
        .alias("local")
    )


def _counted() -> list[pl.Expr]:
    """Numbers: `serial`, a local time from a spreadsheet's day count, or `epoch`, an instant."""
    number = pl.when(pl.col("year").is_null()).then(pl.col("text").str.replace(",", "."))
    days = pl.when(number.str.contains(r"^[0-9]{5}(?:\.|$)")).then(number).cast(pl.Float64, strict=False)
    days = pl.when(days.is_between(25569, 60000)).then(days)
    since = ((days - 25569) * 86_400).round().cast(pl.Int64)
    whole = number.str.extract(r"^(0$|[0-9]{10}(?:\.|$)|[0-9]{13}$)").str.strip_chars_end(".")
    scale = pl.when(whole.str.len_chars() == 13).then(1_000).otherwise(1_000_000)
    return [
        (since * 1_000_000).cast(pl.Datetime("us")).alias("serial"),
        (whole.cast(pl.Int64, strict=False) * scale).cast(pl.Datetime("us")).alias("epoch"),
        number.is_not_null().alias("counted"),
    ]


def _offset_minutes() -> pl.Expr:
    """The written zone in minutes east of UTC; NULL where none is written."""
    digits = pl.col("zone").str.replace(":", "")
    minutes = digits.str.slice(1, 2).cast(pl.Int64, strict=False) * 60
    minutes += digits.str.slice(3, 2).cast(pl.Int64, strict=False).fill_null(0)
    signed = pl.when(digits.str.starts_with("-")).then(-minutes).otherwise(minutes)
    named = pl.col("zone").str.to_uppercase().is_in(["Z", "UTC", "GMT"])
    return pl.when(named).then(0).otherwise(signed).cast(pl.Int64).alias("offset")


def _to_utc(frame: pl.DataFrame, clock: Clock) -> pl.DataFrame:
    def instant(ambiguous: Literal["earliest", "latest"]) -> pl.Expr:
        zoned = pl.col("local").dt.replace_time_zone(clock.zone, ambiguous=ambiguous, non_existent="null")
        return zoned.dt.convert_time_zone("UTC").dt.replace_time_zone(None)

    written = pl.col("local") - pl.duration(minutes=pl.col("offset"))
    timeless = pl.col("hour").is_null() & (pl.col("serial").is_null() | (pl.col("serial").dt.time() == pl.time(0)))
    bare_day = timeless if clock.days else pl.lit(value=False)
    read = pl.when(pl.col("offset").is_not_null()).then(written).when(bare_day).then(pl.col("local"))
    in_zone = pl.col("offset").is_null() & pl.col("local").is_not_null() & ~bare_day
    return frame.with_columns(
        pl.coalesce("epoch", read.otherwise(instant("earliest"))).alias("instant"),
        pl.when(in_zone & (instant("earliest") != instant("latest"))).then(instant("latest")).alias("later"),
    )


def _rule(clock: Clock, fault: str) -> pl.Expr:
    early = pl.col("instant") < datetime(1970, 1, 1)  # noqa: DTZ001 - instants are UTC without a zone
    # Programs write 0 for a time that was never set, in any zone: 1970-01-01 00:00 is 5 in the morning UTC in New York.
    unset = (pl.col("instant").dt.epoch("s") == 0) | (pl.col("local").dt.epoch("s") == 0)
    latest = datetime(2200, 1, 1) if clock.days else clock.latest or FOREVER  # noqa: DTZ001
    late = pl.col("instant") > latest
    # A bare month name that is none, or 13:05 PM, is not a date; 31 April is one that cannot be.
    calendar = pl.all_horizontal(pl.col(_PARTS).is_not_null())
    real_time = pl.col("hour").is_null() | (
        (pl.col("hour").cast(pl.Int64) <= pl.when(pl.col("half").is_null()).then(23).otherwise(12))
        & (pl.col("minute").cast(pl.Int64) <= 59)
        & (pl.col("second").cast(pl.Int64).fill_null(0) <= 59)
    )
    return (
        pl.when(pl.col("text").is_null()).then(None)
        .when(pl.col("unsure")).then(pl.lit("ambiguous_date"))
        .when(pl.col("local").is_null() & pl.col("epoch").is_null() & calendar & real_time)
        .then(pl.lit("impossible_date"))
        .when(pl.col("local").is_null() & pl.col("epoch").is_null()).then(pl.lit(fault))
        .when(pl.col("instant").is_null()).then(pl.lit("dst_gap"))
        .when(early | unset | late).then(pl.lit("impossible_date"))
        .alias("rule")
    )  # fmt: skip


def one_day_after(exported_at: datetime | None) -> datetime | None:
    """Return the latest instant that a record of the extract can bear: a day of slack for clocks that differ."""
    return exported_at + timedelta(days=1) if exported_at else None
