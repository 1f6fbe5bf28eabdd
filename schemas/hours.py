"""Hours of the day in a time zone, such as 20:00-06:00 in Europe/Berlin; they may go past midnight."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

_HOURS = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")


@dataclass(frozen=True)
class Hours:
    """From `start` on, until before `end`, by the clocks of `zone`."""

    start: time
    end: time
    zone: ZoneInfo

    def inside(self, moment: datetime) -> bool:
        """Whether a moment (with a zone) lies in these hours."""
        now = moment.astimezone(self.zone).time()
        if self.start < self.end:
            return self.start <= now < self.end
        return now >= self.start or now < self.end

    def opens(self, moment: datetime) -> datetime:
        """Return when these hours begin next after a moment, in UTC; the moment itself when it lies in them."""
        if self.inside(moment):
            return moment.astimezone(UTC)
        local = moment.astimezone(self.zone)
        day = local.date() if local.time() < self.start else local.date() + timedelta(days=1)
        return datetime.combine(day, self.start, self.zone).astimezone(UTC)

    def __str__(self) -> str:
        """Say them as a person writes them."""
        return f"{self.start:%H:%M}-{self.end:%H:%M} {self.zone.key}"


def parse_hours(text: str, zone: str) -> Hours:
    """Read hours such as 20:00-06:00.

    Raises:
        ValueError: they are written otherwise, or begin and end at the same time.
    """
    found = _HOURS.fullmatch(text.strip())
    wrong = f"hours such as 20:00-06:00 are expected, not {text!r}"
    if found is None:
        raise ValueError(wrong)
    numbers = [int(number) for number in found.groups()]
    try:
        start, end = time(numbers[0], numbers[1]), time(numbers[2], numbers[3])
    except ValueError:
        raise ValueError(wrong) from None
    if start == end:
        raise ValueError(f"{wrong}: they begin and end at the same time")
    return Hours(start, end, ZoneInfo(zone))
