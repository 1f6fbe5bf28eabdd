"""How times, sizes, custom values and bodies are written on the page."""

import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import nh3

_WEB = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Shown:
    """A custom attribute as it is read: its name, its text, an address if the text is one, the time if it is one."""

    name: str
    text: str
    href: str | None = None
    instant: int | None = None


def instant(seconds: int) -> datetime | None:
    """Return unix seconds as a time in UTC; None where the calendar does not reach."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def iso(seconds: int) -> str:
    """Return unix seconds as ISO 8601: 2021-03-12T14:05:33Z."""
    at = instant(seconds)
    return str(seconds) if at is None else f"{at:%Y-%m-%dT%H:%M:%S}Z"


def day(seconds: int) -> str:
    """Return the day of unix seconds: 12 Mar 2021."""
    at = instant(seconds)
    return str(seconds) if at is None else f"{at.day} {at:%b} {at.year}"


def minute(seconds: int) -> str:
    """Return unix seconds to the minute: 12 Mar 2021, 14:05."""
    at = instant(seconds)
    return str(seconds) if at is None else f"{day(seconds)}, {at:%H:%M}"


def second(seconds: int) -> str:
    """Return unix seconds exactly: 12 Mar 2021, 14:05:33 UTC."""
    at = instant(seconds)
    return str(seconds) if at is None else f"{day(seconds)}, {at:%H:%M:%S} UTC"


def size(count: int) -> str:
    """Return a number of bytes in the unit that suits it: 812 bytes, 1.4 MB."""
    if count < 1000:
        return f"{count} byte" if count == 1 else f"{count} bytes"
    value = float(count)
    for unit in ("kB", "MB"):
        value /= 1000
        if value < 999.5:
            return f"{value:.1f} {unit}" if value < 9.95 else f"{value:.0f} {unit}"
    return f"{value / 1000:.1f} GB"


def first_words(body: str | None, most: int = 140) -> str:
    """Return the beginning of an HTML body as text, cut between words."""
    spaced = (body or "").replace("<", " <")
    text = _SPACE.sub(" ", html.unescape(nh3.clean(spaced, tags=set()))).strip()
    if len(text) <= most:
        return text
    return f"{text[:most].rsplit(' ', 1)[0]}…"


def attributes(
    values: str, types: Mapping[str, Mapping[str, Any]], hidden: frozenset[str] = frozenset()
) -> list[Shown]:
    """Return custom attributes (a JSON object) as they are read, by name; `types` describes them by name."""
    given: dict[str, Any] = json.loads(values)
    return [attribute(name, value, types.get(name, {})) for name, value in sorted(given.items()) if name not in hidden]


def attribute(name: str, value: Any, described: Mapping[str, Any]) -> Shown:  # noqa: ANN401 - any JSON value
    """Return one custom attribute as it is read: a list's label, a time as a time, an address as a link."""
    kind = described.get("data_type")
    if kind in {"date", "datetime"} and isinstance(value, int) and instant(value):
        return Shown(name, day(value) if kind == "date" else second(value), instant=value)
    if kind == "list" and isinstance(value, str):
        options = (described.get("input_options") or {}).get("list_options") or []
        return Shown(name, next((item["label"] for item in options if item["id"] == value), value))
    text = _text(value)
    return Shown(name, text, href=text if _WEB.fullmatch(text) else None)


def _text(value: Any) -> str:  # noqa: ANN401 - any JSON value
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, list):
        return ", ".join(_text(item) for item in value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
