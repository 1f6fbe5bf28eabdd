"""HTML of messages: cleaned to what Intercom shows, images told apart, always wrapped in block elements.

Works on one text. What belongs elsewhere: telling tags from words (`markup`), plain text (`plain`) and reading texts in
batches (`bodies`).
"""

import html
import re

import nh3
from inscriptis import get_text
from inscriptis.css_profiles import CSS_PROFILES
from inscriptis.model.config import ParserConfig

from migration_assets.objects.conversation.shape.addresses import TARGET
from migration_assets.objects.conversation.shape.elements import BLOCKS, KEPT, VOID
from migration_assets.objects.conversation.shape.markup import whole_markup
from migration_assets.objects.conversation.shape.plain import paragraphs, plain_text

DEEPEST = 60
"""Elements within each other that are kept; the words of those further in stay, in lines of their own. Readers of HTML
have limits (libxml2 256), beyond which they leave out the text without a word."""

_CLEANER = nh3.Cleaner(
    tags=KEPT,
    clean_content_tags=set(),
    attributes={
        "a": {"href", TARGET},
        "img": {"src", "alt"},
        "td": {"colspan", "rowspan"},
        "th": {"colspan", "rowspan"},
    },
    strip_comments=True,
    link_rel=None,
    url_schemes={"http", "https", "mailto"},
)
_IMAGE = re.compile(r'<img src="([^"]*)"(?: alt="([^"]*)")?>')
_BLOCK_TAG = re.compile(rf"(</?(?:{'|'.join(BLOCKS)})(?:\s[^>]*)?>)")
_EMPTY_BLOCK = re.compile(r"<(p|blockquote|pre|h1|h2|li|ul|ol)>(?:\s|&nbsp;|\u00a0|<br>)*</\1>")
_BARE_LINK = re.compile(r"<a>(.*?)</a>", re.DOTALL)
_ASIDE = re.compile(rf'<a {TARGET}="([^"]*)">(.*?)</a>', re.DOTALL)
_LINK = re.compile(r'<a href="([^"]*)">(.*?)</a>', re.DOTALL)
_TABLE = re.compile(r"<table>((?:(?!<table>).)*?)</table>", re.DOTALL)
_LINES = re.compile(r"<(?:br|p|li|blockquote|pre|h1|h2|grid-table)>")
_GRID_TAG = re.compile(r"(</?)(table|thead|tbody|tfoot|tr|td|th)(?=[\s>])")
_GRID_NAME = re.compile(r"(</?)grid-(table|thead|tbody|tfoot|tr|td|th)(?=[\s>])")
_ROW = re.compile(r"</?(?:thead|tbody|tfoot|tr)>")
_CELL = re.compile(r"<(/?)(?:td|th)(?:\s[^>]*)?>")
_ELEMENT = re.compile(r"<(/?)([a-z][a-z0-9]*)[^>]*>")
_ANY_TAG = re.compile(r"<[^>]*>")

_BETWEEN = r"[\W_]*"
_TEXT_STYLE = ParserConfig(css=CSS_PROFILES["strict"].copy())


def body_html(text: str | None) -> str | None:
    """Return a message body as Intercom should get it, or None where nothing is to be seen in it."""
    if text is None or not text.strip():
        return None
    markup = whole_markup(text)
    return (paragraphs(text) if markup is None else clean_html(markup)) or None


def body_text(text: str | None) -> str | None:
    """Return a message body as plain text, or None where nothing is to be seen in it."""
    if text is None or not text.strip():
        return None
    markup = whole_markup(text)
    if markup is None:
        return plain_text(text) or None
    # The cleaned HTML, so that scripts, hidden images and the words for inline images are the same in both forms.
    body = _IMAGE.sub(_image_in_words, _linked(_unrolled(clean_html(markup))))
    return _text_of(body).strip() or None


def _text_of(body: str) -> str:
    """Return cleaned HTML as text; with another sign for `&`, because the reader resolves entities more than once."""
    sign = next(letter for letter in map(chr, range(0xE000, 0xF900)) if letter not in body)
    return get_text(body.replace("&amp;", sign), _TEXT_STYLE).replace(sign, "&")


def first_words(body: str | None) -> str:
    """Return the beginning of a cleaned body as single-spaced text."""
    return "" if body is None else " ".join(html.unescape(_ANY_TAG.sub(" ", body[:4000])).split())


def clean_html(markup: str) -> str:
    """Return whole markup with only what is allowed in it, wrapped in block elements; empty if nothing is left."""
    body = _ASIDE.sub(_beside, _CLEANER.clean(markup))
    body, previous = _BARE_LINK.sub(r"\1", _flat(_in_blocks(body))), None
    while previous != body:
        previous, body = body, _EMPTY_BLOCK.sub("", body)
    return body.strip()


def _beside(found: re.Match[str]) -> str:
    """Return a link's words with its target behind them, where they do not say it themselves."""
    return found[2] if _says(found[2], found[1]) else f"{found[2]} ({found[1]})"


def _says(label: str, target: str) -> bool:
    """Return whether the label of a link says where it leads: all its letters, and no more of the same word."""
    bare = [letter for letter in html.unescape(target).split(":", 1)[-1].casefold() if letter.isalnum()]
    shown = html.unescape(_ANY_TAG.sub("", label)).casefold()
    return bool(bare) and re.search(rf"(?<!\w){_BETWEEN.join(bare)}(?!\.?\w)", shown) is not None


def _image_in_words(found: re.Match[str]) -> str:
    """Return where an image is and what it is called, for text, which shows none."""
    return f"[image: {found[2]} ({found[1]})]" if found[2] else f"[image: {found[1]}]"


def _flat(body: str) -> str:
    """Return HTML without the elements that lie too deep; their text stays, in lines of its own."""
    if body.count("<") <= DEEPEST:
        return body
    depth = 0

    def kept(tag: re.Match[str]) -> str:
        nonlocal depth
        if tag[2] in VOID:
            return tag[0]
        depth += 0 if tag[1] else 1
        deep = depth > DEEPEST
        depth -= 1 if tag[1] else 0
        return ("<br>" if tag[2] in BLOCKS or tag[2] in ("td", "th", "li") else "") if deep else tag[0]

    return _ELEMENT.sub(kept, body)


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
    return _CLEANER.clean(wrapped) if wrapped != body else body


def _wrapped(loose: str) -> str:
    return f"<p>{loose.strip()}</p>" if loose.strip() else ""


def _unrolled(body: str) -> str:
    """Return HTML in which only tables with a line in each cell are tables: side by side, lines of cells would mix."""
    previous = None
    while previous != body:
        previous, body = body, _TABLE.sub(_table, body)
    return _GRID_NAME.sub(r"\1\2", body)


def _table(found: re.Match[str]) -> str:
    """Return a table as a grid, under names of its own, so that one around it leaves its rows; or as lines."""
    if not _LINES.search(found[1]):
        return _GRID_TAG.sub(r"\1grid-\2", found[0])
    return _CELL.sub(r"<\1p>", _ROW.sub("", found[1]))


def _linked(body: str) -> str:
    """Put a link's address behind its words, where plain text would lose it."""
    return _LINK.sub(
        lambda found: found[2] if _said_in_full(found[2], found[1]) else f"{found[2]} ({found[1]})",
        body,
    )


def _said_in_full(label: str, target: str) -> bool:
    address = target.split(":", 1)[-1].strip("/")
    return bool(address) and re.search(rf"(?<![\w.]){re.escape(address)}/?(?![\w/.-]*\w)", label) is not None
