"""Message bodies for display: the HTML that agents and customers wrote, without anything that acts or loads.

The workspace cleans what it takes in, but that is Intercom's list of elements, and states may hold what older
versions let through. What is shown here is cleaned once more, by a list of its own.
"""

import html
import re
from functools import partial
from urllib.parse import urlsplit

import nh3
from markupsafe import Markup, escape

from embedded_intercom.inbox.attachments import own_address

_TAGS = {
    *("a", "b", "blockquote", "br", "code", "del", "div", "em", "figure", "figcaption", "h1", "h2", "h3", "h4", "h5"),
    *("h6", "hr", "i", "img", "ins", "li", "ol", "p", "pre", "s", "span", "strong", "sub", "sup", "table", "tbody"),
    *("td", "tfoot", "th", "thead", "tr", "u", "ul"),
}
_ATTRIBUTES = {
    "*": {"dir", "lang"},
    "a": {"href", "title"},
    "img": {"src", "alt"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "ol": {"start"},
}
_INLINE_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]+")
_IMG = re.compile(r'<img((?:\s+[a-z]+="[^"]*")*)\s*>')
_ATTRIBUTE = re.compile(r'\s+([a-z]+)="([^"]*)"')
# Headings of a message must not mix with the page's own.
_HEADING = re.compile(r"<(/?)h[1-6](?=[\s>])")


def _attribute(element: str, name: str, value: str) -> str | None:
    if element == "a" and name == "href" and value.strip().lower().startswith("data:"):
        return None
    if element == "img" and name == "src":
        value = value.strip()
        return value if _picture(value) or _elsewhere(value) else None
    return value


def _picture(address: str) -> bool:
    return _INLINE_PICTURE.fullmatch(address) is not None


def _elsewhere(address: str) -> bool:
    try:
        return urlsplit(address).scheme in {"http", "https"}
    except ValueError:
        return False


_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    attributes=_ATTRIBUTES,
    attribute_filter=_attribute,
    url_schemes={"http", "https", "mailto", "tel", "data"},
    set_tag_attribute_values={"a": {"target": "_blank"}},
    link_rel="noopener noreferrer nofollow",
)


def display(body: str | None, root: str) -> Markup:
    """Return a message's body as safe HTML, for a page of the inbox at `root`.

    Pictures that lie elsewhere become links: opening a thread must tell nobody that it was opened.
    """
    cleaned = _CLEANER.clean(body or "")
    lowered = _HEADING.sub(r"<\1h4", cleaned)
    return Markup(_IMG.sub(partial(_image, root), lowered))  # noqa: S704 - cleaned above


def _image(root: str, tag: re.Match[str]) -> str:
    given = {name: html.unescape(value) for name, value in _ATTRIBUTE.findall(tag[1])}
    source, alternative = given.get("src", ""), given.get("alt", "")
    source = own_address(source, root) or source
    if source and not _elsewhere(source):
        return f'<img src="{escape(source)}" alt="{escape(alternative)}" loading="lazy">'
    label = escape(f"Picture not loaded: {alternative}" if alternative else "Picture not loaded")
    if not source:
        return f'<span class="unloaded">{label}</span>'
    return (
        f'<a class="unloaded" href="{escape(source)}" target="_blank" '
        f'rel="noopener noreferrer nofollow">{label} ({escape(urlsplit(source).netloc)})</a>'
    )
