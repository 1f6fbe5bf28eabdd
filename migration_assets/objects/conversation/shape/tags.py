"""The tags of a message: which are markup, and which are words that somebody wrote in angle brackets.

HTML is told by its structure: an element of it that begins, ends and has something in it. A text without any is
somebody's words, where a single `<br>` or `<b>x</b>` is markup and every other tag is what is written about. Works on
one text. What belongs elsewhere: the elements (`elements`), what is taken out before (`hidden`), writing (`markup`).
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from migration_assets.objects.conversation.shape import elements

# A quoted value must be followed by what may follow one: a quote that nobody closed would reach into the text.
_QUOTED = r"""=\s*(?:"[^"]*"|'[^']*')(?=[\s/>])"""
TAG = re.compile(rf"<(/?)([a-z][a-z0-9]*(?::\w+)?)(?=[\s/>])((?:{_QUOTED}|[^<>=]|=)*+)>", re.IGNORECASE)
DOCTYPE = re.compile(r"^\s*(?:<\?xml[^<>]*>\s*)?<!doctype[^<>]*>", re.IGNORECASE)
_STRUCTURE = "|".join(sorted(elements.STRUCTURE - {"br", "hr", "li"}))
_PAGE = re.compile(
    rf"^\s*<(?:(?:html|head)(?:\s[^<>]*)?>\s*<[a-z!]|(?:{_STRUCTURE})(?:\s[^<>]*)?>\s*<(?:{_STRUCTURE})[\s>])",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"""([\w:@.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|["']?([^\s"'<>]*))""")
_VALUE = r"""[\w:@.-]+\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>=][^\s"'<>]*)"""
_ONLY_ATTRIBUTES = re.compile(
    rf"(?:\s+(?:{_VALUE}|(?:{'|'.join(sorted(elements.FLAGS))}|(?:data|aria|v|x|ng)-[\w-]+)(?=[\s/]|$)))*\s*/?",
    re.IGNORECASE,
)
_VALUED = re.compile(r"""\s+["'\w:@.-]+\s*=""")
_OF_PROGRAMS = re.compile(r".*[-:@.]|on", re.IGNORECASE)
"""How the names of attributes are written that programs have of their own: `data-id`, `v:ext`, `onclick`."""
_LOOKS = frozenset(["class", "style", "dir", "lang", "align", "width", "height"])
"""Attributes of an empty element that say nothing of what somebody wants to say with it."""


@dataclass
class MarkupTag:
    """A tag as it stands in the text. `other`: the tag that ends the element, or that begins it."""

    start: int
    end: int
    ends: bool
    name: str
    rest: str
    other: "MarkupTag | None" = None
    within: bool = False

    @property
    def paired(self) -> bool:
        """Whether its element begins and ends."""
        return self.other is not None

    @property
    def bare(self) -> bool:
        """Whether it has no attributes."""
        return not self.rest.strip(" \t\n/")

    @property
    def unknown(self) -> bool:
        """Whether what looks like its attributes is none: no name among them is one."""
        if not _VALUED.match(self.rest):
            return False
        named = attributes(self.rest)
        return not any(name in elements.ATTRIBUTES or _OF_PROGRAMS.match(name) for name, _ in named)

    @property
    def made_up(self) -> bool:
        """Whether it has an attribute that is none, begins what is never ended, and may not stand alone."""
        alone = self.paired or self.name in elements.VOID or self.name in elements.ALONE
        return not alone and self.unknown

    @property
    def prose(self) -> bool:
        """Whether it is what somebody wrote within HTML: an unknown element, or a word alone in angle brackets."""
        if self.name not in elements.ELEMENTS:
            return not self.name.startswith(elements.OFFICE)
        if self.made_up:
            return True
        if self.paired or _VALUED.match(self.rest) or self.name in elements.ALONE:
            return False
        return self.name not in elements.TAKEN_FOR_TAGS if self.bare else not self.within

    @property
    def empty(self) -> bool:
        """Whether its element has attributes that mean something, and nothing in it: `<div id="app"></div>`."""
        begins, ends = (self.other, self) if self.ends else (self, self.other)
        if begins is None or ends is None or begins.end != ends.start:
            return False
        return any(name not in _LOOKS for name, _ in attributes(begins.rest))

    @property
    def among_words(self) -> bool:
        """Whether it is markup in a text that is no HTML otherwise."""
        if self.office or (self.name in elements.ALONE and (self.bare or self.name == "hr")):
            return True
        if self.made_up:
            return False
        if (self.name in ("a", "img") or self.name in elements.ALONE) and _VALUED.match(self.rest):
            return True
        return self.paired and (self.name == "a" or (self.name in elements.PAIRS and not self.empty))

    @property
    def office(self) -> bool:
        """Whether it is one of the elements that office programs have of their own."""
        return self.name.startswith(elements.OFFICE)


def find_tags(text: str) -> list[MarkupTag]:
    """Return the tags of the text in order; those that begin and end an element are paired by name."""
    tags, begun = [], defaultdict[str, list[MarkupTag]](list)
    for match in TAG.finditer(text):
        tag = MarkupTag(match.start(), match.end(), match[1] == "/", match[2].lower(), match[3])
        if not (tag.bare or _VALUED.match(tag.rest) or _ONLY_ATTRIBUTES.fullmatch(tag.rest)):
            continue
        if tag.unknown and _ATTRIBUTE.sub(" ", tag.rest).strip(" \t\n/"):
            continue  # `<label Nr=40 EUR offen>`: words beside what looks like an attribute.
        tags.append(tag)
        tag.within = bool(begun[elements.WITHIN.get(tag.name, "")])
        if not tag.ends:
            if tag.name not in elements.VOID and not tag.rest.endswith("/"):
                begun[tag.name].append(tag)
        elif begun[tag.name]:
            tag.other = begun[tag.name].pop()
            tag.other.other = tag
    return tags


def is_html(text: str, tags: list[MarkupTag]) -> bool:
    """Return whether a text is HTML: it begins as a page does, or an element of its structure has something in it."""
    if DOCTYPE.search(text) is not None or _PAGE.match(text) is not None:
        return True
    return any(
        tag.other is not None
        and not tag.ends
        and tag.name in elements.STRUCTURE
        and text[tag.end : tag.other.start].strip() != ""
        for tag in tags
    )


def attributes(rest: str) -> Iterator[tuple[str, str]]:
    """Yield the attributes of a tag as they stand, of those that have a value."""
    for name, double, single, bare in _ATTRIBUTE.findall(rest):
        yield name.lower(), double or single or bare
