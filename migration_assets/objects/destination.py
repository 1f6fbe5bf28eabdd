"""How Intercom is asked what stands of an object: counted without the journal, then each by its id. Read only.

What is found of the target is kept in `observed.<target table>(source_key, intercom_id)`.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb
import polars as pl

from migration_assets.objects.declaration import Declaration
from migration_assets.objects.read_back import pages
from migration_assets.writing.environment import Environment
from resources.intercom.client import Intercom
from resources.journal import LossCode
from resources.warehouse import insert_frame, scalar

DELETED, ARCHIVED, MERGED = LossCode.DELETED, LossCode.ARCHIVED, LossCode.MERGED
Pairs = list[tuple[str, str]]
"""Our keys, or what else a record is known by, and Intercom's ids."""
_PAIRS = {"source_key": pl.String, "intercom_id": pl.String}
PLANNED = (
    "SELECT source_key FROM plan.wanted WHERE object = ? AND operation IN ('create', 'upsert', 'attach', 'append')"
)

_OF_OTHERS = """
    (source_key, intercom_id) NOT IN (
        SELECT (source_key, intercom_id) FROM plan.journal WHERE object = $object AND intercom_id IS NOT NULL)
    AND ((source_key, intercom_id) IN (
            SELECT (source_key, intercom_id) FROM observed.contradictions WHERE object = $object)
        OR source_key IN (SELECT source_key FROM plan.journal WHERE object = $object GROUP BY source_key
            HAVING bool_or(operation IN ('create', 'upsert') AND state = 'rejected') AND max(intercom_id) IS NULL))
"""
"""What contradicts ours, or what one of ours was refused for; never what was written or adopted."""


@dataclass(frozen=True)
class DestinationCount:
    """How many of the planned records of an object stand in Intercom, and how many are planned."""

    object: str
    target: int
    present: int
    twice: int
    """Source keys that were found more than once."""


@dataclass(frozen=True, slots=True)
class MissingRecord:
    """A record that was loaded and that Intercom did not show; `record_id` is Intercom's id of what it is part of."""

    source_key: str
    intercom_id: str
    record_id: str | None = None


@dataclass(frozen=True, slots=True)
class AskedRecord:
    """What became of a missing record; without a code it is there, under the id that it has now."""

    source_key: str
    intercom_id: str
    code: str | None = None


Count = Callable[[Environment, str], Awaitable[list[DestinationCount]]]
"""Counts what stands, given the name of the ticket type: of the object, and of what is part of it."""
Ask = Callable[[Environment, Sequence[MissingRecord]], Awaitable[list[AskedRecord]]]
Calls = Callable[[duckdb.DuckDBPyConnection], int]
"""How many calls a reading takes by the plan, if nobody else has records in the workspace; otherwise it is more."""


def one_call(_connection: duckdb.DuckDBPyConnection) -> int:
    """Return one: what comes in one list."""
    return 1


def pages_of_planned(object_name: str) -> Calls:
    """Return how many pages the records of an object come in that the plan covers."""
    return lambda connection: pages(scalar(connection, f"SELECT count(*) FROM ({PLANNED})", [object_name]))


async def all_deleted(_env: Environment, missing: Sequence[MissingRecord]) -> list[AskedRecord]:
    """Take what is missing for deleted: it was listed, or asked for one by one, when it was counted."""
    return [AskedRecord(one.source_key, one.intercom_id, DELETED) for one in missing]


@dataclass(frozen=True, slots=True)
class Destination:
    """How Intercom is asked what stands of an object.

    Attributes:
        count: counts it. None for what is counted with what it is part of, or not at all.
        ask: asks for each record that the count missed by its id.
        with_it: counts anew what hangs on its records, after these were asked for.
        calls: the calls that counting takes; what it misses is asked for by its id besides.
        known_if_adopted: whether one that stood before the journal began means that Intercom may hold more of this
            migration that the journal does not know.
        read_tables: the tables with what the count read of its records, each with the column of Intercom's id.
    """

    count: Count | None = None
    ask: Ask = all_deleted
    with_it: Callable[[duckdb.DuckDBPyConnection], DestinationCount] | None = None
    calls: Calls = one_call
    known_if_adopted: bool = False
    read_tables: Mapping[str, str] = field(default_factory=dict)


def listed(
    declaration: Declaration,
    read: Callable[[Intercom], Awaitable[Sequence[Any]]],
    key: Callable[[Any], str | None],
) -> Destination:
    """Return how a simple object is counted and asked for: by a list of all that there are.

    Args:
        declaration: the object.
        read: lists its records.
        key: our key of a record; None where it cannot be ours. One that was renamed is found by its id.
    """

    async def count(env: Environment, _ticket_type: str) -> list[DestinationCount]:
        records = await read(env.client)
        await env.seen(records)
        keys = ((key(record), record) for record in records)
        return [keep_found(env, declaration, [(found, record.id) for found, record in keys if found is not None])]

    async def ask(env: Environment, missing: Sequence[MissingRecord]) -> list[AskedRecord]:
        there = {record.id for record in await read(env.client)}
        return [
            AskedRecord(one.source_key, one.intercom_id, None if one.intercom_id in there else DELETED)
            for one in missing
        ]

    return Destination(count, ask)


async def ask_each(
    env: Environment, missing: Sequence[MissingRecord], ask: Callable[[Intercom, str], Awaitable[str | None]]
) -> list[AskedRecord]:
    """Ask for each record by its id, as many at once as is allowed; `ask` says what became of it, if it is gone."""
    codes = await env.each(missing, lambda one: ask(env.client, one.intercom_id))
    return [AskedRecord(one.source_key, one.intercom_id, code) for one, code in zip(missing, codes, strict=True)]


def observed_table(declaration: Declaration) -> str | None:
    """Return where what was found of an object is kept; None where it is not asked for."""
    return None if declaration.relation else f"observed.{declaration.table or declaration.plural}"


def keep_found(
    env: Environment, declaration: Declaration, pairs: Pairs, *, by: str = "source_key", by_journal: bool = False
) -> DestinationCount:
    """Keep what was found of the target, known there by the column `by`, and by the journalled ids if so; count it.

    What bears a key of ours and is somebody else's is not counted: our record is held for it, or was refused.
    """
    table, target = observed_table(declaration), declaration.target
    adopted = (
        "UNION SELECT j.source_key, f.intercom_id FROM observed.found f JOIN plan.journal j "
        "ON j.object = ? AND j.operation = 'create' AND j.intercom_id = f.intercom_id"
    )
    with env.warehouse.connect() as connection:
        insert_frame(connection, "observed.found", pl.DataFrame(pairs, schema=_PAIRS, orient="row"), create=True)
        connection.execute(
            f"CREATE OR REPLACE TABLE {table} AS SELECT source_key, intercom_id FROM ("
            f"SELECT t.source_key, f.intercom_id FROM observed.found f JOIN {target} t ON t.{by} = f.source_key "
            f"{adopted if by_journal else ''}) SEMI JOIN {target} USING (source_key)",
            [declaration.name] if by_journal else None,
        )
        connection.execute(f"DELETE FROM {table} WHERE {_OF_OTHERS}", {"object": declaration.name})
        connection.execute("DROP TABLE observed.found")
        return count_found(connection, declaration)


def count_found(connection: duckdb.DuckDBPyConnection, declaration: Declaration) -> DestinationCount:
    """Count what was found of the records that the plan covers; under a limit these are not all of the target."""
    name = declaration.name
    total = scalar(connection, f"SELECT count(*) FROM ({PLANNED})", [name])
    within = f"FROM {observed_table(declaration)} SEMI JOIN ({PLANNED}) USING (source_key)"
    found = scalar(connection, f"SELECT count(DISTINCT source_key) {within}", [name])
    rows = scalar(connection, f"SELECT count(*) {within}", [name])
    return DestinationCount(name, total, found, rows - found)
