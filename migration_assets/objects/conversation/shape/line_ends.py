r"""Whether the line ends of HTML are meant: a plain text that a program put between `<div>` and `</div>` has some.

To HTML a line end is a blank. Where no tag breaks a line, blank lines, beginnings such as `- `, and lines that end
though there was room for the next word tell that somebody ended them; lines that a program filled or set in tell the
contrary. Works on one text. What belongs elsewhere: the tags (`tags`), and writing them (`markup`).
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from migration_assets.objects.conversation.shape.tags import MarkupTag

_BOX_NAMES = "html head body div p blockquote main section article center form"
_BOXES = frozenset(_BOX_NAMES.split())
_INLINE_NAMES = "a b strong i em u s strike del ins small big font span code img sup sub wbr meta link"
_INLINE = frozenset(_INLINE_NAMES.split())
_ITEM = re.compile(r"(?:[-*•·–—>]|\d{1,2}[.)])\s")
"""How the lines of a list, or of what is quoted, begin."""
_NARROW = 40
"""Letters to which no program fills its lines."""
_MANY = 3
_STOP = re.compile(r"[.,:;!?]\s*$")
_ROOM = 8
"""Letters by which a line must be too short: a tag before it may have been a part of it."""


def are_meant(text: str, tags: Sequence[MarkupTag]) -> bool:
    """Return whether the line ends in a text of HTML are meant to be seen."""
    if "\n" not in text.strip() or any(tag.name not in _BOXES and tag.name not in _INLINE for tag in tags):
        return False
    blocks = [lines for lines in _blocks(text, tags) if lines]
    broken = [lines for lines in blocks if len(lines) > 1]
    if not broken or _indented(broken):
        return False
    width = max(len(line) for lines in blocks for line in lines)
    if len(blocks) == 1 and width <= _NARROW and _anew(blocks[0]):
        return True
    return any(_ended(a, b, width) for lines in broken for a, b in pairwise(lines))


def _blocks(text: str, tags: Sequence[MarkupTag]) -> Iterator[list[str]]:
    """Yield the lines of each stretch between boxes, without blanks around all of it; inline tags are letters."""
    position = 0
    for tag in tags:
        if tag.name in _BOXES:
            yield text[position : tag.start].strip().split("\n") if text[position : tag.start].strip() else []
            position = tag.end
    yield text[position:].strip().split("\n") if text[position:].strip() else []


def _anew(lines: list[str]) -> bool:
    """Return whether narrow lines are more than one in two: many, or one begins as nothing that goes on does."""
    return len(lines) >= _MANY or any(
        _STOP.search(a) is not None or not b.strip()[:1].islower() for a, b in pairwise(lines)
    )


def _indented(broken: list[list[str]]) -> bool:
    """Return whether every line is set in, as programs do that write HTML for people to read."""
    following = [line for lines in broken for line in lines[1:] if line.strip()]
    return all(line[:1].isspace() for line in following) and not any(_ITEM.match(line.strip()) for line in following)


def _ended(line: str, following: str, width: int) -> bool:
    """Return whether somebody ended a line: there was room for the next word, or what follows begins anew."""
    words = following.split()
    if not words or not line.strip():
        return True
    return _ITEM.match(following.strip()) is not None or len(line.strip()) + 1 + len(words[0]) + _ROOM <= width
