"""Whether the words of a text stand in their order, and the lines of a plain text apart, in what is sent.

Works on what the two readings of one text have found. What belongs elsewhere: whether all words are there (`words`).
"""

import html
import re
from itertools import pairwise

MOST_LINES = 5_000
"""Lines of a plain text up to which each is looked at when they are not the same."""
MOST_NAMED = 50
"""Words out of their order that are named; one that is moved may leave all that follow it without a place."""
_BREAK = re.compile(r"</?(?:p|br|li|ul|ol|h1|h2|blockquote|pre|table|thead|tbody|tr|td|th)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")


def follow(pieces: list[str], there: list[str]) -> bool:
    """Tell whether pieces stand among others in their order."""
    others = iter(there)
    return all(piece in others for piece in pieces)


def lines_of(text: str, *, markup: bool) -> list[str]:
    """Return the lines of a text that have words, single-spaced."""
    if markup:
        text = html.unescape(_TAG.sub(" ", _BREAK.sub("\n", " ".join(text.split()))))
    return [line for line in (" ".join(line.split()) for line in text.splitlines()) if line]


def run_together(wanted: list[str], shown: list[str]) -> list[str]:
    """Return the lines after which a break is wanted, and the next one stands in the same line in what is shown."""
    if len(wanted) < 2 or wanted == shown or follow(wanted, shown) or len(wanted) > MOST_LINES:
        return []
    there, meant = "\n".join(shown), "\n".join(wanted)
    return [a for a, b in pairwise(wanted) if f"{a} {b}" in there and f"{a} {b}" not in meant]
