"""Times in the sample: the three years it covers, and how a moment is written in ITCO's own and in other ways."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Berlin")
DAY = 86_400
START = int(datetime(2023, 10, 2, 6, 0, tzinfo=UTC).timestamp())
"""The first ticket's time, in unix seconds."""
END = int(datetime(2026, 10, 20, 18, 0, tzinfo=UTC).timestamp())
"""The last ticket's time; its thread may go on for a few days, but not beyond the export."""
LAST = int(datetime(2026, 10, 31, 17, 0, tzinfo=UTC).timestamp())
"""The last time at which anything in the extract happened."""
EXPORTED_AT = "2026-11-02T08:30:00+01:00"
"""When the extract was made; fixed, so that the sample is the same each time."""
_ISO_LENGTH = len("2026-10-31T17:00:00Z")


def iso(epoch: int) -> str:
    """Write unix seconds as ISO 8601 in UTC, e.g. 2026-10-31T17:00:00Z."""
    day, rest = divmod(epoch, DAY)
    minute, second = divmod(rest, 60)
    return _day(day) + _minute(minute) + _SECONDS[second]


# A large extract has millions of times but few days, and writing a time piece by piece is three times as fast.
_SECONDS = tuple(f"{second:02d}Z" for second in range(60))


@lru_cache(maxsize=4096)
def _minute(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}:"


@lru_cache(maxsize=4096)
def _day(day: int) -> str:
    return f"{datetime.fromtimestamp(day * DAY, UTC):%Y-%m-%d}T"


def parse_iso(text: str) -> int | None:
    """Read what `iso` wrote; None for any other text, so that planted values are left as they are."""
    if len(text) != _ISO_LENGTH or text[10] != "T" or text[19] != "Z":
        return None
    try:
        return int(datetime.fromisoformat(text).timestamp())
    except ValueError:
        return None


def local(epoch: int, style: str) -> str:
    """Write unix seconds as wall time in the zone of the extract, without naming it."""
    return datetime.fromtimestamp(epoch, ZONE).strftime(style)


def german(epoch: int) -> str:
    """Write a moment the German way, e.g. 31.10.2026 18:00:00."""
    return local(epoch, "%d.%m.%Y %H:%M:%S")


def twelve_hour(epoch: int) -> str:
    """Write a moment with day before month and a 12-hour clock, e.g. 31/10/2026 06:00:00 PM."""
    moment = datetime.fromtimestamp(epoch, ZONE)
    half = "AM" if moment.hour < 12 else "PM"
    return f"{moment:%d/%m/%Y %I:%M:%S} {half}"


def spaced(epoch: int) -> str:
    """Write a moment as most screens show it, in local time, e.g. 2026-10-31 18:00:00."""
    return local(epoch, "%Y-%m-%d %H:%M:%S")


TimeStyle = Callable[[int], str]
