"""Raised and lowered letters, and struck ones: `10<sup>3</sup>` is no 103, and what was struck out was not said.

Intercom has no such elements, so letters of Unicode or words stand for them. Works on one text. What belongs elsewhere:
the tags (`tags`), and writing them (`markup`).
"""

import re
from collections.abc import Sequence

from migration_assets.ground.decoding import entities
from migration_assets.objects.conversation.shape import elements
from migration_assets.objects.conversation.shape.tags import MarkupTag

_ELEMENT = re.compile(r"<(sup|sub|span|font)\b([^<>]*)>((?:[^<>]|<(?!/?\1\b)[^<>]*>)*)</\1\s*>", re.IGNORECASE)
_ALIGNED = re.compile(r"vertical-align\s*:\s*(super|sub)\b", re.IGNORECASE)
_TAG = re.compile(r"(<[^<>]*>)")
_RAISED = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_HAS_RAISED = re.compile(r"[0-9+\-−=()n¹²³⁴-⁹⁰ⁿ]+")
_HAS_LOWERED = re.compile(r"[0-9+\-−=()]+")
_ORDINAL = re.compile(r"[^\W\d_]{2,}|[eoa]", re.IGNORECASE)
"""`1<sup>st</sup>`, `2<sup>e</sup>`: nobody reads another number in it."""
_STRUCK = re.compile(r"text-decoration(?:-line)?\s*:[^;\"']*line-through", re.IGNORECASE)


def with_raised(text: str) -> str:
    """Return HTML in which letters that are raised or lowered are told apart from those beside them."""
    lowered = text.lower()
    if "<sup" not in lowered and "<sub" not in lowered and "vertical-align" not in lowered:
        return text
    return _ELEMENT.sub(_told_apart, text)


def _told_apart(found: re.Match[str]) -> str:
    name, aligned = found[1].lower(), _ALIGNED.search(found[2])
    if name not in ("sup", "sub"):
        name = {"super": "sup", "sub": "sub"}[aligned[1].lower()] if aligned else ""
    if not name:
        return found[0]
    words = " ".join(entities(_TAG.sub("", found[3])).split())
    has, letters = (_HAS_RAISED, _RAISED) if name == "sup" else (_HAS_LOWERED, _LOWERED)
    if has.fullmatch(words):
        pieces = _TAG.split(found[3])
        pieces[::2] = [entities(piece).translate(letters) for piece in pieces[::2]]
        return found[0].replace(found[3], "".join(pieces))
    before = _TAG.sub("", found.string[max(0, found.start() - 200) : found.start()])[-1:]
    if name == "sub" or not before.isalnum() or not words[:1].isalnum() or _ORDINAL.fullmatch(words):
        return found[0]
    begins, ends = ("^", "") if words.isalnum() else ("^(", ")")
    return f"{begins}{found[0]}{ends}"


def struck(text: str, tags: Sequence[MarkupTag]) -> dict[int, str]:
    """Return the words that say what is struck out, by the places of the tags that they stand at."""
    words: dict[int, str] = {}
    until = 0
    for number, tag in enumerate(tags):
        if tag.other is None or tag.ends or tag.start < until:
            continue
        if tag.name not in ("s", "strike", "del") and _STRUCK.search(tag.rest) is None:
            continue
        until = tag.other.end
        within = [one for one in tags[number + 1 :] if one.start < until]
        for one in _innermost(text, tag, within):
            if one.other is not None and _TAG.sub("", text[one.end : one.other.start]).strip():
                words |= {one.start: "[struck: ", one.other.start: "]"}
    return words


def _innermost(text: str, struck_out: MarkupTag, within: Sequence[MarkupTag]) -> list[MarkupTag]:
    """Return the boxes in a struck element that hold all its words; itself where some stand in none of them.

    Between the cells of a table nothing can be said, so there it is the cells in any case.
    """
    begun = [one for one in within if not one.ends and one.other is not None and one.name in elements.CONTAINERS]
    following = [one.start for one in begun[1:]] + [_end(struck_out)]
    leaves = [one for one, after in zip(begun, following, strict=False) if after >= _end(one)]
    if any(one.name in ("td", "th") for one in leaves):
        return leaves
    held = "".join(text[one.end : _end(one)] for one in leaves)
    return leaves if leaves and _letters(held) == _letters(text[struck_out.end : _end(struck_out)]) else [struck_out]


def _end(tag: MarkupTag) -> int:
    return tag.other.start if tag.other is not None else tag.end


def _letters(text: str) -> str:
    return "".join(_TAG.sub("", text).split())
