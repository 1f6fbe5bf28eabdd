"""The same text with safe, whole tags: what is markup is written by the book, what only looks like it is text.

A word in angle brackets, a comment or a style that nobody ended, or a line end in text that is no HTML would be lost
where HTML is read by the book. Here it is made text, or a break, before it is. Works on one text. What belongs
elsewhere: which tags are markup (`tags`), what nobody sees (`hidden`), where tags lead (`addresses`), cleaning HTML
(`html`), plain text (`plain`), the elements (`elements`).
"""

import re
from collections.abc import Iterator

from migration_assets.ground.decoding import entities
from migration_assets.objects.conversation.shape import addresses, elements, hidden, line_ends
from migration_assets.objects.conversation.shape.numbering import numbered
from migration_assets.objects.conversation.shape.plain import without_controls
from migration_assets.objects.conversation.shape.raised import struck, with_raised
from migration_assets.objects.conversation.shape.tags import MarkupTag, attributes, find_tags, is_html

_PARAMETER = re.compile(r"&(?=[A-Za-z]\w*=)")
"""`&copy=1` is a part of an address, whatever a reader of HTML makes of it."""
_BREAKS = re.compile(r"<(?:br|table|li|pre)\b", re.IGNORECASE)
_CHOSEN = re.compile(r"(?<![\w\"'=-])(?:checked|selected)(?![\w-])", re.IGNORECASE)


def whole_markup(text: str) -> str | None:
    """Return the text with whole tags only, everything that is no tag escaped; None where it is plain text.

    A text that merely has `<` in it (`a <b and c>`, `Replace <address>`, `<meta name="robots">`) is plain.
    """
    read = _read(text)
    if read is None:
        return None
    shown, tags, html = read
    plain_lines = html and line_ends.are_meant(shown, tags)
    shown = hidden.without_declarations(shown, html=html)
    return "".join(_written(shown, tags, hidden.preserving(text), plain_lines=plain_lines))


def keeps_line_ends(text: str | None) -> bool:
    """Return whether a text is HTML in which line ends are taken for breaks: a plain text between two tags."""
    if text is None or "<" not in text or "\n" not in text.strip() or _BREAKS.search(text) is not None:
        return False
    read = _read(text)
    return read is not None and read[2] and line_ends.are_meant(*read[:2])


def _read(text: str) -> tuple[str, list[MarkupTag], bool] | None:
    """Return the text without what is hidden, the tags that are markup, and whether it is HTML; None if it is plain."""
    text = without_controls(text)
    if "<" not in text:
        return None
    shown = with_raised(hidden.without_hidden(text))
    tags = find_tags(shown)
    if is_html(shown, tags):
        return shown, [tag for tag in tags if not tag.prose], True
    shown = with_raised(hidden.without_programs_own(text))
    tags = [tag for tag in find_tags(shown) if tag.among_words]
    return None if all(tag.office for tag in tags) else (shown, tags, False)


def _written(
    text: str, tags: list[MarkupTag], preserving: frozenset[str], *, plain_lines: bool = False
) -> Iterator[str]:
    """Yield the text and its tags as they are written: tags whole, breaks where line ends are meant to be seen."""
    position, boxes, preserved, before = 0, 0, 0, "block"
    keeping: list[str] = []
    cells: list[bool] = []
    lists = 0
    addresses.one_of_each_picture(tags)
    counted, words = numbered(tags)
    words |= struck(text, tags)
    for tag in [*tags, MarkupTag(len(text), len(text), False, "body", "")]:
        kind = "break" if tag.name in ("br", "hr") else "block" if tag.name in elements.CONTAINERS else "inline"
        piece = _PARAMETER.sub("&amp;", text[position : tag.start].replace("<", "&lt;"))
        yield _cell_begun(cells, outside=piece.strip() != "")
        verbatim = bool(keeping) and keeping[-1] == "pre"
        yield piece if verbatim or (boxes and not preserved and not plain_lines) else _broken(piece, before, kind)
        position, before = tag.end, kind
        if tag.start == len(text):
            break
        if tag.paired and tag.name in elements.CONTAINERS:
            boxes += -1 if tag.ends else 1
        if tag.paired:
            preserved = _preserving(tag, keeping, preserving)
        yield _in_cell(tag, cells)
        lists = max(0, lists + (-1 if tag.ends else 1)) if tag.name in ("ol", "ul") else lists
        written = _rewritten(tag, in_table=bool(cells), in_list=lists > 0)
        written = written.replace("ol", "ul") if tag.start in counted else written
        said = words.get(tag.start, "")
        yield f"{said}{written}" if tag.ends else f"{written}{said}"


def _in_cell(tag: MarkupTag, cells: list[bool]) -> str:
    """Keep, for each table around, whether a cell is open; return the beginning of one that a tag needs."""
    begun = _cell_begun(cells, outside=not tag.ends and tag.name in elements.NEEDS_A_CELL)
    if tag.name == "table":
        if not tag.ends:
            cells.append(False)
        elif cells:
            cells.pop()
    elif cells and (tag.name in elements.IN_TABLES or tag.name == "caption"):
        cells[-1] = not tag.ends and tag.name in ("td", "th", "caption")
    return begun


def _cell_begun(cells: list[bool], *, outside: bool) -> str:
    """Return the beginning of a cell for what stands in a table and in none: else it is moved above the table."""
    if not outside or not cells or cells[-1]:
        return ""
    cells[-1] = True
    return "<td>"


def _preserving(tag: MarkupTag, keeping: list[str], sheet: frozenset[str]) -> int:
    """Keep the stack of elements within one whose line ends are seen, and return how deep it is."""
    if tag.ends:
        if keeping and keeping[-1] == tag.name:
            keeping.pop()
    elif tag.name == keeping[-1] if keeping else tag.name == "pre" or _keeps_lines(tag, sheet):
        # Within such an element those of its own name are counted, so that its own end is found.
        keeping.append(tag.name)
    return len(keeping)


def _keeps_lines(tag: MarkupTag, sheet: frozenset[str]) -> bool:
    if hidden.PRESERVED.search(tag.rest) is not None or tag.name in ("textarea", "xmp", "listing", "plaintext"):
        return True
    if not sheet:
        return False
    found = dict(attributes(tag.rest))
    called = {tag.name, "#" + found.get("id", ""), *(f".{name}" for name in found.get("class", "").split())}
    return not sheet.isdisjoint(called)


def _broken(piece: str, before: str, after: str) -> str:
    """Return text with its line ends as breaks; beside a break one belongs to it, beside a box all do."""
    if "\n" not in piece:
        return piece
    for side, pattern, every in ((before, r"^[^\S\n]*\n", r"^\s*\n"), (after, r"\n[^\S\n]*$", r"\n\s*$")):
        if side != "inline":
            piece = re.sub(every if side == "block" else pattern, "", piece, count=1)
    return piece.replace("\n", "<br>")


def _rewritten(tag: MarkupTag, *, in_table: bool, in_list: bool) -> str:
    """Return a tag as Intercom has it, with the attributes that it may have; words for one that shows something."""
    name = elements.RENAMED.get(tag.name, tag.name)
    if (name in elements.IN_TABLES and not in_table) or (name == "li" and not in_list):
        name = "p"
    said = "" if tag.ends else _said(tag)
    if name not in elements.KEPT:
        return said
    if tag.ends:
        return "" if name in elements.VOID and tag.name != "br" else f"</{name}>"
    if name == "img":
        return addresses.image(dict(reversed(list(attributes(tag.rest)))))
    if name == "a":
        return addresses.anchor(dict(attributes(tag.rest)).get("href", ""))
    if name not in ("td", "th"):
        return f"<{name}>{said}"
    spans = {key: entities(value) for key, value in attributes(tag.rest) if key in ("colspan", "rowspan")}
    return f"<{name}{''.join(addresses.attribute(*pair) for pair in spans.items())}>"


def _said(tag: MarkupTag) -> str:
    """Return in words what an element shows that Intercom does not have; empty for one that shows nothing."""
    found = dict(reversed(list(attributes(tag.rest))))
    if tag.name in addresses.EMBEDDED:
        return addresses.embedded(tag.name, found)
    match tag.name:
        case "area":
            return addresses.area(found)
        case "input":
            return addresses.typed(found, chosen=_CHOSEN.search(tag.rest) is not None)
        case "option":
            return addresses.CHOSEN if _CHOSEN.search(tag.rest) is not None else ""
        case "optgroup":
            return addresses.named(found.get("label", ""))
    return ""
