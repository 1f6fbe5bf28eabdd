"""The objects as a verification takes them: in groups, an asset each, made from the registry whenever it is asked."""

from collections.abc import Mapping

from migration_assets.objects.read_back import AnswerSource
from migration_assets.objects.registry import compared_objects, declarations, read_backs


def lead_of(name: str) -> str:
    """Return the object with which one is read: what it is part of, what its room says, or itself."""
    declaration, read_back = compared_objects()[name]
    return declaration.part_of or read_back.read_with or name


def groups() -> dict[str, tuple[str, ...]]:
    """Return the objects that are read with each other, by the name of their asset, in the order of reading."""
    found: dict[str, tuple[str, ...]] = {}
    for name in compared_objects():
        group = declarations()[lead_of(name)].plural
        found[group] = (*found.get(group, ()), name)
    return found


def sources_of(objects: tuple[str, ...]) -> tuple[AnswerSource, ...]:
    """Return the answers that the records of `objects` are read from."""
    known = read_backs()
    return tuple(source for name in objects for source in known[name].sources)


def drawn_objects() -> tuple[str, ...]:
    """Return the objects of which a sample is drawn."""
    return tuple(name for name, (declaration, _) in compared_objects().items() if declaration.drawn)


def drawn_with() -> Mapping[str, str | None]:
    """Return, of what is not drawn itself, the drawn object that it is compared with; None: all of it always is."""
    drawn = drawn_objects()
    others = [name for name in compared_objects() if name not in drawn]
    return {name: lead_of(name) if lead_of(name) in drawn else None for name in others}
