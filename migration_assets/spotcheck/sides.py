"""A conversation as it is on one side, the source's or Intercom's, in the same words, so that both can be compared."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

from markupsafe import Markup, escape

from migration_assets.spotcheck.bodies import display

HTML = re.compile(r"<(?:p|br|div|span|ul|ol|li|a|b|i|strong|em|table|blockquote|h[1-6]|img|pre|code)\b[^>]*>", re.I)
"""What tells HTML from plain text that has angle brackets in it."""


@dataclass(frozen=True)
class ShownMessage:
    """One message: who wrote it, when (text in UTC), what it says as safe HTML, and the names of its files."""

    who: str
    when: str
    kind: str
    body: Markup
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class Side:
    """One side of a conversation: its facts by name, and its messages in order."""

    title: str
    facts: dict[str, str] = field(default_factory=dict)
    messages: tuple[ShownMessage, ...] = ()


@dataclass(frozen=True)
class Pair:
    """Both sides of a conversation."""

    source: Side
    intercom: Side

    def facts(self) -> list[tuple[str, str, str, bool]]:
        """Return (name, source, Intercom, whether both sides should have it and differ) for every fact."""
        ours, theirs = self.source.facts, self.intercom.facts
        return [
            (name, ours.get(name, ""), theirs.get(name, ""), _differ(ours.get(name), theirs.get(name)))
            for name in dict.fromkeys([*ours, *theirs])
        ]


def _differ(ours: str | None, theirs: str | None) -> bool:
    return ours is not None and theirs is not None and ours.casefold() != theirs.casefold()


def shown(body: str | None) -> Markup:
    """Return a message as safe HTML, whether it was written as HTML or as text; nothing of it acts or loads."""
    text = body or ""
    if HTML.search(text):
        return display(text)
    return Markup("<br>").join(escape(line) for line in text.splitlines())


def second(value: datetime | int | None) -> str:
    """Return a time in UTC to the second, for comparing; a time without a zone is in UTC already."""
    if value is None:
        return ""
    moment = datetime.fromtimestamp(value, UTC) if isinstance(value, int) else value
    return moment.strftime("%Y-%m-%d %H:%M:%S")
