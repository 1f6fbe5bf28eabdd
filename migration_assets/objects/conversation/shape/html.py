"""HTML of messages: cleaned to what Intercom shows, images told apart, always wrapped in block elements.

Works on one text. What belongs elsewhere: plain text (`plain`) and reading texts in batches (`bodies`).
"""

import html
import re

import nh3
from inscriptis import get_text
from inscriptis.css_profiles import CSS_PROFILES
from inscriptis.model.config import ParserConfig

from migration_assets.objects.conversation.shape.plain import is_html, paragraphs, plain_text, without_controls

BLOCKS = ("p", "ul", "ol", "blockquote", "pre", "h1", "h2", "table")
"""The elements that may stand at the top of a body."""

_TAGS = {*BLOCKS, "br", "b", "strong", "i", "em", "u", "a", "li", "code", "img"}
_TAGS |= {"thead", "tbody", "tfoot", "tr", "th", "td", "caption"}
# style, width and height are only let through for finding tracking pixels; no image keeps them.
_ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt", "style", "width", "height"}}
_ATTRIBUTES |= {"td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}
_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    clean_content_tags={"script", "style", "title"},
    attributes=_ATTRIBUTES,
    attribute_filter=lambda tag, attribute, value: _kept(tag, attribute, value),
    strip_comments=True,
    link_rel=None,
    url_schemes={"http", "https", "mailto", "cid", "data"},
)

# Elements of HTML, present and past; `<` before anything else (an address, a placeholder) is text.
_ELEMENT_NAMES = (
    "a abbr acronym area audio b base basefont bdi bdo big blockquote body br button canvas caption cite code col "
    "colgroup data del details dfn dialog dir em embed font frame frameset h1 h2 head hr html i iframe img input ins "
    "kbd label legend li link map mark math meta nobr noscript object ol optgroup option p param picture pre q s samp "
    "script select small source span strike strong style sub summary sup svg table tbody td template textarea tfoot "
    "th thead time title tr track tt u ul var video wbr xml"
)
_ELEMENTS = frozenset(_ELEMENT_NAMES.split())
# Boxes that break the line but are nothing to Intercom, and headings that it does not have.
_BOXES = "address article aside center dd div dl dt fieldset figcaption figure footer form header main nav section"
_RENAMED = dict.fromkeys(_BOXES.split(), "p") | dict.fromkeys(("h3", "h4", "h5", "h6"), "h2")
_OFFICE = ("o:", "v:", "w:", "m:", "x:", "st1:")
_BRACKET = re.compile(
    r"<(?:(/?)([a-z][a-z0-9]*(?::\w+)?)(?=[\s/>])|(?P<other>(?=!--|!\[|!doctype|\?)))?", re.IGNORECASE
)
_IMAGE = re.compile(r'<img((?:\s[\w-]+="[^"]*")*)\s*/?>')
_IMAGE_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|(?:^|[;\s])(?:width|height)\s*:\s*[01](?:px)?\s*(?:;|!|$)", re.I
)
_BLOCK_TAG = re.compile(rf"(</?(?:{'|'.join(BLOCKS)})(?:\s[^>]*)?>)")
_EMPTY_BLOCK = re.compile(r"<(p|blockquote|pre|h1|h2|li|ul|ol)>(?:\s|&nbsp;|\u00a0|<br>)*</\1>")
_BARE_LINK = re.compile(r"<a>(.*?)</a>", re.DOTALL)
_ANY_TAG = re.compile(r"<[^>]*>")

_TEXT_STYLE = ParserConfig(css=CSS_PROFILES["strict"].copy())


def body_html(text: str | None) -> str | None:
    """Return a message body as Intercom should get it, or None where nothing is to be seen in it."""
    if text is None or not text.strip():
        return None
    return (clean_html(text) if is_html(text) else paragraphs(text)) or None


def body_text(text: str | None) -> str | None:
    """Return a message body as plain text, or None where nothing is to be seen in it."""
    if text is None or not text.strip():
        return None
    if not is_html(text):
        return plain_text(text) or None
    # The cleaned HTML, so that scripts, hidden images and the words for inline images are the same in both forms.
    return get_text(_linked(clean_html(text)), _TEXT_STYLE).strip() or None


def lead_text(body: str | None) -> str:
    """Return the beginning of a cleaned body as folded text, in which a private mark is looked for."""
    if body is None:
        return ""
    text = html.unescape(_ANY_TAG.sub(" ", body[:4000]))
    return " ".join(text.split()).casefold()[:200]


def clean_html(text: str) -> str:
    """Return the HTML with only what is allowed in it, wrapped in block elements; empty if nothing is left."""
    text = _BRACKET.sub(_bracket, without_controls(text))
    body = _in_blocks(_IMAGE.sub(_image, _CLEANER.clean(text)))
    body, previous = _BARE_LINK.sub(r"\1", body), None
    while previous != body:
        previous, body = body, _EMPTY_BLOCK.sub("", body)
    return body.strip()


def _bracket(match: re.Match[str]) -> str:
    """Return the beginning of a tag, renamed where Intercom has no such element, or an escaped `<` where it is none."""
    slash, name, other = match.groups()
    if name is None:
        return "&lt;" if other is None else "<"
    name = name.lower()
    if name in _RENAMED:
        return f"<{slash}{_RENAMED[name]}"
    known = name in _ELEMENTS or name.startswith(_OFFICE)
    return match[0] if known else "&lt;" + match[0][1:]


def _kept(tag: str, attribute: str, value: str) -> str | None:
    """Drop links that are not addresses; `cid:` and `data:` are let through for images only, to be named."""
    if tag == "a" and attribute == "href" and not value.strip().lower().startswith(("http:", "https:", "mailto:")):
        return None
    return "data:" if tag == "img" and attribute == "src" and value.lower().startswith("data:") else value


def _image(match: re.Match[str]) -> str:
    """Return what stands for one image: the image, words for one that is not in the extract, nothing for a pixel."""
    found = dict(_IMAGE_ATTRIBUTE.findall(match[1]))
    source, name = found.get("src", ""), found.get("alt", "").strip()
    sizes = [found[key].strip().removesuffix("px") for key in ("width", "height") if key in found]
    if any(size in ("0", "1") for size in sizes) or _HIDDEN.search(found.get("style", "")):
        return ""
    if source.lower().startswith(("http:", "https:")):
        return f'<img src="{source}" alt="{name}">' if name else f'<img src="{source}">'
    if source.lower().startswith("cid:"):
        name = name or source[4:].partition("@")[0]
    return f"[inline image: {name}]" if name else "[inline image]"


def _in_blocks(body: str) -> str:
    """Wrap what stands outside of block elements, because Intercom reads only a wholly wrapped body as HTML."""
    depth, loose, done = 0, "", []
    for piece in _BLOCK_TAG.split(body):
        if not _BLOCK_TAG.fullmatch(piece):
            if depth == 0:
                loose += piece
            else:
                done.append(piece)
            continue
        if depth == 0:
            done.append(_wrapped(loose))
            loose = ""
        depth += -1 if piece.startswith("</") else 1
        done.append(piece)
    done.append(_wrapped(loose))
    wrapped = "".join(done)
    # Inline elements that reach over blocks (<b><p>…</p></b>) are cut by the wrapping; cleaning again mends them.
    return _IMAGE.sub(_image, _CLEANER.clean(wrapped)) if wrapped != body else body


def _wrapped(loose: str) -> str:
    return f"<p>{loose.strip()}</p>" if loose.strip() else ""


def _linked(body: str) -> str:
    """Put a link's address behind its words, where plain text would lose it."""
    return re.sub(
        r'<a href="([^"]*)">(.*?)</a>',
        lambda found: found[2] if found[1].split(":", 1)[-1].strip("/") in found[2] else f"{found[2]} ({found[1]})",
        body,
        flags=re.DOTALL,
    )
