"""The HTML of an article: what Intercom keeps of it, and what makes it refuse the article.

By Intercom's guide "Constructing an article using HTML": the elements below, two levels of headings, whole lists and
tables, videos of six hosts, and images that it can fetch.
"""

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

import nh3

from embedded_intercom.protocol.errors import invalid

VIDEO_HOSTS = (
    "youtube.com",
    "youtu.be",
    "wistia.com",
    "wistia.net",
    "vimeo.com",
    "loom.com",
    "vidyard.com",
    "streamio.com",
)
_TAGS = {
    *("p", "br", "hr", "h1", "h2", "a", "img", "ul", "ol", "li", "table", "thead", "tbody", "tr", "td", "th", "iframe"),
    *("pre", "code", "b", "strong", "i", "em", "div"),
}
_ATTRIBUTES = {
    "*": {"class"},
    "a": {"href", "target"},
    "img": {"src", "alt", "width", "height"},
    "iframe": {"src", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
_LOW_HEADING = re.compile(r"<(/?)h[3-6]\b", re.IGNORECASE)


def kept(body: str) -> str:
    """Return what an article's body reads back as.

    Raises:
        ApiError: 400 for an image or video that cannot be used, a list without content, a table that is empty, in
            a list or in another table.
    """
    checked = _Checker()
    checked.feed(body)
    checked.close()
    if checked.fault is not None:
        raise invalid(checked.fault)
    return nh3.clean(_LOW_HEADING.sub(r"<\1h2", body), tags=_TAGS, attributes=_ATTRIBUTES, link_rel=None)


class _Checker(HTMLParser):
    """Goes through a body and keeps the first fault that it finds."""

    def __init__(self) -> None:
        super().__init__()
        self.fault: str | None = None
        self._open: list[str] = []
        self._full: list[bool] = []
        """Per open list item: whether anything is in it."""
        self._cells: list[bool] = []
        """Per open table: whether it has a cell in a row."""
        self._items: list[bool] = []
        """Per open list: whether it has an item with content."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at what an element begins with and where it stands."""
        source = dict(attrs).get("src") or ""
        if tag == "img":
            self._mark_full()
            if urlsplit(source).scheme not in ("http", "https") or not urlsplit(source).netloc:
                self._say("An image of the article could not be downloaded")
        elif tag == "iframe" and not _is_video(source):
            self._say("An iframe must be a video of a supported host")
        elif tag == "table":
            if "table" in self._open or "li" in self._open:
                self._say("A table cannot be in a list or in another table")
            self._cells.append(False)
        elif tag in ("td", "th") and self._cells and "tr" in self._open:
            self._cells[-1] = True
        elif tag in ("ul", "ol"):
            self._items.append(False)
        elif tag == "li":
            self._full.append(False)
        if tag not in ("img", "br", "hr"):
            self._open.append(tag)

    def handle_data(self, data: str) -> None:
        """Text fills the list item that it stands in."""
        if data.strip():
            self._mark_full()

    def handle_endtag(self, tag: str) -> None:
        """Judge a list or a table that ends here."""
        if tag in self._open:
            while self._open.pop() != tag:
                pass
        if tag == "li" and self._full and self._full.pop() and self._items:
            self._items[-1] = True
        elif tag in ("ul", "ol") and self._items and not self._items.pop():
            self._say("A list must contain at least one item that is not empty")
        elif tag == "table" and self._cells and not self._cells.pop():
            self._say("A table must have at least one row and one cell")

    def _mark_full(self) -> None:
        self._full = [True] * len(self._full)

    def _say(self, fault: str) -> None:
        self.fault = self.fault or fault


def _is_video(source: str) -> bool:
    host = urlsplit(source).hostname or ""
    return any(host == known or host.endswith(f".{known}") for known in VIDEO_HOSTS)
