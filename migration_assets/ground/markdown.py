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
_BREAKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")


def inert(text: str) -> Markdown:
    """Return the Markdown that shows a text as it is, in one line."""
    return Markdown(_MARKS.sub(r"\\\1", _BREAKS.sub(" ", text)))


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
