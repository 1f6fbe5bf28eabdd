"""Every object of Intercom that a migration writes, in the order in which they depend on each other.

A new object is a folder beside this file and a line in `ROOMS`.
"""

from collections.abc import Iterable, Mapping

from migration_assets.objects.attribute import room as attribute
from migration_assets.objects.company import room as company
from migration_assets.objects.contact import room as contact
from migration_assets.objects.contact_company import room as contact_company
from migration_assets.objects.conversation import room as conversation
from migration_assets.objects.declaration import Declaration
from migration_assets.objects.ordering import undo_order as order_of_undoing
from migration_assets.objects.protocol import RoomLoader
from migration_assets.objects.read_back import ReadBack
from migration_assets.objects.room import LookUp, Room, RunChoices
from migration_assets.objects.shaping import Shaping
from migration_assets.objects.tag import room as tag
from migration_assets.objects.teammates import room as teammates
from migration_assets.objects.ticket_attribute import room as ticket_attribute
from migration_assets.objects.ticket_type import room as ticket_type
from migration_assets.objects.undoer import Undoer
from schemas.mapping_settings import RouteName

ROOMS: tuple[Room, ...] = (
    attribute.ROOM,
    contact.ROOM,
    company.ROOM,
    contact_company.ROOM,
    ticket_type.ROOM,
    ticket_attribute.ROOM,
    tag.ROOM,
    *conversation.ROOMS,
)
"""Each object needs what stands before it; what is part of another one stands after that."""

LOOKED_UP: tuple[Room, ...] = teammates.ROOMS
"""What Intercom must have already: it has a target table, and is matched in place of being written."""


def rooms() -> Mapping[str, Room]:
    """Return the rooms by the object's name in the journal, in order."""
    return {room.name: room for room in ROOMS}


def looked_up() -> list[tuple[Declaration, LookUp]]:
    """Return what each object that is looked up is, and how it is matched, in order."""
    return [(room.declaration, room.look_up) for room in LOOKED_UP if room.look_up is not None]


def declarations() -> Mapping[str, Declaration]:
    """Return the declarations by the object's name in the journal, in order."""
    return {room.name: room.declaration for room in ROOMS}


def read_backs() -> dict[str, ReadBack]:
    """Return what is known of the objects that are compared, by their names in the journal, in order."""
    return {name: room.read_back for name, room in rooms().items() if room.read_back is not None}


def compared_objects() -> dict[str, tuple[Declaration, ReadBack]]:
    """Return the objects that are compared, by their names in the journal, in order."""
    known = declarations()
    return {name: (known[name], item) for name, item in read_backs().items()}


def target_tables(given: Iterable[Room] | None = None) -> dict[str, tuple[Declaration, Shaping]]:
    """Return by its name what each target table is and how it is made; of all rooms, or of some.

    What is written comes first, then what is looked up.
    """
    among = (*ROOMS, *LOOKED_UP) if given is None else given
    return {room.declaration.plural: (room.declaration, room.shaping) for room in among if room.shaping is not None}


def load_order() -> tuple[str, ...]:
    """Return the objects that have records of their own, in the order in which they are loaded."""
    return tuple(room.name for room in ROOMS if room.loader is not None)


def plurals() -> dict[str, str]:
    """Return what the certificate calls the objects, by their names in the journal."""
    return {room.name: room.declaration.plural for room in ROOMS if room.declaration.has_rows}


def journal_objects(object_name: str) -> tuple[str, ...]:
    """Return the objects whose writes are made with the records of an object: its own and those of its parts."""
    declared = declarations().values()
    return tuple(item.name for item in declared if item.record_object == object_name and item.carried_by is None)


def loader_of(object_name: str, route: RouteName, type_name: str) -> RoomLoader:
    """Return what a load must know of an object, made anew.

    Raises:
        KeyError: there is no such object, or it is written with another one.
    """
    make = rooms()[object_name].loader
    if make is None:
        raise KeyError(f"{object_name} is written and taken back with {rooms()[object_name].declaration.part_of}")
    return make(RunChoices(route, type_name))


def undo_order() -> tuple[str, ...]:
    """Return the objects that are taken back by themselves: what depends on others goes before them."""
    return order_of_undoing(tuple(declarations().values()))


def undoer_of(object_name: str) -> Undoer:
    """Return what a rollback must know of an object, made anew; neither the route nor the ticket type matter to it.

    Raises:
        KeyError: there is no such object, or it is taken back with another one.
    """
    undoer: Undoer = loader_of(object_name, "ticket", "")
    return undoer


def hanging_on(object_name: str) -> tuple[str, ...]:
    """Return the objects whose records are gone from Intercom with those of an object."""
    return tuple(name for name, declared in declarations().items() if declared.goes_with == object_name)


def written_parts() -> tuple[Declaration, ...]:
    """Return the objects that are part of another one and have rows and writes of their own."""
    return tuple(item for item in declarations().values() if item.part_of and item.has_rows and item.carried_by is None)


def told_when_deleted() -> tuple[str, ...]:
    """Return the objects of which a person is told when the source has a record no more: those with keys of its rows.

    Of everything else the migration makes what is needed.
    """
    return tuple(name for name, item in declarations().items() if item.keyed_by)


def becomes() -> dict[str, str]:
    """Return by the source's object the plural of the first object of Intercom that its rows become."""
    found: dict[str, str] = {}
    for item in declarations().values():
        for source in [item.keyed_by] if item.keyed_by else item.sources:
            found.setdefault(source, item.plural)
    # What goes along with another object and is called alike on both sides.
    along = {source for item in declarations().values() for source in item.sources} & set(plurals().values())
    return {name: name for name in along} | found
