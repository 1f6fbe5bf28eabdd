"""The settings of what runs by itself: new drops, the migration window, the hours for large loads, hypercare."""

from datetime import date
from pathlib import Path
from typing import Self
from zoneinfo import available_timezones

from pydantic import AliasChoices, Field, field_validator, model_validator
from pydantic_settings import BaseSettings

from schemas.hours import parse_hours
from schemas.paths import absolute


class WindowSettings(BaseSettings):
    """When runs begin by themselves. Nothing does unless one of these is set."""

    drops: Path | None = Field(
        default=None,
        validation_alias=AliasChoices("MIGRATION_DROPS", "drops"),
        description="The folder into which drops are put, each in a folder of its own. Set: each new one that is whole "
        "is loaded by itself (the sensor new_drop).",
    )
    drop_quiet_seconds: float = Field(
        default=120.0,
        ge=0,
        validation_alias=AliasChoices("MIGRATION_DROP_QUIET_SECONDS", "drop_quiet_seconds"),
        description="Seconds for which nothing in a drop may have changed before it counts as whole.",
    )
    time_zone: str = Field(
        default="UTC",
        validation_alias=AliasChoices("MIGRATION_TIMEZONE", "time_zone"),
        description="The time zone of the window, of the times in it and of the hours for large loads.",
    )
    window_start: date | None = Field(
        default=None,
        validation_alias=AliasChoices("MIGRATION_WINDOW_START", "window_start"),
        description="The first day of the migration window, such as 2026-11-02. Set: delta runs begin by themselves.",
    )
    window_end: date | None = Field(
        default=None,
        validation_alias=AliasChoices("MIGRATION_WINDOW_END", "window_end"),
        description="The last day of the migration window. Unset: it has no end.",
    )
    delta_cron: str = Field(
        default="0 2 * * *",
        validation_alias=AliasChoices("MIGRATION_DELTA_CRON", "delta_cron"),
        description="When delta runs begin in the window, as cron says it; several are separated by semicolons.",
    )
    off_peak: str | None = Field(
        default=None,
        validation_alias=AliasChoices("MIGRATION_OFF_PEAK", "off_peak"),
        description="The hours in which large loads may write, such as 20:00-06:00; outside them they pause and go on "
        "by themselves. Unset: at any time.",
    )
    large_load: int = Field(
        default=50_000,
        ge=0,
        validation_alias=AliasChoices("MIGRATION_LARGE_LOAD", "large_load"),
        description="A load of more records than this is a large one, which keeps to MIGRATION_OFF_PEAK.",
    )
    hypercare_days: int = Field(
        default=14,
        ge=0,
        validation_alias=AliasChoices("MIGRATION_HYPERCARE_DAYS", "hypercare_days"),
        description="For how many days after the cutover Intercom is looked at once a day; 0: never.",
    )
    hypercare_cron: str = Field(
        default="0 6 * * *",
        validation_alias=AliasChoices("MIGRATION_HYPERCARE_CRON", "hypercare_cron"),
        description="When the look of hypercare begins, as cron says it.",
    )

    @field_validator("time_zone")
    @classmethod
    def _zone_exists(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError("not an IANA time zone such as Europe/Berlin or UTC")
        return value

    @field_validator("delta_cron", "hypercare_cron")
    @classmethod
    def _five_fields(cls, value: str) -> str:
        if any(len(one.split()) != 5 for one in crons(value)) or not crons(value):
            raise ValueError("a cron line of five fields is expected, such as 0 2 * * *")
        return value

    @field_validator("drops")
    @classmethod
    def _absolute_drops(cls, value: Path | None) -> Path | None:
        return None if value is None else absolute(value)

    @model_validator(mode="after")
    def _consistent_window(self) -> Self:
        if self.window_end is not None and self.window_start is None:
            raise ValueError("MIGRATION_WINDOW_END is set, but MIGRATION_WINDOW_START is not.")
        if self.window_start and self.window_end and self.window_end < self.window_start:
            raise ValueError("MIGRATION_WINDOW_END is before MIGRATION_WINDOW_START.")
        if self.off_peak is not None:
            try:
                parse_hours(self.off_peak, self.time_zone)
            except ValueError as error:
                raise ValueError(f"MIGRATION_OFF_PEAK: {error}") from None
        return self


def crons(text: str) -> list[str]:
    """Return the cron lines of a setting that may have several, separated by semicolons."""
    return [one.strip() for one in text.split(";") if one.strip()]
