"""In which order objects are taken back: what depends on others goes before them. Decisions on declarations only."""

from collections.abc import Sequence

from migration_assets.objects.declaration import Declaration, UndoAction


def undo_order(declared: Sequence[Declaration]) -> tuple[str, ...]:
    """Return the objects that are taken back by themselves, each before those that its records, or theirs, need.

    Where nothing else decides, what was loaded last goes first. What is only archived goes last: records of any object
    may have values in it.

    Args:
        declared: all objects, in the order in which they are loaded.
    """
    left = [item for item in reversed(declared) if item.removal is not None]
    left.sort(key=lambda item: item.removal == UndoAction.ARCHIVE)
    before = _before(declared)
    order: list[str] = []
    while left:
        ready = next((item for item in left if before.get(item.name, set()) <= set(order)), None)
        if ready is None:
            raise ValueError(f"These objects need each other: {', '.join(item.name for item in left)}.")
        left.remove(ready)
        order.append(ready.name)
    return tuple(order)


def _before(declared: Sequence[Declaration]) -> dict[str, set[str]]:
    """Return the objects that must be taken back before each: those that need it, and those that take these along."""
    before: dict[str, set[str]] = {}
    for item in declared:
        need_it = {item.goes_with or item.name} | ({item.name} if item.removal is not None else set())
        for needed in item.references:
            before.setdefault(needed.object, set()).update(need_it - {needed.object})
    return before
