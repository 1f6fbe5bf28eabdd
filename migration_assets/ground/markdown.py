"""Markdown for Dagster's metadata: names from files or from Intercom are shown in it as they are, and do nothing.

A browser would fetch a picture, follow a link or take HTML that somebody wrote into a name; a `|` would add a cell.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NewType

import dagster as dg

Markdown = NewType("Markdown", str)
"""Markdown in which every text that is not our own was made inert."""

_MARKS = re.compile(r"([\\`*_\[\]<>|~&#!$])")
_ADDRESSES = re.compile(r"(?i)https?(?=://)|www(?=\.)|(?:mailto|xmpp)(?=:)|@")
"""Where readers of Markdown see an address, and make a link of it without any marks."""
JOINER = "\u2060"
"""A letter without width, which breaks an address that nobody is to follow, and no line."""
_LIST = re.compile(r"^(\d{1,9})([.)])|^([+-]|=+$)")
"""What begins a list, or makes a heading of the line before."""
_BREAKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")


def inert(text: str) -> Markdown:
    """Return the Markdown that shows a text as it is, in one line."""
    line = _ADDRESSES.sub(rf"\g<0>{JOINER}", _BREAKS.sub(" ", text).strip())
    return Markdown(_LIST.sub(r"\1\\\2\3", _MARKS.sub(r"\\\1", line)))


def bullets(texts: Iterable[str], none: str = "none") -> Markdown:
    """Return a list with a point per text, or the word `none`."""
    return Markdown("\n".join(f"- {inert(text)}" for text in texts) or none)


def table(head: Sequence[str], rows: Iterable[Sequence[str]], left: Sequence[int] = (0,)) -> Markdown:
    """Return a table; the columns whose places are in `left` hold words, and all others numbers."""
    rule = "|" + "".join("---|" if place in left else "---:|" for place in range(len(head)))
    lines = ["".join(f"| {inert(cell)} " for cell in cells) + "|" for cells in (head, *rows)]
    return Markdown("\n".join([lines[0].replace("|  |", "| |", 1), rule, *lines[1:]]))


def shown(text: Markdown) -> dg.MarkdownMetadataValue:
    """Return Markdown as the metadata of an asset."""
    return dg.MetadataValue.md(text)
