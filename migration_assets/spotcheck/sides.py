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

    def facts(self) -> list["Fact"]:
        """Return every fact of either side, as both have it and as the mapping wants it."""
        ours, theirs = self.source.facts, self.intercom.facts
        return [
            fact_of(name, ours.get(name), self.source.mapped.get(name), theirs.get(name))
            for name in dict.fromkeys([*ours, *theirs])
        ]


@dataclass(frozen=True)
class Fact:
    """One fact: in the source, by the mapping where that makes it another one (None: as it is), and in Intercom.

    It is compared where both sides have it, and differs where Intercom does not show what the mapping says.
    """

    name: str
    ours: str
    mapped: str | None
    theirs: str
    compared: bool
    differs: bool


def fact_of(name: str, ours: str | None, wanted: str | None, theirs: str | None) -> Fact:
    """Return a fact of one record; `ours` and `theirs` are None where that side has no such fact."""
    should = ours if wanted is None else wanted
    compared = ours is not None and theirs is not None
    differs = compared and not _same(should or "", theirs or "")
    changed = wanted is not None and ours is not None and not _same(wanted, ours)
    return Fact(name, ours or "", wanted if changed else None, theirs or "", compared, differs)


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def shown(body: str | None) -> Markup:
    """Return a message as safe HTML, whether it was written as HTML or as text; nothing of it acts or loads."""
    text = body or ""
    if HTML.search(text):
        return display(text)
    return Markup("<br>").join(escape(line) for line in text.splitlines())
