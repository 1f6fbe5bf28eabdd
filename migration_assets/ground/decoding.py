"""Text that a program left encoded: MIME words, entities of HTML, quoted-printable; decoded where it is certain.

Only what can be nothing else is decoded; the rest stays as it is, and `still_encoded` finds it. Works on columns; only
the few cells that look encoded are read one by one.
"""

import html
import quopri
import re
from collections.abc import Callable
from email.errors import HeaderParseError
from email.header import decode_header
from html.entities import html5

import polars as pl

_MIME_WORD = r"=\?[\w*-]+\?[QqBb]\?[^?\n]*\?="
_MIME_WORDS = re.compile(rf"{_MIME_WORD}(?:\s+{_MIME_WORD})*")
_ENTITY = r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
_ENTITIES = re.compile(_ENTITY)
_QUOTED_LETTER = r"=[C-F][0-9A-F]=[89AB][0-9A-F]"
_SOFT_BREAK = r"[A-Za-z]=[ \t]*\r?\n[a-z]|(?:=[2-7][0-9A-F]|[.,!?:;)])=20[ \t]*(?:\r?\n|$)"
_ONLY_QUOTED = re.compile(r"(?:[^=]|=[0-9A-F]{2}|=[ \t]*(?:\r?\n|\Z))*")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_AT_MOST = 3
"""How often something may have been escaped: `&amp;uuml;` was twice."""

_WORD_BEGINS = r"(?:^|[^\w/?&=.%#:;@+-])[A-Za-z]*"
"""Not in the middle of an address, where `=FCa` is a value."""
_SINGLE = "|".join(
    (
        rf"{_WORD_BEGINS}=(?:[C-F][0-9A-F]|9[1-7]|A0)(?:=[89A-F][0-9A-F]|[a-z])",  # M=FCller, Gr=FC=DFe, =C4rger
        rf"{_WORD_BEGINS}[a-z](?:=E[0-9A-F]|=F[AC])(?:[\s,.!?;:)<]|$)",  # caf=E9
        rf"{_WORD_BEGINS}[a-z](?:=27|=92)[a-z]{{1,2}}(?:[\s,.!?;:)<]|$)",  # don=27t
        rf"{_WORD_BEGINS}[a-z]=2[CE](?:=20|\s|$)",
        r"(?:^|\s)=3D\s|=3D[\"']|(?:=[2-7][0-9A-F]|[.,!?:;)])=20[ \t]*(?:\r?\n|$)",
        r"(?m:^[^\n]{66,75}=\r?$)",  # a mail's line is 76 letters long, the last of them a soft break
    )
)
"""What quoted-printable leaves of single bytes: their alphabet is not known, so that no letter of them is certain."""

STILL_ENCODED = rf"=\?[\w*-]+\?[QqBb]\?|{_QUOTED_LETTER}|{_SINGLE}"
"""A pattern, for Python, polars and DuckDB alike: what is left where decoding was not certain."""

_NAMES = "szlig|amp|nbsp|quot"
_MARKS = "copy|reg|lt|gt|sect|para|deg|pound|yen|euro|laquo|raquo|shy"
UNENDED = (
    rf"&(?:[AaEeIiOoUuNnCcYy](?:uml|acute|grave|circ|tilde|cedil|ring)|{_NAMES})(?:[^;=]|$)"
    rf"|&(?:{_MARKS})(?:[\s\d.,!?)]|$)"
)
"""A pattern for lines: entities without their semicolon, such as K&uumlndigung."""

ENCODED = rf"{STILL_ENCODED}|{_ENTITY}"
_ENCODED_BODY = rf"{_MIME_WORD}|{_QUOTED_LETTER}|{_SOFT_BREAK}"


def decoded_line(text: str) -> str:
    """Return a name, a title or another line without MIME words, entities and quoted-printable."""
    text = quoted_printable(_MIME_WORDS.sub(lambda found: _CONTROLS.sub(" ", _word(found)), text))
    for _ in range(_AT_MOST):
        before, text = text, entities(text)
        if text == before:
            break
    return text


def decoded_body(text: str) -> str:
    """Return a message's text without quoted-printable and MIME words; its entities are read with its HTML."""
    return _MIME_WORDS.sub(_word, quoted_printable(text))


def entities(text: str) -> str:
    """Return text with the entities that HTML knows; `&copy=1` and `R&D;` are none."""
    return _ENTITIES.sub(_entity, text)


def _entity(found: re.Match[str]) -> str:
    name = found[0][1:]
    letter = html.unescape(found[0]) if name.startswith("#") or name in html5 else found[0]
    return found[0] if "\ufffd" in letter else letter


def _word(found: re.Match[str]) -> str:
    """Return what some MIME words say; as they stand where their alphabet is unknown or their bytes do not fit it."""
    try:
        pieces = decode_header(found[0])
        said = "".join(
            piece if isinstance(piece, str) else piece.decode((alphabet or "ascii").partition("*")[0])
            for piece, alphabet in pieces
        )
    except (HeaderParseError, LookupError, UnicodeDecodeError, ValueError):
        return found[0]
    return said if said.strip() else found[0]


def quoted_printable(text: str) -> str:
    """Return text without quoted-printable, if all of it is that: no `=` in it means itself, its bytes are UTF-8."""
    if not text.isascii() or not _is_quoted(text) or not _ONLY_QUOTED.fullmatch(text):
        return text
    try:
        return quopri.decodestring(text.encode("ascii")).decode("utf-8")
    except UnicodeDecodeError:
        return text


def _is_quoted(text: str) -> bool:
    """Tell whether a text has what only quoted-printable has: UTF-8 letters, or lines that it has broken and signs."""
    return bool(re.search(_QUOTED_LETTER, text)) or (
        re.search(_SOFT_BREAK, text) is not None and len(re.findall("=[2-7][0-9A-F]", text)) > 1
    )


def decode_columns(frame: pl.DataFrame, lines: list[str], bodies: list[str]) -> tuple[pl.DataFrame, dict[str, int]]:
    """Return the frame with its columns of text decoded, and how many cells of each column were."""
    counts: dict[str, int] = {}
    for columns, pattern, decode in ((lines, ENCODED, decoded_line), (bodies, _ENCODED_BODY, decoded_body)):
        for name in columns:
            column, changed = _decoded(frame[name], pattern, decode)
            if changed:
                frame, counts[name] = frame.with_columns(column), changed
    return frame, counts


def _decoded(column: pl.Series, pattern: str, decode: Callable[[str], str]) -> tuple[pl.Series, int]:
    marked = column.str.contains(pattern).fill_null(value=False)
    if not marked.any():
        return column, 0
    found = column.filter(marked).unique()
    read = {text: decode(text) for text in found if decode(text) != text}
    changed = int(column.is_in(list(read)).sum())
    return column.replace(read) if read else column, changed
