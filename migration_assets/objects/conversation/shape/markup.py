"""The tags of a message: what is markup, what only looks like it, and the same text with safe, whole tags.

A word in angle brackets, a comment or a style that nobody ended, or a line end in text that is no HTML would be lost
where HTML is read by the book. Here it is made text, or a break, before it is. Works on one text. What belongs
elsewhere: cleaning HTML (`html`), plain text (`plain`), the elements (`elements`).
"""

import html
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from migration_assets.objects.conversation.shape import elements
from migration_assets.objects.conversation.shape.plain import without_controls

TARGET = "data-target"
"""The attribute in which a link's target is kept that cannot be a link in Intercom."""

# A quoted value must be followed by what may follow one: a quote that nobody closed would reach into the text.
_QUOTED = r"""=\s*(?:"[^"]*"|'[^']*')(?=[\s/>])"""
_TAG = re.compile(rf"<(/?)([a-z][a-z0-9]*(?::\w+)?)(?=[\s/>])((?:{_QUOTED}|[^<>=]|=)*+)>", re.IGNORECASE)
_DOCTYPE = re.compile(r"^\s*(?:<\?xml[^<>]*>\s*)?<!doctype[^<>]*>", re.IGNORECASE)
_DECLARATION = re.compile(
    r"<!doctype[^<>]*>(?=\s*<(?:!--|html|head|body|meta|style))|<!\[(?:if|endif)[^<>]*>|<\?xml[^<>]*>", re.IGNORECASE
)
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
# One that holds the beginning of another was never ended; for the comments of office programs that is usual.
_COMMENT = re.compile(r"<!--(?:-?>|\[if(?:(?!-->).)*-->|(?:(?!<!--).)*?--!?>)", re.DOTALL | re.IGNORECASE)
_HIDING = re.compile(
    r"<(script|style|title)(?=[\s/>])([^<>]*)>((?:(?!<\1[\s/>]).)*?)</\1\s*>", re.DOTALL | re.IGNORECASE
)
_OPEN_STYLE = re.compile(r"<style(?=[\s/>])[^<>]*>(?:[^<>{}]*\{[^<>{}:]*:[^<>{}]*\})+", re.IGNORECASE)
_RULES = re.compile(r"\{|@import|<!--|^\s*$")
_CODE = re.compile(r"\{|\w\(|^\s*$")
_SIGN = re.compile(r"[;=]")
_PHRASE = re.compile(r"(?:[^\W\d_]{2,}[,.:;]?\s+){2}[^\W\d_]{2,}")
_QUOTES = re.compile(r"""'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`[^`]*`|/\*.*?\*/""", re.DOTALL)
_ATTRIBUTE = re.compile(r"""([\w:@.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|["']?([^\s"'<>]*))""")
_ONLY_ATTRIBUTES = re.compile(
    r"""(?:\s+[\w:@.-]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>=][^\s"'<>]*))?)*\s*/?""", re.IGNORECASE
)
_VALUED = re.compile(r"""\s+["'\w:@.-]+\s*=""")
_PRESERVED = re.compile(r"white-space\s*:\s*(?:pre|break-spaces)", re.IGNORECASE)
_PRESERVING_CLASS = re.compile(r"\.([\w-]+)\s*\{[^{}]*white-space\s*:\s*(?:pre|break-spaces)", re.IGNORECASE)
_HIDDEN_IMAGE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|(?:^|[;\s])(?:width|height)\s*:\s*[01](?:px)?\s*(?:;|!|$)", re.I
)
_LINK = re.compile(r"(?:https?|mailto):", re.IGNORECASE)
_NOWHERE = re.compile(r"(?:javascript|vbscript|data|about|blob|cid):|#|$", re.IGNORECASE)
"""What leads nowhere outside of the page, or acts."""


@dataclass
class _Tag:
    """A tag as it stands in the text. `paired`: it has a counterpart."""

    start: int
    end: int
    ends: bool
    name: str
    rest: str
    paired: bool = False

    @property
    def valued(self) -> bool:
        """Whether it has attributes with values, and nothing but attributes."""
        return "=" in self.rest and _ONLY_ATTRIBUTES.fullmatch(self.rest) is not None

    @property
    def prose(self) -> bool:
        """Whether it is what somebody wrote, and no tag: an unknown element, or a word alone in angle brackets."""
        if self.name not in elements.ELEMENTS:
            return not self.name.startswith(elements.OFFICE)
        if self.paired or _VALUED.match(self.rest) or self.name in elements.ALONE:
            return False
        if self.rest.strip(" \t\n/"):
            return self.name not in elements.FLAGS
        return self.name not in elements.TAKEN_FOR_TAGS


def whole_markup(text: str) -> str | None:
    """Return the text with whole tags only, everything that is no tag escaped; None where it is plain text.

    A text that merely has `<` in it (`a <b and c>`, `Replace <address>`) is plain.
    """
    text = without_controls(text)
    if "<" not in text:
        return None
    preserving = frozenset(_PRESERVING_CLASS.findall(text)) if "white-space" in text else frozenset()
    shown = _OPEN_STYLE.sub("", _HIDING.sub(_hiding, _CDATA.sub(r"\1", text)))
    shown = _COMMENT.sub("", shown)
    tags = _tags(shown)
    if _DOCTYPE.search(shown) is None and not _is_markup(shown, tags):
        return None
    shown = _DECLARATION.sub(_blank, _DOCTYPE.sub(_blank, shown))
    return "".join(_written(shown, tags, preserving))


def _hiding(match: re.Match[str]) -> str:
    """Drop a script, style or title if it is one; leave what somebody wrote between such words in angle brackets."""
    name, content = match[1].lower(), match[3]
    if name == "title":
        before = match.string[: match.start()].lower()
        hidden = ("<head" in before or not before.strip()) and "<" not in content
    elif name == "style":
        hidden = _RULES.search(content) is not None
    else:
        content = _QUOTES.sub("", content)
        # One word without blanks around it is code as well; " and " is not.
        short = _SIGN.search(content) is not None or (content == content.strip() and "<" not in content)
        hidden = _CODE.search(content) is not None or (short and _PHRASE.search(content) is None)
    hidden = hidden and not any(tag[2].lower() in elements.STRUCTURE for tag in _TAG.finditer(content))
    return "" if hidden else f"&lt;{match[1]}{match[2]}>{match[3]}&lt;/{match[1]}>"


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _tags(text: str) -> list[_Tag]:
    """Return the tags of the text in order; those that begin and end an element are paired by name."""
    tags, begun = [], defaultdict[str, list[_Tag]](list)
    for match in _TAG.finditer(text):
        tag = _Tag(match.start(), match.end(), match[1] == "/", match[2].lower(), match[3])
        tags.append(tag)
        if not tag.ends:
            if tag.name not in elements.VOID and not tag.rest.endswith("/"):
                begun[tag.name].append(tag)
        elif begun[tag.name]:
            tag.paired = begun[tag.name].pop().paired = True
    return tags


def _is_markup(text: str, tags: list[_Tag]) -> bool:
    known = [tag for tag in tags if tag.name in elements.ELEMENTS or tag.name.startswith(elements.OFFICE)]
    if not known:
        return False
    first = known[0]
    if first.name in elements.STRUCTURE and not first.prose and not text[: first.start].strip():
        return True
    return any(
        (tag.name in elements.ALONE and not tag.rest.strip(" \t\n/"))
        or tag.valued
        or (tag.paired and tag.name in elements.PAIRS)
        for tag in known
    )


def _written(text: str, tags: list[_Tag], preserving: frozenset[str]) -> Iterator[str]:
    """Yield the text and its tags as they are written: tags whole, breaks where line ends are meant to be seen."""
    position, boxes, preserved, tables, before = 0, 0, 0, 0, "block"
    keeping: list[str] = []
    tags = [tag for tag in tags if not tag.prose]
    for tag in [*tags, _Tag(len(text), len(text), False, "body", "")]:
        kind = "break" if tag.name in ("br", "hr") else "block" if tag.name in elements.CONTAINERS else "inline"
        piece = text[position : tag.start].replace("<", "&lt;")
        verbatim = bool(keeping) and keeping[-1] == "pre"
        yield piece if verbatim or (boxes and not preserved) else _broken(piece, before, kind)
        position, before = tag.end, kind
        if tag.start == len(text):
            break
        if tag.paired and tag.name in elements.CONTAINERS:
            boxes += -1 if tag.ends else 1
        if tag.paired:
            preserved = _preserving(tag, keeping, preserving)
        if tag.name == "table":
            tables = max(0, tables + (-1 if tag.ends else 1))
        yield _rewritten(tag, in_table=tables > 0)


def _preserving(tag: _Tag, keeping: list[str], classes: frozenset[str]) -> int:
    """Keep the stack of elements within one whose line ends are seen, and return how deep it is."""
    if tag.ends:
        if keeping and keeping[-1] == tag.name:
            keeping.pop()
    elif tag.name == keeping[-1] if keeping else tag.name == "pre" or _keeps_lines(tag, classes):
        # Within such an element those of its own name are counted, so that its own end is found.
        keeping.append(tag.name)
    return len(keeping)


def _keeps_lines(tag: _Tag, classes: frozenset[str]) -> bool:
    if _PRESERVED.search(tag.rest) is not None or tag.name in ("textarea", "xmp", "listing", "plaintext"):
        return True
    return bool(classes) and any(
        not classes.isdisjoint(value.split()) for name, value in _attributes(tag.rest) if name == "class"
    )


def _broken(piece: str, before: str, after: str) -> str:
    """Return text with its line ends as breaks; beside a break one belongs to it, beside a box all do."""
    if "\n" not in piece:
        return piece
    for side, pattern, every in ((before, r"^[^\S\n]*\n", r"^\s*\n"), (after, r"\n[^\S\n]*$", r"\n\s*$")):
        if side != "inline":
            piece = re.sub(every if side == "block" else pattern, "", piece, count=1)
    return piece.replace("\n", "<br>")


def _attributes(rest: str) -> Iterator[tuple[str, str]]:
    for name, double, single, bare in _ATTRIBUTE.findall(rest):
        yield name.lower(), double or single or bare


def _rewritten(tag: _Tag, *, in_table: bool) -> str:
    """Return a tag as Intercom has it, with the attributes that it may have; nothing for one that it does not have."""
    name = elements.RENAMED.get(tag.name, tag.name)
    if name in elements.IN_TABLES and not in_table:
        name = "p"
    if name not in elements.KEPT:
        return ""
    if tag.ends:
        return "" if name in elements.VOID and tag.name != "br" else f"</{name}>"
    if name == "img":
        return _image(dict(reversed(list(_attributes(tag.rest)))))
    if name == "a":
        return _anchor(dict(_attributes(tag.rest)).get("href", ""))
    spans = [(key, value) for key, value in _attributes(tag.rest) if key in ("colspan", "rowspan")]
    return f"<{name}{''.join(map(_attribute, dict(spans).items()))}>" if name in ("td", "th") else f"<{name}>"


def _attribute(pair: tuple[str, str]) -> str:
    return f' {pair[0]}="{html.escape(html.unescape(pair[1]))}"'


def _anchor(target: str) -> str:
    """Return the beginning of a link; a target that cannot be one is kept beside, to be shown as text."""
    target = " ".join(html.unescape(target).split())
    if _LINK.match(target):
        return f"<a{_attribute(('href', target))}>"
    return "<a>" if _NOWHERE.match(target) else f"<a{_attribute((TARGET, target))}>"


def _image(found: dict[str, str]) -> str:
    """Return what stands for one image: the image, words for one that is not in the extract, nothing for a pixel."""
    source, name = found.get("src", "").strip(), html.unescape(found.get("alt") or found.get("title", "")).strip()
    sizes = [found[key].strip().removesuffix("px") for key in ("width", "height") if key in found]
    if any(size in ("0", "1") for size in sizes) or _HIDDEN_IMAGE.search(found.get("style", "")):
        return ""
    lowered = source[:8].lower()
    if lowered.startswith(("http:", "https:")):
        return f"<img{_attribute(('src', source))}{_attribute(('alt', name)) if name else ''}>"
    if lowered.startswith("cid:"):
        name = name or html.unescape(source)[4:].partition("@")[0]
    elif not lowered.startswith(("data:", "blob:")):
        name = name or html.unescape(source)
    return html.escape(f"[inline image: {name}]" if name else "[inline image]", quote=False)
