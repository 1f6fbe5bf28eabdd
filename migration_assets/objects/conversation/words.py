"""The words of a message, by a second reading that shares nothing with the cleaning of its HTML.

It is simple, and takes a word for visible in case of doubt: what nobody ended hides nothing, and a word alone in angle
brackets is a word. So what the cleaning leaves out is found, whatever its reason. Works on one text. What belongs
elsewhere: comparing all texts (`shape/words`), and what Intercom shows (`read_back`).
"""

import html
import re

from lxml.html import defs

_COMMENT = re.compile(r"<!--\[if.*?\[endif\]-->|<!--(?:(?!<!--).)*?-->|<!--?>", re.DOTALL | re.IGNORECASE)
_SCRIPT = re.compile(
    r"<script\b[^<>]*>(?:(?!<script\b)(?!</script\b).)*?[{};(=](?:(?!<script\b).)*?</script\s*>"
    r"|<script\b[^<>]*>(?:\s*|[^\s<>]+)</script\s*>",
    re.DOTALL | re.IGNORECASE,
)
_STYLE = re.compile(
    r"<style\b[^<>]*>(?:[^<{]*[{@][^<]*|\s*)</style\s*>|<style\b[^<>]*>[^<]*\{[^<]*\}", re.DOTALL | re.IGNORECASE
)
_TITLE = re.compile(r"<title\b[^<>]*>[^<]*</title\s*>", re.IGNORECASE)
_MARKED_UP = re.compile(r"</[a-z][a-z0-9:]*\s*>|<(?:br|p|li|hr)\s*/?>|<\w+\s[^<>]*=|<!doctype|^\s*<", re.IGNORECASE)
_BRACKETS = re.compile(r"""<(/?)([a-z][a-z0-9:]*)((?:[\s/](?:="[^"<]*"|='[^'<]*'|[^<>])*?)?)>""", re.IGNORECASE)
_NAME = re.compile(r"<(/?)([a-z][a-z0-9:]*)(?=[\s/>])", re.IGNORECASE)
_DECLARATION = re.compile(r"<!doctype[^<>]*>|<!\[CDATA\[|<!\[[^<>]*>|\]\]>|<\?xml[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_SEVERAL_WORDS = re.compile(r"\s+[\w:-]+\s+\w")
_TARGET = re.compile(r"""<a\s[^<>]*?\bhref\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)')""", re.IGNORECASE)
_LEADS_NOWHERE = re.compile(r"\s*(?:(?:javascript|vbscript|data|about|blob|cid):|#|$)", re.IGNORECASE)
_PICTURE = re.compile(r"<img\s[^<>]*>", re.IGNORECASE)
_PIXEL = re.compile(r"\b(?:width|height)\s*[=:]\s*[\"']?[01](?:px)?\b|display\s*:\s*none|visibility\s*:", re.IGNORECASE)
_PICTURE_SAYS = re.compile(
    r"""\s(?:alt|src)\s*=\s*(?:"((?!data:|cid:)[^"]+)"|'((?!data:|cid:)[^']+)')""", re.IGNORECASE
)
_BLANK = re.compile(r"(?:\\r)?\\n|[\s\x00-\x1f\x7f-\x9f\u00a0\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]+")
_ODD = re.compile(r"\\n|[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")
"""What `str.split` does not take for a blank, and nobody sees."""
_SIGNS = re.compile(r"[\W_]+")

_OFTEN_LEFT_OPEN = frozenset(
    [
        "a",
        "b",
        "big",
        "blockquote",
        "body",
        "caption",
        "center",
        "cite",
        "code",
        "col",
        "colgroup",
        "dd",
        "del",
        "div",
        "dl",
        "dt",
        "em",
        "font",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "head",
        "html",
        "i",
        "img",
        "ins",
        "kbd",
        "meta",
        "nobr",
        "noscript",
        "ol",
        "pre",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "tt",
        "u",
        "ul",
        "var",
        "wbr",
        "br",
        "hr",
        "p",
        "li",
    ]
)
"""Elements that people and programs begin and do not end; another without end or attributes is a word in brackets."""
_NAMES = defs.tags | {"xmp", "listing", "plaintext", "noembed", "template", "svg", "math", "search", "slot"}
_BARE = re.compile(r"</?(?:p|br|div|b|i|span|li|ul|td|tr|blockquote|strong|em)\s*/?>", re.IGNORECASE)
_OFFICE = ("o:", "v:", "w:", "m:", "x:", "st1:")
_UNESCAPED_AT_MOST = 3


def source_words(text: str) -> list[str]:
    """Return what a reader of a source's text sees, in pieces between blanks and tags."""
    if "<" in text:
        text = _COMMENT.sub(" ", text) if "<!" in text else text
        text = _TITLE.sub(" ", _STYLE.sub(" ", _SCRIPT.sub(" ", text)))
        if _MARKED_UP.search(text):
            text = _BARE.sub(" ", _DECLARATION.sub(" ", text))
            names = {(bool(slash), name.lower()) for slash, name in _NAME.findall(text)}
            text = _BRACKETS.sub(lambda found: _seen(found, names), text)
    return _pieces(text)


def _seen(found: re.Match[str], names: set[tuple[bool, str]]) -> str:
    """Return a blank for a tag, and what stands in angle brackets where it is none."""
    name, rest = found[2].lower(), found[3]
    if name not in _NAMES and not name.startswith(_OFFICE):
        return found[0]
    if "=" not in rest and _SEVERAL_WORDS.match(rest):
        return found[0]
    alone = (not found[1], name) not in names
    bare = not rest.strip(" /\n\t")
    return found[0] if bare and alone and name not in _OFTEN_LEFT_OPEN and not name.startswith(_OFFICE) else " "


def shown_text(shown: str, *, markup: bool) -> str:
    """Return what is sent, or what Intercom shows, without any blank; tags are taken out of what is markup."""
    return "".join(_pieces(_TAG.sub(" ", shown) if markup else shown))


def _pieces(text: str) -> list[str]:
    for _ in range(_UNESCAPED_AT_MOST):
        if "&" not in text:
            break
        text = html.unescape(text)
    return (_BLANK.sub(" ", text) if _ODD.search(text) else text).split()


def missing_words(source: str | None, shown: str | None, *, markup: bool = True) -> list[str]:
    """Return the words of a source's text that are not in what is shown, in their order; none where it is whole.

    Args:
        source: the source's text, plain or HTML.
        shown: what is to be sent, or what Intercom shows.
        markup: whether that is HTML.
    """
    if not source:
        return []
    pieces, there = source_words(source), shown_text(shown or "", markup=markup)
    lost = [] if "".join(pieces) in there else _not_in_order(pieces, there)
    return lost + (_missing_targets(source, shown or "") if "=" in source and "<" in source else [])


def _not_in_order(pieces: list[str], there: str) -> list[str]:
    """Return the pieces that do not follow each other in the text; all its words and their order are the question."""
    position, lost = 0, []
    for piece in pieces:
        found = there.find(piece, position)
        if found < 0:
            lost.append(piece)
        else:
            position = found + len(piece)
    # What stands elsewhere in it has only been moved: HTML takes text out of a table that is not in a cell.
    return [piece for piece in lost if piece not in there]


def _missing_targets(source: str, shown: str) -> list[str]:
    """Return where links lead, and what images are called, if it is neither a link nor said in words."""
    said = [double or single for double, single in _TARGET.findall(source)]
    targets = [target for target in said if not _LEADS_NOWHERE.match(html.unescape(target))]
    for picture in _PICTURE.findall(source):
        if not _PIXEL.search(picture):
            targets += [double or single for double, single in _PICTURE_SAYS.findall(picture)][:2]
    if not targets:
        return []
    there = _letters(shown)
    return [target for target in targets if _letters(re.sub(r"^\s*\w+:", "", target)) not in there]


def _letters(text: str) -> str:
    return _SIGNS.sub("", "".join(_pieces(text))).casefold()
