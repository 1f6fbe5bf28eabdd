"""Which load assets there are, and what each brings to Intercom: from the registry, in its order."""

from collections.abc import Iterable
from dataclasses import dataclass

import dagster as dg

from migration_assets.objects.registry import rooms
from migration_assets.objects.room import Room


@dataclass(frozen=True, slots=True)
class LoadAsset:
    """One load asset.

    Attributes:
        name: its name, without the stage.
        objects: the objects that it loads, one after the other.
        counted: the objects whose rows of `verdict.loads` it leaves: these, and what is part of them.
        sources: the source's objects whose rows have all found their fate once it is done.
        after: the load assets that it waits for; none: the plan.
        description: what a row of it is.
    """

    name: str
    objects: tuple[str, ...]
    counted: tuple[str, ...]
    sources: tuple[str, ...]
    after: tuple[str, ...]
    description: str


def load_assets() -> list[LoadAsset]:
    """Return the load assets in their order."""
    groups: dict[str, list[Room]] = {}
    for room in rooms().values():
        if room.loader is not None:
            groups.setdefault(asset_of(room), []).append(room)
    # The last asset that brings rows of a source's object is the one after which all of them have their fate.
    last = {source: name for name, group in groups.items() for room in group for source in room.declaration.sources}
    return [
        LoadAsset(
            name,
            tuple(room.name for room in group),
            (*(room.name for room in group), *(part.name for part in parts_of([room.name for room in group]))),
            tuple(source for source, asset in last.items() if asset == name),
            _after(name, group),
            group[0].load.description or f"One row per {group[0].name.replace('_', ' ')} that is in Intercom.",
        )
        for name, group in groups.items()
    ]


def written_keys() -> list[dg.AssetKey]:
    """Return the keys of every asset that may write to Intercom in a migration."""
    return [dg.AssetKey(["intercom", name]) for name in (*(load.name for load in load_assets()), "deleted_in_source")]


def asset_of(room: Room) -> str:
    """Return the name of the asset that loads an object."""
    return room.load.asset or room.declaration.plural


def parts_of(objects: Iterable[str]) -> list[Room]:
    """Return the rooms of what is loaded with these objects and told of by itself."""
    names = set(objects)
    return [room for room in rooms().values() if room.declaration.part_of in names and room.load.told_as]


def _after(name: str, group: Iterable[Room]) -> tuple[str, ...]:
    chosen = [asset for room in group for asset in room.load.after]
    needed = [asset_of(rooms()[need.object]) for room in group for need in room.declaration.references]
    return tuple(asset for asset in dict.fromkeys(chosen or needed) if asset != name)
