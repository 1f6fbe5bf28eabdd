"""What the plan must know of Intercom before records are first written: who is there, and what is in the way."""

from collections.abc import Sequence

import duckdb

from migration_assets.objects.observed import forget_observed
from migration_assets.objects.room import Room
from migration_assets.plan.pieces import planned
from resources.intercom.client import Intercom
from resources.journal import Journal
from resources.warehouse import Warehouse, scalar


def begin_observing(connection: duckdb.DuckDBPyConnection, journal: Journal) -> list[Room]:
    """Forget what was observed, and return the rooms that must look: those of which a record is still to write."""
    forget_observed(connection)
    return [room for room in planned() if room.plan.observe is not None and _unwritten(connection, journal, room)]


async def observe(client: Intercom, warehouse: Warehouse, rooms: Sequence[Room]) -> None:
    """Let the rooms look, one after the other."""
    for room in rooms:
        if room.plan.observe is not None:
            await room.plan.observe(client, warehouse)


def _unwritten(connection: duckdb.DuckDBPyConnection, journal: Journal, room: Room) -> bool:
    item = room.declaration
    wanted = scalar(connection, f"SELECT count(*) FROM {item.target} t WHERE {item.where}")
    return sum(frame.height for frame in journal.record_states([item.name])) < wanted
