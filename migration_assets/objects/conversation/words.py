"""Whether every word of a source's text is in what is sent, or in what Intercom shows.

Whole words, each as often as the source has it, and in its order. Works on one text. What belongs elsewhere: the words
that a reader of the source sees (`source_words`), order and lines (`word_order`), comparing all texts (`shape/words`),
and what Intercom shows (`read_back`).
"""

import html
import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

from migration_assets.objects.conversation.source_words import Source, read_source
from migration_assets.objects.conversation.word_order import MOST_NAMED, follow, lines_of, run_together

MOST_PLACED = 20_000
"""Words of a text up to which each is looked for in its place; in longer ones only those that stand nowhere whole."""
_TAG = re.compile(r"<[^<>]*>")
_BLANK = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u00a0\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]+")
_ODD = re.compile(r"\\n|[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")
"""What `str.split` does not take for a blank, and nobody sees."""
_WRITTEN_BREAK = re.compile(r"\\r\\n|(?!\A)(?<![A-Z][A-Z0-9_-])(?<![\s\\])\\n|\\n(?![a-z0-9._])")
r"""A line break that a program wrote out; in `FIRMA\nadia` and before the name of a command it is a letter."""
_ENDED_ENTITY = re.compile(r"&#?\w+;")
_PARAMETER = re.compile(r"&(?=[A-Za-z]\w*=)")


class _Shown:
    """What is shown, without any blank, and where its words begin."""

    def __init__(self, pieces: list[str]) -> None:
        self.text = "".join(pieces)
        self.begins = set(accumulate(map(len, pieces), initial=0))
        self.used = bytearray(len(self.text))

    def parted(self, at: int) -> bool:
        """Return whether a word may begin or end at a place."""
        return at in self.begins or not (self.text[at - 1].isalnum() and self.text[at].isalnum())

    def ends(self, end: int, following: str) -> bool:
        """Return whether a piece may end at a place: with a word, or where the next piece of it follows."""
        return self.parted(end) or self.goes_on(end, following)

    def goes_on(self, end: int, following: str) -> bool:
        """Return whether the next piece stands at a place."""
        return following != "" and self.text.startswith(following, end)

    def find(self, piece: str, following: str, position: int, *, inside: bool = False) -> int:
        """Return where a piece stands unused, at or behind a place: as a word, or `inside` one, beside a sign of it."""
        at = self.text.find(piece, position)
        while at >= 0:
            end = at + len(piece)
            whole = at in self.begins and (end in self.begins or self.goes_on(end, following))
            if inside:
                whole = (self.parted(at) or self.used[at - 1] == 1) and self.ends(end, following)
            if whole and not any(self.used[at:end]):
                return at
            at = self.text.find(piece, at + 1)
        return -1

    def use(self, at: int, piece: str) -> None:
        """Count a piece as found, so that it is not found again."""
        self.used[at : at + len(piece)] = b"\1" * len(piece)


@dataclass(frozen=True, slots=True)
class WordsCompared:
    """What a text lost on its way.

    Attributes:
        lost: the words that are not in what is shown, in their order.
        moved: where none is lost, those that stand before one that they follow in the source.
        joined: the lines of a plain text that the next one has been joined to.
    """

    lost: list[str]
    moved: list[str] = field(default_factory=list)
    joined: list[str] = field(default_factory=list)


def missing_words(source: str | None, shown: str | None, *, markup: bool = True) -> list[str]:
    """Return the words of a source's text that are not in what is shown, in their order; none where it is whole."""
    return compared(source, shown, markup=markup, ordered=False).lost


def compared(source: str | None, shown: str | None, *, markup: bool = True, ordered: bool = True) -> WordsCompared:
    """Return what of a source's text is not in what is shown, or not in its order or its lines.

    Args:
        source: the source's text, plain or HTML.
        shown: what is to be sent, or what Intercom shows.
        markup: whether that is HTML.
        ordered: whether order and lines are looked at too.
    """
    if not source:
        return WordsCompared([])
    shown = shown or ""
    read, seen = read_source(source), html.unescape(_TAG.sub(" ", shown)) if markup else shown
    there = _pieces(seen)
    lost, moved = _apart(_pieces(_decoded(read.text)), there, ordered=ordered)
    if lost and "&" in source:
        # A reader of HTML takes `&uuml` for a letter as well; in plain text nothing need be encoded.
        others = (html.unescape(_PARAMETER.sub("&amp;", read.text)), read.text)
        others_apart = (_apart(_pieces(other), there, ordered=ordered) for other in others)
        lost, moved = min([(lost, moved), *others_apart], key=lambda apart: len(apart[0]))
    if lost and "\\n" in source:
        as_written = _apart(_decoded(read.text).split(), seen.split(), ordered=ordered)
        lost, moved = min([(lost, moved), as_written], key=lambda apart: len(apart[0]))
    joined = []
    if ordered and read.plain and not lost and "\n" in read.text.strip():
        joined = run_together(lines_of(_decoded(read.text), markup=False), lines_of(shown, markup=markup))
    return WordsCompared(lost + _missing_targets(read, shown, markup=markup), moved, joined)


def _apart(pieces: list[str], there: list[str], *, ordered: bool) -> tuple[list[str], list[str]]:
    """Return the pieces that are lost and, where none is, those out of their order."""
    if pieces == there:
        return [], []
    lost = _lost(pieces, there)
    return lost, [] if lost or not ordered else _moved(pieces, there)


def _moved(pieces: list[str], there: list[str]) -> list[str]:
    """Return the pieces that do not stand behind those before them."""
    if follow(pieces, there) or len(pieces) > MOST_PLACED:
        return []
    shown, position, moved = _Shown(there), 0, list[str]()
    for piece, following in pairwise([*pieces, ""]):
        next_to = shown.text.startswith(piece, position) and shown.ends(position + len(piece), following)
        at = position if next_to else shown.find(piece, following, position, inside=True)
        if at >= 0:
            position = at + len(piece)
        else:
            moved.append(piece)
        if len(moved) == MOST_NAMED:
            break
    return moved


def _decoded(text: str) -> str:
    """Return a text whose entities are resolved, once; `&copy=1` is none."""
    return _ENDED_ENTITY.sub(_letter, text) if "&" in text else text


def _letter(found: re.Match[str]) -> str:
    letter = html.unescape(found[0])
    return found[0] if "\ufffd" in letter else letter


def _pieces(text: str) -> list[str]:
    return (_BLANK.sub(" ", _WRITTEN_BREAK.sub(" ", text)) if _ODD.search(text) else text).split()


def _lost(pieces: list[str], there: list[str]) -> list[str]:
    """Return the pieces that are not there as often; what only stands elsewhere has been moved, as out of a table."""
    if pieces == there:
        return []
    shown, whole = _Shown(there), "".join(pieces)
    at = shown.text.find(whole)
    if at >= 0 and shown.parted(at) and shown.parted(at + len(whole)):
        return []
    # Whole words first: what is left of both is little, and may be parted otherwise, as `H<sub>2</sub>O`.
    lost = _without_place(_beyond(pieces, there), _Shown(_beyond(there, pieces)))
    return lost if not lost or len(pieces) > MOST_PLACED else min(lost, _without_place(pieces, shown), key=len)


def _beyond(pieces: list[str], others: list[str]) -> list[str]:
    """Return the pieces that are not among the others, or not as often."""
    spare, beyond = Counter(others), []
    for piece in pieces:
        if spare[piece] > 0:
            spare[piece] -= 1
        else:
            beyond.append(piece)
    return beyond


def _without_place(pieces: list[str], shown: _Shown) -> list[str]:
    """Return the pieces that find no place in what is shown: each behind the one before, else anywhere."""
    position, apart = 0, []
    for piece, following in pairwise([*pieces, ""]):
        if shown.text.startswith(piece, position) and shown.ends(position + len(piece), following):
            at = position
        else:
            at = shown.find(piece, following, position)
        if at < 0:
            apart.append((piece, following))
        else:
            shown.use(at, piece)
            position = at + len(piece)
    before, apart = list[tuple[str, str]](), _not_moved(apart, shown, inside=False)
    while apart and apart != before:
        # What has just been found may be what another piece goes on from.
        before, apart = apart, _not_moved(apart, shown, inside=True)
    return [piece for piece, _ in apart]


def _not_moved(apart: list[tuple[str, str]], shown: _Shown, *, inside: bool) -> list[tuple[str, str]]:
    """Return the pieces that stand nowhere in what is shown, or not as often.

    The longest are looked for first, so that a single sign does not take a place within another's word.
    """
    lost, begin = [], dict[str, int]()
    for number, (piece, following) in sorted(enumerate(apart), key=lambda numbered: -len(numbered[1][0])):
        at = shown.find(piece, following, begin.get(piece, 0), inside=inside) if begin.get(piece, 0) >= 0 else -1
        if at < 0:
            lost.append(number)
        else:
            shown.use(at, piece)
        begin[piece] = at
    return [apart[number] for number in sorted(lost)]


def _missing_targets(read: Source, shown: str, *, markup: bool) -> list[str]:
    """Return where links lead, what is embedded and what images are called, if what is shown does not say it."""
    if not read.targets:
        return []
    there = " ".join((html.unescape(shown) if markup else shown).split())
    return [target for target in read.targets if not _says(there, " ".join(_decoded(target).split()))]


def _says(there: str, target: str) -> bool:
    """Return whether a text has a target as it stands, or says it in words: `+49 30 1` for `tel:+49301`."""
    at = there.find(target)
    while at >= 0:
        if not there[at + len(target) : at + len(target) + 1].isalnum():
            return True
        at = there.find(target, at + 1)
    letters = [letter for letter in target.split(":", 1)[-1].casefold() if letter.isalnum()]
    return re.search(r"(?<!\w)" + r"[\W_]*".join(letters) + r"(?!\.?\w)", there.casefold()) is not None
