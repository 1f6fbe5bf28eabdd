"""Message bodies for display: the HTML that agents and customers wrote, without anything that acts or loads."""

import html
import re
from urllib.parse import urlsplit

import nh3
from markupsafe import Markup, escape

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


def _no_data(element: str, name: str, value: str) -> str | None:
    """Data addresses are for pictures, and for pixels only: SVG may hold script."""
    pixels = element == "img" and name == "src" and _INLINE_PICTURE.fullmatch(value.strip())
    return None if value.strip().lower().startswith("data:") and not pixels else value


_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    attributes=_ATTRIBUTES,
    attribute_filter=_no_data,
    url_schemes={"http", "https", "mailto", "tel", "data"},
    set_tag_attribute_values={"a": {"target": "_blank"}},
    link_rel="noopener noreferrer nofollow",
)


def display(body: str) -> Markup:
    """Return a message's body as safe HTML.

    Pictures that lie elsewhere become links: opening a page must tell nobody that it was opened.
    """
    lowered = _HEADING.sub(r"<\1h4", _CLEANER.clean(body))
    return Markup(_IMG.sub(_picture, lowered))  # noqa: S704 - cleaned above


def _picture(tag: re.Match[str]) -> str:
    given = {name: html.unescape(value) for name, value in _ATTRIBUTE.findall(tag[1])}
    source, alternative = given.get("src", "").strip(), given.get("alt", "")
    if source.startswith("data:"):
        return f'<img src="{escape(source)}" alt="{escape(alternative)}" loading="lazy">'
    label = escape(f"Picture not loaded: {alternative}" if alternative else "Picture not loaded")
    host = _host(source)
    if not host:
        return f'<span class="unloaded">{label}</span>'
    return (
        f'<a class="unloaded" href="{escape(source)}" target="_blank" '
        f'rel="noopener noreferrer nofollow">{label} ({escape(host)})</a>'
    )


def _host(address: str) -> str:
    """Return the host of a web address, or nothing for what is none."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return parts.netloc if parts.scheme in {"http", "https"} else ""
