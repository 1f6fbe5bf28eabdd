"""Where a tag leads: links, images, and what is embedded; as Intercom can show it, else in words.

An address is kept as it stands: in an attribute only an entity that ends with `;` is one, so `&section=2` stays. Works
on one tag. What belongs elsewhere: telling tags from words (`tags`), writing all of them (`markup`).
"""

import html
import re
from collections.abc import Sequence

from migration_assets.ground.decoding import entities
from migration_assets.objects.conversation.shape.tags import MarkupTag, attributes

TARGET = "data-target"
"""The attribute in which a link's target is kept that cannot be a link in Intercom."""

EMBEDDED = {
    "iframe": "src", "frame": "src", "video": "src", "audio": "src", "embed": "src", "source": "src", "object": "data",
}  # fmt: skip
"""Elements that show something from elsewhere, with the attribute that says from where."""

_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|(?:^|[;\s])(?:width|height)\s*:\s*[01](?:px)?\s*(?:;|!|$)", re.I
)
_LINK = re.compile(r"(?:https?|mailto):", re.IGNORECASE)
_NOWHERE = re.compile(r"(?:javascript|vbscript|data|about|blob|cid):|#|$", re.IGNORECASE)
"""What leads nowhere outside of the page, or acts."""
_UNSEEN_INPUTS = frozenset(["hidden", "password", "file", "image", "color", "range"])
_LATE = ("data-src", "data-original", "data-lazy-src", "data-lazy", "data-url", "data-original-src")
_ANY_TAG = re.compile(r"<[^<>]*>")
CHOSEN = " [x] "
"""What stands for a ticked box and a chosen option."""


def attribute(name: str, value: str) -> str:
    """Return an attribute as it is written in a tag."""
    return f' {name}="{html.escape(value)}"'


def anchor(target: str) -> str:
    """Return the beginning of a link; a target that cannot be one is kept beside, to be shown as text."""
    target = " ".join(entities(target).split())
    if _LINK.match(target):
        return f"<a{attribute('href', target)}>"
    return "<a>" if _NOWHERE.match(target) else f"<a{attribute(TARGET, target)}>"


def area(found: dict[str, str]) -> str:
    """Return the link that a part of an image is."""
    target, name = found.get("href", ""), entities(found.get("alt") or found.get("title", "")).strip()
    name = name or " ".join(entities(target).split())
    return f"{anchor(target)}{html.escape(name, quote=False)}</a> " if not _NOWHERE.match(target.strip()) else ""


def embedded(name: str, found: dict[str, str]) -> str:
    """Return in words where something embedded comes from, or what it says; nothing for what is not to be seen."""
    if unseen(found):
        return ""
    page = " ".join(entities(_ANY_TAG.sub(" ", entities(found.get("srcdoc", "")))).split())
    source = " ".join(entities(found.get(EMBEDDED[name], "")).split()) or _first_of(found.get("srcset", ""))
    if page:
        return named(page)
    return "" if _NOWHERE.match(source) else html.escape(f" [embedded: {source}] ", quote=False)


def typed(found: dict[str, str], *, chosen: bool) -> str:
    """Return what stands in a field of a form, and whether a box is ticked."""
    kind = found.get("type", "text").strip().lower()
    if kind in ("checkbox", "radio"):
        return CHOSEN if chosen else " [ ] "
    return "" if kind in _UNSEEN_INPUTS else named(found.get("value", ""))


def named(text: str) -> str:
    """Return what an attribute shows, as words of their own."""
    value = entities(text).strip()
    return f" {html.escape(value, quote=False)} " if value else ""


def one_of_each_picture(tags: Sequence[MarkupTag]) -> None:
    """Empty the sources of pictures that have an image: each is the same picture in another size."""
    for number, tag in enumerate(tags):
        if tag.name != "picture" or tag.ends or tag.other is None:
            continue
        inside = [one for one in tags[number + 1 :] if one.start < tag.other.start]
        if any(one.name == "img" and source_of(dict(attributes(one.rest))) for one in inside):
            for one in inside:
                one.rest = "" if one.name == "source" else one.rest


def source_of(found: dict[str, str]) -> str:
    """Return where an image comes from: programs that load it late keep the address elsewhere than in `src`."""
    source = entities(found.get("src", "")).strip()
    others = (entities(found.get(name, "")).strip() for name in _LATE)
    late = next((other for other in others if other), "")
    late = late or _first_of(found.get("data-srcset", ""))
    if late.lower().startswith(("http:", "https:")):
        return late  # What stands in `src` until then is a blank.
    if source and source[:5].lower() != "data:":
        return source
    return late or _first_of(found.get("srcset", "")) or source


def _first_of(candidates: str) -> str:
    """Return the first address of `srcset`: `a.png 1x, b.png 2x`."""
    found = re.match(r"[\s,]*(\S*[^\s,])", entities(candidates))
    return "" if found is None else found[1]


def unseen(found: dict[str, str]) -> bool:
    """Return whether it is a pixel, or hidden by its style."""
    sizes = [found[key].strip().removesuffix("px") for key in ("width", "height") if key in found]
    return any(size in ("0", "1") for size in sizes) or _HIDDEN.search(found.get("style", "")) is not None


def image(found: dict[str, str]) -> str:
    """Return what stands for one image: the image, words for one that is not in the extract, nothing for a pixel."""
    if unseen(found):
        return ""
    source, name = source_of(found), entities(found.get("alt") or found.get("title", "")).strip()
    lowered = source[:8].lower()
    if lowered.startswith(("http:", "https:")):
        return f"<img{attribute('src', source)}{attribute('alt', name) if name else ''}>"
    if lowered.startswith("cid:"):
        name = name or source[4:].partition("@")[0]
    elif not lowered.startswith(("data:", "blob:")):
        name = name or source
    return html.escape(f"[inline image: {name}]" if name else "[inline image]", quote=False)
