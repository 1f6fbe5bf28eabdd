"""A room: everything that is particular to one object, by the stage that asks for it. The stages know rooms only."""

from collections.abc import Callable
from dataclasses import dataclass

from migration_assets.objects.declaration import Declaration
from migration_assets.objects.protocol import Loader
from migration_assets.objects.read_back import ReadBack
from migration_assets.objects.shaping import Shaping
from migration_assets.objects.undoer import MakeUndoer
from schemas.mapping import RouteName


@dataclass(frozen=True, slots=True)
class RunChoices:
    """What a run and its mapping say that the rooms must know."""

    route: RouteName
    ticket_type: str


@dataclass(frozen=True, slots=True)
class Room:
    """One object of Intercom.

    Attributes:
        declaration: what it is, as data.
        loader: makes what a load knows of it; it remembers what it read from Intercom, so each load has its own.
            None for what is written with another object.
        shaping: how its target table is made. None for what has no table of its own, or shares another object's.
        undoer: makes what takes its records back. None for what is taken back with another object.
        read_back: what a verification must know of it. None for what is not compared by itself.
    """

    declaration: Declaration
    loader: Callable[[RunChoices], Loader] | None = None
    shaping: Shaping | None = None
    undoer: MakeUndoer | None = None
    read_back: ReadBack | None = None

    @property
    def name(self) -> str:
        """The object's name in the journal."""
        return self.declaration.name
