"""Comparing a text that was sent with the text that Intercom gives back, which wraps and escapes it anew."""

import html
import re

from schemas.source import SOURCE

_TAG = re.compile(r"<[^>]*>")


def plain(text: str | None) -> str:
    """Return `text` without tags, entities and blank space: whatever is left must be equal."""
    return "".join(html.unescape(_TAG.sub("", text or "")).split())


def with_author(body: str, name: str | None, email: str | None) -> str:
    """Return `body` with the original author in front, for a message sent under the fallback admin's name."""
    shown = html.escape(name or "unknown agent")
    address = f" &lt;{html.escape(email)}&gt;" if email else ""
    return f"<p><b>Originally by {shown}{address} ({SOURCE})</b></p>{body}"
