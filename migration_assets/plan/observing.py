"""What the plan must know of Intercom before records are first written: who is there, and what is in the way."""

from collections.abc import Sequence

import duckdb
import polars as pl

from migration_assets.objects.observed import forget_observed
from migration_assets.objects.room import Room
from migration_assets.plan.pieces import planned
from resources.intercom.client import Intercom
from resources.journal import Journal
from resources.warehouse import Warehouse, insert_frame, scalar


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
    insert_frame(connection, "temp.written_keys", pl.DataFrame(schema={"source_key": pl.String}), create=True)
    for states in journal.record_states([item.name]):
        written = states.filter(pl.col("intercom_id").is_not_null())
        insert_frame(connection, "temp.written_keys", written.select("source_key"))
    # By key, not by number: the journal also knows records of earlier drops, and several writes of one.
    unwritten = (
        f"SELECT t.source_key FROM {item.target} t WHERE {item.where} EXCEPT SELECT source_key FROM temp.written_keys"
    )
    return scalar(connection, f"SELECT count(*) FROM ({unwritten})") > 0
