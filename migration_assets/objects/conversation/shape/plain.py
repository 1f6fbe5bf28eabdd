"""Plain text: its line breaks, and turning it into HTML paragraphs. Works on one text.

What belongs elsewhere: telling it from HTML (`tags`), cleaning HTML (`html`) and reading texts in batches (`bodies`).
"""

import html
import re

from migration_assets.ground.decoding import entities

_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_BREAKS = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
"""What programs write for a line's end: a vertical tab or a page break too, and Unicode's separators."""
_WINDOWS_PATH = re.compile(r"(?:^|[\s\"'(])(?:[A-Za-z]:\\|\\\\\w)")
_LITERAL_BREAK = re.compile(r"(?:\\r)?\\n")
_NAME_BEFORE = re.compile(r"(?:^|[\s\\]|[A-Z][A-Z0-9_-])$")
_ENDED_BEFORE = re.compile(r"[.,;:!?)\]}\"'»“”…>]\s*$")
_SURELY_AFTER = re.compile(r"$|[\s\\(\[{\"'«„“•*>–—-]|[^\W\d_a-z]")
_PROOF = re.compile(r"\\r\\n|\\n\\n")
_BLANK_LINES = re.compile(r"\n[^\S\n]*\n\s*")


def without_controls(text: str) -> str:
    """Return the text with one kind of line break and without control characters, which no reader shows."""
    return _CONTROLS.sub("", _BREAKS.sub("\n", text))


def plain_text(text: str) -> str:
    r"""Return plain text as it was meant: entities resolved, and `\n` written out as two characters made a break.

    The latter only where it is a break for certain, and can be no `FIRMA\nadia`, no `\newline` and no `C:\new`.
    """
    text = entities(without_controls(text))
    if "\\n" in text and "\n" not in text.strip() and not _WINDOWS_PATH.search(text):
        text = _with_breaks(text)
    return text.strip()


def _with_breaks(text: str) -> str:
    """Return the text with its written-out breaks as breaks, if all can be nothing else, or some of them are proof."""
    found = list(_LITERAL_BREAK.finditer(text))
    if not (_PROOF.search(text) or all(_is_break(text, match) for match in found)):
        return text
    return _LITERAL_BREAK.sub(lambda match: match[0] if _is_name(text, match) else "\n", text)


def _is_break(text: str, match: re.Match[str]) -> bool:
    if _is_name(text, match):
        return False
    before = text[: match.start()][-2:]
    return _SURELY_AFTER.match(text, match.end()) is not None or _ENDED_BEFORE.search(before) is not None


def _is_name(text: str, match: re.Match[str]) -> bool:
    r"""Return whether it may belong to a name: `FIRMA\nadia`, `FIRMA\n.adia`, `\newline`."""
    after = text[match.end() : match.end() + 1]
    written_by_a_program = match[0] != r"\n"
    if written_by_a_program or not (after.islower() or after.isdigit() or after in (".", "_")):
        return False
    return after != "" and _NAME_BEFORE.search(text[: match.start()][-2:]) is not None


def paragraphs(text: str) -> str:
    """Return plain text as HTML: blank lines part paragraphs, other line breaks stay; empty for an empty text."""
    parts = (html.escape(part, quote=False).strip("\n") for part in _BLANK_LINES.split(plain_text(text)))
    return "".join(f"<p>{part}</p>" for part in parts if part.strip()).replace("\n", "<br>")
