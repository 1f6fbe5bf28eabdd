"""The words of a message, by a second reading that shares nothing with the cleaning of its HTML.

It is simple, and takes a word for visible in case of doubt: what nobody ended hides nothing, a word alone in angle
brackets is a word, and in a text that has no structure of HTML most tags are what somebody wrote. So what the cleaning
leaves out is found, whatever its reason. Works on one text. What belongs elsewhere: comparing the words (`words`).
"""

import html
import re
import unicodedata
from dataclasses import dataclass

from lxml.html import defs

_EMPTY_COMMENT = r"<!---?>|<!--\[if.*?\[endif\]-->"
_COMMENT = re.compile(rf"{_EMPTY_COMMENT}|<!--(?:(?!<!--).)*?--!?>", re.DOTALL | re.IGNORECASE)
_PROGRAMS_COMMENT = re.compile(
    rf"{_EMPTY_COMMENT}|<!--\s*(?:(?:Start|End)Fragment|<!\[endif\]|)\s*--!?>", re.DOTALL | re.IGNORECASE
)
_SCRIPT = re.compile(
    r"<script\b[^<>]*>(?:(?!<script\b)(?!</script\b).)*?[{};(=](?:(?!<script\b).)*?</script\s*>"
    r"|<script\b[^<>]*>(?:\s*|[^\s<>]+)</script\s*>",
    re.DOTALL | re.IGNORECASE,
)
_STYLE = re.compile(
    r"<style\b[^<>]*>(?:[^<{]*[{@][^<]*|\s*)</style\s*>|<style\b[^<>]*>[^<]*\{[^<]*\}", re.DOTALL | re.IGNORECASE
)
_TITLE = re.compile(r"<title\b[^<>]*>[^<]*</title\s*>", re.IGNORECASE)
_AT_THE_TOP = re.compile(r"\s*<(style|script)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_DRAWN = re.compile(r"<(svg|math)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_DRAWN_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
_MARKED_UP = re.compile(r"</[a-z][a-z0-9:]*\s*>|<(?:br|p|li|hr)\b|<\w+\s[^<>]*=", re.IGNORECASE)
_BRACKETS = re.compile(
    r"""<(/?)([a-z][a-z0-9:]*)((?:[\s/](?:=\s*"[^"]*"(?=[\s/>])|=\s*'[^']*'(?=[\s/>])|[^<>=]|=)*+)?)>""", re.IGNORECASE
)
_NAME = re.compile(r"<(/?)([a-z][a-z0-9:]*)(?=[\s/>])", re.IGNORECASE)
_DECLARATION = re.compile(r"<!doctype[^<>]*>|<!\[CDATA\[|<!\[[^<>]*>|\]\]>|<\?xml[^<>]*>", re.IGNORECASE)
_TOP = re.compile(r"\s*(?:<\?xml[^<>]*>\s*)?<(?:!doctype|html|head)\b", re.IGNORECASE)
_VALUED = re.compile(r"""[\s/]+["'\w:@.-]+\s*=""")
_NAMED = re.compile(r"""([\w:@.-]+)\s*=""")
_ASSIGNED = re.compile(r"""["'\w:@.-]+\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>]*)""")
_VALUE = r"""\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))"""
_SAYS = {
    name: re.compile(rf"[\s\"'/]{name}{_VALUE}", re.IGNORECASE)
    for name in (
        "href",
        "src",
        "data",
        "alt",
        "title",
        "value",
        "type",
        "start",
        "srcset",
        "srcdoc",
        "data-src",
        "label",
    )
}
_LEADS_NOWHERE = re.compile(r"\s*(?:(?:javascript|vbscript|data|about|blob|cid):|#|$)", re.IGNORECASE)
_PIXEL = re.compile(
    r"\b(?:width|height)\s*[=:]\s*[\"']?\s*[01](?:px)?\b|display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE
)
_BARE = re.compile(r"</?(?:p|br|div|b|i|span|li|ul|td|tr|blockquote|strong|em)\s*/?>", re.IGNORECASE)

_PAGE_NAMES = "html head body div p ul ol li dl dt dd table thead tbody tfoot tr td th blockquote h1 h2 h3 h4 h5 h6"
_PAGES = frozenset(_PAGE_NAMES.split())
"""Elements of which one that begins and ends makes a text HTML."""
_FORMAT_NAMES = (
    "a b big center cite code del em font i ins kbd nobr pre q s samp small span strike strong sub sup tt u var"
)
_FORMATS = frozenset(_FORMAT_NAMES.split())
"""Elements that people and programs put around words of a plain text."""
_VOID_NAMES = "br caption col colgroup hr img meta noscript wbr"
_BOX_IN_BOX = re.compile(
    rf"\s*<(?:{'|'.join(sorted(_PAGES))})\b[^<>]*>\s*<(?:{'|'.join(sorted(_PAGES))})\b", re.IGNORECASE
)
_OFTEN_LEFT_OPEN = _PAGES | _FORMATS | frozenset(_VOID_NAMES.split())
"""Elements that people and programs begin and do not end; another without end or attributes is a word in brackets."""
_MORE_NAMES = (
    "xmp listing plaintext noembed template svg math search slot frame noframes bgsound dialog main menu nobr picture "
    "rb rtc bdi data image desc g path text tspan xml use acronym param track"
)
_NAMES = defs.tags | frozenset(_MORE_NAMES.split())
_MORE_FLAGS = (
    "allowfullscreen async autofocus autoplay contenteditable controls declare defer download formnovalidate hidden "
    "inert itemscope loop muted noresize novalidate open playsinline required reversed"
)
_FLAGS = defs.safe_attrs | frozenset(_MORE_FLAGS.split())
_MORE_ATTRIBUTES = (
    "style background bgcolor bordercolor content data face for form frame link alink vlink text list poster property "
    "rel role sizes srcdoc srcset srclang src start step target topmargin leftmargin wrap xmlns value http-equiv kind "
    "placeholder min max pattern loading allow sandbox scrolling frameborder marginheight marginwidth classid is slot"
)
_KNOWN = _FLAGS | frozenset(_MORE_ATTRIBUTES.split())
_OFFICE = ("o:", "v:", "w:", "m:", "x:", "st1:")
_EMBEDDED = ("iframe", "frame", "video", "audio", "embed", "source")
_LETTERS = {
    "sup": {unicodedata.normalize("NFKC", letter): letter for letter in "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ"} | {"-": "⁻"},
    "sub": {unicodedata.normalize("NFKC", letter): letter for letter in "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎"} | {"-": "₋"},
}
_HIGH_OR_LOW = re.compile(
    r"<(sup|sub|span|font)\b([^<>]*)>((?:<(?!/?(?:sup|sub|span|font)\b)[^<>]*>|[^<>])*)</\1\s*>", re.IGNORECASE
)
_HIGH = re.compile(r"vertical-align\s*:\s*(sup|sub)", re.IGNORECASE)
_COUNTED_OTHERWISE = re.compile(r"\breversed\b|list-style|\btype\s*=\s*[\"']?[aAiI]\b", re.IGNORECASE)
_NOT_READ = ("hidden", "password", "checkbox", "radio", "file", "image", "color", "range")


@dataclass
class Source:
    """What a reader of a source's text sees: its words, and the targets, addresses and names that tags have.

    `plain`: nothing in it is a tag, so that its line ends are meant.
    """

    text: str
    targets: list[str]
    plain: bool = False


def read_source(text: str) -> Source:
    """Return what a reader of the source's text sees; its entities are as they stand."""
    if "<" not in text:
        return Source(text, [], plain=True)
    seen = _COMMENT.sub(" ", text) if "<!" in text else text
    seen = _DRAWN.sub(_words_drawn, _TITLE.sub(" ", _STYLE.sub(" ", _SCRIPT.sub(" ", seen))))
    names = _names(seen)
    page = (
        _TOP.match(seen) is not None
        or _BOX_IN_BOX.match(seen) is not None
        or any((False, name) in names and (True, name) in names for name in _PAGES)
    )
    if page:
        seen = _BARE.sub(" ", _with_letters(seen))
    else:
        seen = _PROGRAMS_COMMENT.sub(" ", text) if "<!" in text else text
        while (top := _AT_THE_TOP.match(seen)) is not None:
            seen = seen[top.end() :]
        if _MARKED_UP.search(seen) is None:
            return Source(seen, [], plain=True)
        names, seen = _names(seen), _with_letters(seen)
    targets: list[str] = []
    only_numbers = (False, "ol") in names and (False, "ul") not in names and not _COUNTED_OTHERWISE.search(seen)

    def read(found: re.Match[str]) -> str:
        name, rest = found[2].lower(), found[3]
        if not _is_tag(found[1] != "", name, rest, names, page=page):
            return found[0]
        if "=" in rest and found[1] == "":
            targets.extend(_said(name, rest))
            counts = (name == "ol" and not _COUNTED_OTHERWISE.search(rest)) or (name == "li" and only_numbers)
            number = _value("start" if name == "ol" else "value", rest).strip()
            if counts and number.isdigit() and number != "1":
                return f" {int(number)}. "
        return " "

    seen = _BRACKETS.sub(read, _DECLARATION.sub(" ", seen) if "<!" in seen or "<?" in seen else seen)
    return Source(seen, targets)


def _names(text: str) -> set[tuple[bool, str]]:
    return {(slash != "", name.lower()) for slash, name in _NAME.findall(text)}


def _with_letters(text: str) -> str:
    return _HIGH_OR_LOW.sub(_high_or_low, text) if "<su" in text or "<SU" in text or "vertical-align" in text else text


def _high_or_low(found: re.Match[str]) -> str:
    """Return raised or lowered figures as Unicode has them: `10<sup>3</sup>` is not said by 103."""
    name, aligned = found[1].lower(), _HIGH.search(found[2])
    letters = _LETTERS.get(name if name in _LETTERS else aligned[1].lower() if aligned else "", {})
    words = html.unescape(_TAG.sub("", found[3])).strip()
    if not words or any(letter not in letters for letter in words):
        return found[0]
    return "".join(_TAG.findall(found[3])) + "".join(letters[letter] for letter in words)


def _words_drawn(found: re.Match[str]) -> str:
    return " " + _DRAWN_TAG.sub(" ", found[0]) + " "


def _is_tag(ends: bool, name: str, rest: str, names: set[tuple[bool, str]], *, page: bool) -> bool:
    """Return whether what stands in angle brackets is a tag, and not what somebody wrote."""
    office = name.startswith(_OFFICE)
    if (name not in _NAMES and not office) or not _has_attributes(rest):
        return False
    alone = (not ends, name) not in names
    if page:
        return bool(rest.strip(" /\n\t")) or not alone or office or name in _OFTEN_LEFT_OPEN
    if name in ("a", "img"):
        return "=" in rest or not alone
    return office or name in ("br", "p", "li", "hr") or (not alone and name in _PAGES | _FORMATS)


def _has_attributes(rest: str) -> bool:
    """Return whether a tag has nothing but attributes: `<p Dear all, thanks>` has none."""
    if _VALUED.match(rest):
        named = {name.lower() for name in _NAMED.findall(rest)}
        if not named.isdisjoint(_KNOWN) or any("-" in name or ":" in name or name[:2] == "on" for name in named):
            return True
        return not _ASSIGNED.sub(" ", rest).strip(" /\n\t")
    words = rest.replace("/", " ").split()
    return all(word.lower() in _FLAGS or "-" in word or "=" in word for word in words)


def _value(name: str, rest: str) -> str:
    found = _SAYS[name].search(rest)
    return "" if found is None else found[1] or found[2] or found[3] or ""


def _said(name: str, rest: str) -> list[str]:
    """Return where a tag leads, what it shows from elsewhere, and what it is called."""
    if name in ("a", "area"):
        found = [_value("href", rest)]
    elif name == "img" and not _PIXEL.search(rest):
        called = _value("alt", rest).strip() or _value("title", rest).strip()
        source, late = _value("src", rest), _value("data-src", rest).strip()
        if late.lower().startswith("http") or not source or source.lower().startswith("data:"):
            source = late or _value("srcset", rest).strip().split(" ")[0].rstrip(",")
        called = "" if rest.count('"') % 2 else called  # A quote that nobody closed: what is behind it is none.
        found = [called, source if not called or source.lower().startswith("http") else ""]
    elif name in _EMBEDDED and not _PIXEL.search(rest):
        page = " ".join(html.unescape(_TAG.sub(" ", html.unescape(_value("srcdoc", rest)))).split())
        found = [page or _value("src", rest)]
    elif name == "optgroup":
        found = [_value("label", rest)]
    elif name == "object" and not _PIXEL.search(rest):
        found = [_value("data", rest)]
    elif name == "input" and _value("type", rest).strip().lower() not in _NOT_READ:
        found = [_value("value", rest)]
    else:
        found = []
    return [target for target in found if not _LEADS_NOWHERE.match(target)]
