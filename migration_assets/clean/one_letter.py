"""Letters that were decoded wrongly one for one: `fⁿr` and `gr÷▀er`, as DOS and old Macs write or read them.

ftfy knows those of which a letter became several. Of these here the sign is what no word has in it: a power, a line of
a drawing, a capital letter behind small ones, and which is a letter in the other code. Works on one text.
"""

import re
import unicodedata
from itertools import pairwise

_CODES = (
    ("cp850", "cp1252"), ("cp437", "cp1252"), ("mac_roman", "cp1252"), ("latin-1", "cp850"), ("cp1252", "cp850"),
    ("cp1252", "mac_roman"),
)  # fmt: skip
"""How a text was read, and how it had been written."""
_LETTER = "A-Za-zÀ-ÖØ-öø-ɏ"
_NEVER = "ⁿ÷▀▄█▌▐■│-╬⌠⌡∞≡≥≤"
"""What stands between the letters of no word."""
_SELDOM = "³ˆ‰¸˛˚˜¨„”‚‡†™\x80-\x9fΑ-ω"
"""What stands between the letters of no word that another code makes one of."""
_CAPITAL = "ÚÞÛÓÙŸŠŽ"
SUSPECT = rf"[{_LETTER}][{_NEVER}{_SELDOM}]+[{_LETTER}]|[a-zß-öø-ÿ][{_CAPITAL}]"
"""Where one of them stands; only there it is looked closer."""
_IN_A_WORD = re.compile(rf"(?<=[{_LETTER}])[{_NEVER}]+(?=[{_LETTER}])")
_WORD = re.compile(rf"[{_LETTER}{_NEVER}{_SELDOM}]+")
_SUSPECT = re.compile(SUSPECT)
_MAY_BE_A_SLIP = re.compile(r"[„”‚¨˜ˆÓ™†‡]")
_OF_A_UNIT = re.compile(r"(?:[kcdm]?m|[A-Z]\w?)³")
_COMMON = re.compile(r"[äöüßéèàçñ]", re.IGNORECASE)
_SHORT = 4


def mended(text: str) -> str:
    """Return a text as it was meant; unchanged where its letters are right, or it is not certain what was meant."""
    made = sorted(_readings(text), key=_commonness, reverse=True)
    if not made or (len(made) > 1 and _commonness(made[0]) == _commonness(made[1])):
        return text
    return made[0]


def _readings(text: str) -> set[str]:
    """Return what a text is in each other code that makes a word of every one that is none.

    A sign that may be a slip of the pen, such as a quotation mark in a word, is none where it stands alone.
    """
    words = _suspects(text)
    if not words or (len(words) == 1 and _MAY_BE_A_SLIP.search(next(iter(words)))):
        return set()
    readings = set()
    for read, written in _CODES:
        again = {word: _read_again(word, read, written) for word in _WORD.findall(text)}
        if all(_is_word(again[word]) for word in words):
            readings.add(_WORD.sub(lambda found, again=again: again[found[0]] or found[0], text))  # type: ignore[misc]
    return readings


def _commonness(text: str) -> int:
    return len(_COMMON.findall(text))


def is_wrong(text: str) -> bool:
    """Tell whether a text has letters that were decoded wrongly one for one, whether they can be mended or not."""
    return bool(_readings(text)) or any(_IN_A_WORD.search(word) is not None for word in _suspects(text))


def _suspects(text: str) -> set[str]:
    if _SUSPECT.search(text) is None:
        return set()
    return {
        word
        for word in _WORD.findall(text)
        if _SUSPECT.search(word) and not _OF_A_UNIT.match(word) and ("÷" not in word or len(word) >= _SHORT)
    }


def _read_again(word: str, read: str, written: str) -> str | None:
    try:
        return word.encode(read).decode(written)
    except UnicodeError:
        return None


def _is_word(word: str | None) -> bool:
    """Tell whether it is a word of Latin letters, in which no small letter is followed by a capital one."""
    if word is None or len(word) < _SHORT - 1 or not word.isalpha() or "ƒ" in word:
        return False
    latin = all(unicodedata.name(letter, "").startswith("LATIN") for letter in word)
    return latin and not any(a.islower() and b.isupper() for a, b in pairwise(word))
