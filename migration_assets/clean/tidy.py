"""Landed text as it was meant: without the traces of spreadsheets, mail programs and web pages.

Only what cannot change the meaning is done here. Bodies keep their text; ids, e-mails and the like lose every
invisible character, because two ids that look the same must be the same.
"""

import sys
import unicodedata

import polars as pl

INVISIBLE = "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]"
"""Zero-width and direction characters. ZWJ and ZWNJ are among them: they mean something inside a word or an
emoji, so that plain text loses them at its ends only."""

_MEANINGLESS = "[\u00ad\u200b\u2060\ufeff]"
"""Soft hyphen, zero-width space, word joiner and byte order mark: they only say where a line may break. A name that
looks the same without them must be found by a search."""

_SPACES = "[\u000b\u000c\u0085\u2028\u2029\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]"
_EDGES = f"^(?:\\s|{INVISIBLE})+|(?:\\s|{INVISIBLE})+$"
_GUARD = "^'([=+@\\-\t\r\n＝＋－＠])"
_GUARD_NUMBER = "^'([=+@\\-\t\r\n＝＋－＠0-9])"

BARE = frozenset(
    {"id", "email", "email_list", "phone", "timestamp", "date", "integer", "number", "boolean", "domain", "url"}
)
"""The kinds whose text has no use for an invisible character anywhere."""


COUNTED = frozenset({"timestamp", "date", "integer", "number"})
"""The kinds of which digits are read as numbers, whatever script they are of."""

DIGITS = {
    chr(point): str(unicodedata.decimal(chr(point)))
    for point in range(0x80, sys.maxunicode + 1)
    if unicodedata.category(chr(point)) == "Nd"
}
"""The digits of every script but ours, and what each counts."""

MARKS = {
    "٫": ".",
    "٬": ",",
    "．": ".",
    "，": ",",
    "：": ":",
    "－": "-",
    "／": "/",
    "＋": "+",
    "−": "-",
    "‑": "-",
    "‐": "-",
}
"""What stands between the digits of other scripts, full-width marks, and what typography makes of a minus."""


def tidy(column: str, kind: str) -> pl.Expr:
    """Return the expression that tidies a landed column of `kind`; what is left empty becomes NULL."""
    text = pl.col(column)
    if kind == "html":
        # The apostrophe is what our own rejects files put before a cell that a spreadsheet would compute.
        text = text.str.replace(_GUARD, "$1")
        return pl.when(text.str.contains(r"\S")).then(text).alias(column)
    text = text.str.normalize("NFC").str.replace_all(_SPACES, " ")
    bare = text.str.replace_all(INVISIBLE, "")
    text = bare if kind in BARE else text.str.replace_all(_EDGES, "").str.replace_all(_MEANINGLESS, "")
    text = text.str.strip_chars()
    text = text.str.replace(r'(?s)^="(.*)"$', "$1").str.replace(_GUARD_NUMBER if kind in BARE else _GUARD, "$1")
    text = text.str.strip_chars()
    if kind in COUNTED:
        text = text.str.replace_many({**DIGITS, **MARKS})
    return pl.when(text != "").then(text).alias(column)
