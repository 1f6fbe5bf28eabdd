"""Plain text: its line breaks, and turning it into HTML paragraphs. Works on one text.

What belongs elsewhere: telling it from HTML (`markup`), cleaning HTML (`html`) and reading texts in batches (`bodies`).
"""

import html
import re

_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|#\d{1,7}|#x[0-9a-f]{1,6});", re.IGNORECASE)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_BREAKS = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
"""What programs write for a line's end: a vertical tab or a page break too, and Unicode's separators."""
_WINDOWS_PATH = re.compile(r"(?:^|[\s\"'(])(?:[A-Za-z]:\\|\\\\\w)")
_LITERAL_BREAK = re.compile(r"(?:\\r)?\\n")
_BLANK_LINES = re.compile(r"\n[^\S\n]*\n\s*")


def without_controls(text: str) -> str:
    """Return the text with one kind of line break and without control characters, which no reader shows."""
    return _CONTROLS.sub("", _BREAKS.sub("\n", text))


def plain_text(text: str) -> str:
    r"""Return plain text as it was meant: entities resolved, and `\n` written out as two characters made a break.

    The latter only where the text has no real line break, and not where it has a Windows path (`C:\new`).
    """
    text = without_controls(text)
    if _ENTITY.search(text):
        text = html.unescape(text)
    if "\n" not in text.strip() and not _WINDOWS_PATH.search(text):
        text = _LITERAL_BREAK.sub("\n", text)
    return text.strip()


def paragraphs(text: str) -> str:
    """Return plain text as HTML: blank lines part paragraphs, other line breaks stay; empty for an empty text."""
    parts = (html.escape(part, quote=False).strip("\n") for part in _BLANK_LINES.split(plain_text(text)))
    return "".join(f"<p>{part}</p>" for part in parts if part.strip()).replace("\n", "<br>")
