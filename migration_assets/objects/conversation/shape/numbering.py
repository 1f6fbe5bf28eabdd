"""The numbers of lists that Intercom would count otherwise: they are written as words.

Works on the tags of one text. What belongs elsewhere: the tags (`tags`), and writing them (`markup`).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from migration_assets.objects.conversation.shape.tags import MarkupTag, attributes

_NUMBER = re.compile(r"\s*(-?\d{1,9})\s*$")
_STYLE = re.compile(r"list-style(?:-type)?\s*:[^;\"']*\b(lower|upper)-(alpha|latin|roman)\b", re.IGNORECASE)
_ROMAN = {
    1000: "m", 900: "cm", 500: "d", 400: "cd", 100: "c", 90: "xc", 50: "l", 40: "xl", 10: "x", 9: "ix", 5: "v", 4: "iv",
    1: "i",
}  # fmt: skip
_MOST_ROMAN = 4000


@dataclass
class _List:
    begins: MarkupTag
    items: list[tuple[int, int | None]] = field(default_factory=list)
    """Where its items begin, and the number that each states."""


def numbered(tags: Iterable[MarkupTag]) -> tuple[frozenset[int], dict[int, str]]:
    """Return the places of the tags of lists that are counted in words, and the words by the places of the items."""
    lists: list[_List] = []
    places: set[int] = set()
    words: dict[int, str] = {}
    for tag in tags:
        if tag.name in ("ol", "ul"):
            if not tag.ends:
                lists.append(_List(tag))
            elif lists and (found := _counted(lists.pop())):
                words |= found[1]
                places |= {found[0], tag.start}
        elif tag.name == "li" and not tag.ends and lists:
            lists[-1].items.append((tag.start, _number(tag.rest, "value")))
    for open_list in lists:
        if found := _counted(open_list):
            words |= found[1]
            places.add(found[0])
    return frozenset(places), words


def _counted(one: _List) -> tuple[int, dict[int, str]] | None:
    """Return where a list begins and the words of its items; None where Intercom counts it in the same way."""
    if one.begins.name != "ol" or not one.items:
        return None
    backward = re.search(r"(?<![\w-])reversed(?![\w-])", one.begins.rest, re.IGNORECASE) is not None
    start, step, kind = _number(one.begins.rest, "start"), -1 if backward else 1, _kind(one.begins.rest)
    number = start if start is not None else (len(one.items) if backward else 1)
    numbers = []
    for _, stated in one.items:
        number = number if stated is None else stated
        numbers.append(number)
        number += step
    if kind == "1" and numbers == list(range(1, len(numbers) + 1)):
        return None
    return one.begins.start, {
        place: f"{label(number, kind)}. " for (place, _), number in zip(one.items, numbers, strict=True)
    }


def _number(rest: str, name: str) -> int | None:
    found = _NUMBER.match(dict(attributes(rest)).get(name, ""))
    return None if found is None else int(found[1])


def _kind(rest: str) -> str:
    """Return what a list is counted in, as its attribute `type` says it: 1, a, A, i or I."""
    style = _STYLE.search(rest)
    if style is not None:
        kind = "i" if style[2].lower() == "roman" else "a"
        return kind.upper() if style[1].lower() == "upper" else kind
    kind = dict(attributes(rest)).get("type", "1").strip()
    return kind if kind in ("a", "A", "i", "I") else "1"


def label(number: int, kind: str) -> str:
    """Return a number as a list of a kind shows it: 3 is `c`, `C`, `iii` or `III`."""
    if kind == "1" or number < 1 or (kind in "iI" and number >= _MOST_ROMAN):
        return str(number)
    letters = _roman(number) if kind in "iI" else _alphabetic(number)
    return letters.upper() if kind.isupper() else letters


def _alphabetic(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters


def _roman(number: int) -> str:
    letters = ""
    for value, sign in _ROMAN.items():
        times, number = divmod(number, value)
        letters += sign * times
    return letters
