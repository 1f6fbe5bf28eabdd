"""Deciding on a file's encoding from its survey, with the evidence; what cannot be told is refused.

Order: a person's hint, a byte order mark, the NUL pattern of UTF-16, strict UTF-8, and Windows-1252 only when
nothing speaks against it.
"""

import codecs
import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise

from migration_assets.itco.decode import is_text_encoding
from migration_assets.itco.survey import Survey

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FORMATS = (
    (b"PK\x03\x04", "a workbook or a ZIP archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"%PDF", "a PDF"),
    (b"{\\rtf", "an RTF document"),
    (b"<", "HTML or XML"),
    (b"{", "JSON"),
    (b"[", "JSON"),
)
_NUL_SHARE = 0.3
_RUN_SHARE = 0.4
_CANDIDATES = ("mac_roman", "cp850", "cp437", "cp1250", "cp1254", "cp1257", "iso8859_2")
"""What a file that is no Windows-1252 may be in; of several that fit, the first."""
_ASK = "Name its encoding in mapping.yaml, e.g. files: {{{file!r}: {{encoding: {guess}}}}}"


class UnknownEncodingError(ValueError):
    """The encoding cannot be told from the bytes; the message says why and what to do."""


@dataclass(frozen=True)
class Encoding:
    """A Python encoding name, the evidence for it, and whether a person should check it."""

    name: str
    evidence: str
    assumed: bool = False


def decide_encoding(file: str, found: Survey, hint: str | None) -> Encoding:
    """Return the encoding of the file.

    Raises:
        UnknownEncodingError: it is no text file, or the encoding cannot be told safely.
    """
    if found.size == 0:
        raise UnknownEncodingError("the file is empty, not even a header. Export it again")
    _refuse_other_formats(found.head)
    if hint is not None:
        if not is_text_encoding(hint):
            raise UnknownEncodingError(f"mapping.yaml names the encoding {hint!r}, which Python does not know")
        return Encoding(hint, "named in mapping.yaml")
    for mark, name in _MARKS:
        if found.head.startswith(mark):
            return Encoding(name, "byte order mark" + _bad_bytes(found, name))
    if found.nul:
        wide = _utf16_without_mark(found)
        if wide is not None:
            return wide
    if not found.high:
        return Encoding("utf-8", "only ASCII bytes")
    if not found.invalid_utf8:
        return Encoding("utf-8", f"all {found.size} bytes are UTF-8")
    return _eight_bit(file, found)


def _refuse_other_formats(head: bytes) -> None:
    start = head.removeprefix(codecs.BOM_UTF8).lstrip(b" \t\r\n")
    for signature, name in _FORMATS:
        if start.startswith(signature):
            raise UnknownEncodingError(f"this is {name}, not CSV. Export it as CSV UTF-8")


def _bad_bytes(found: Survey, name: str) -> str:
    if name == "utf-8" and found.invalid_utf8:
        return f"; {found.invalid_utf8} bytes are not UTF-8, their records are quarantined"
    return ""


def _utf16_without_mark(found: Survey) -> Encoding | None:
    odd = found.nul - found.nul_even
    half = found.size / 2
    for many, few, name in ((odd, found.nul_even, "utf-16-le"), (found.nul_even, odd, "utf-16-be")):
        if many > _NUL_SHARE * half and few < many / 100 + 1:
            return Encoding(name, f"{many} of {found.size} bytes are zero, on every other place")
    return None


def _eight_bit(file: str, found: Survey) -> Encoding:
    """Tell UTF-8 with damage from Windows-1252, and refuse everything else."""
    if found.valid_utf8 >= 2 * found.invalid_utf8:
        return Encoding(
            "utf-8", f"{found.valid_utf8} bytes of accented characters are UTF-8{_bad_bytes(found, 'utf-8')}"
        )
    lines = ", ".join(str(line) for line in found.high_lines)
    where = f"(see the letters with accents on line {lines})"
    ask = _ASK.format(file=file, guess=likely(found.head))
    if found.valid_utf8 * 10 > found.invalid_utf8:
        raise UnknownEncodingError(
            f"some accented characters are UTF-8 and others are not {where}: two files in different encodings were "
            f"joined. Split them, or export again as UTF-8"
        )
    if found.undefined_cp1252:
        raise UnknownEncodingError(
            f"not UTF-8, and {found.undefined_cp1252} bytes do not occur in Windows-1252 {where}. {ask}"
        )
    if found.high_runs > _RUN_SHARE * found.high:
        raise UnknownEncodingError(
            f"not UTF-8, and the bytes above 127 stand side by side, as in Cyrillic, Greek or Asian encodings {where}. "
            + _ASK.format(file=file, guess="cp1251")
        )
    if found.foreign_letters > found.western_letters:
        raise UnknownEncodingError(
            f"not UTF-8, and its accented letters look like MacRoman or a DOS code page, not like Windows-1252 "
            f"{where}. {ask}"
        )
    return Encoding(
        "cp1252",
        f"not UTF-8; {found.high} bytes above 127, all of them in Windows-1252, {found.western_letters} between small "
        f"letters as accented letters are",
        assumed=True,
    )


def likely(head: bytes) -> str:
    """Return the encoding in which most words of a file's head that are not ASCII are words of Latin letters."""
    words = {word for word in re.split(rb"[\x00-\x26\x28-\x40\x5b-\x60\x7b-\x7f]+", head) if not word.isascii()}
    return max(_CANDIDATES, key=lambda name: sum(_is_word(word.decode(name, "replace")) for word in words))


def _is_word(word: str) -> bool:
    """Tell whether it is all Latin letters, in which no small letter is followed by a capital one."""
    latin = all(unicodedata.name(letter, "").startswith("LATIN") for letter in word)
    return word.isalpha() and latin and not any(a.islower() and b.isupper() for a, b in pairwise(word))
