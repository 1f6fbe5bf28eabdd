"""A record as it is on both sides, the source's and Intercom's, in the same words, so that they can be compared."""

import re
from dataclasses import dataclass

from markupsafe import Markup, escape

from migration_assets.objects.side_by_side import Side
from migration_assets.spotcheck.bodies import display

HTML = re.compile(r"<(?:p|br|div|span|ul|ol|li|a|b|i|strong|em|table|blockquote|h[1-6]|img|pre|code)\b[^>]*>", re.I)
"""What tells HTML from plain text that has angle brackets in it."""


@dataclass(frozen=True)
class Pair:
    """Both sides of a record."""

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
