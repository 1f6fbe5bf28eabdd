"""The sweep: after the load Intercom is asked for everything that is ours, for what is missing, orphaned or twice.

What is there twice, is equal to ours and was touched by nobody is taken back; everything else is told. What is read of
an object, and when two of it are one, its room says (`objects/sweep.py`).
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb
import polars as pl

from migration_assets.accounting.sweep_tables import OTHERS, READ, STRAYS
from migration_assets.ground.migration_name import INTO
from migration_assets.intercom.load_step import last_write
from migration_assets.objects import registry
from migration_assets.objects.shaping import run_sql
from migration_assets.objects.sweep import Stray, Sweep
from migration_assets.plan.plan import refresh_verdicts
from migration_assets.verified.deduplicate import TakenBack, look_back, take_back
from migration_assets.writing.environment import Environment
from resources.warehouse import fetch_frame, insert_frame

FINISHED = """
INSERT INTO verdict.strays (kind, object, source_key, intercom_id, key, outcome) VALUES ('twice', ?, ?, ?, ?, 'healed')
"""
BOUND_ELSEWHERE = {"object": pl.String, "intercom_id": pl.String}
TWICE = "kind = 'twice' AND outcome IS NULL"
MISSING = "kind = 'missing'"
READ_ONLY = "a verification takes nothing back; the next make migrate does"
"""Why a copy was left that would be taken back after a load."""


async def sweep(env: Environment, *, deduplicate: bool = True) -> None:
    """Ask, decide, take back what may be (with `deduplicate`), and write `verdict.strays` and `verdict.sweep`.

    Raises:
        Stopped: it was asked to stop.
        IntercomError: Intercom cannot be read.
        resources.journal.JournalError: something could not be journalled.
    """
    sweeps = {room.name: room.sweep for room in registry.ROOMS if room.sweep is not None}
    with env.warehouse.connect() as connection:
        refresh_verdicts(connection, env.journal)
    for name, one in sweeps.items():
        await one.read(env, last_write(env.warehouse, registry.journal_objects(name)) + env.settle_seconds)
    finished = await look_back(env, tuple(sweeps.values()))
    migrations = _of_this_workspace(env)
    with env.warehouse.connect() as connection:
        _keep_bound_elsewhere(connection, env, migrations)
        _search(connection, sweeps.values())
    for one in sweeps.values():
        await _forget_what_is_there(env, one)
        copies = await _copies(env, one)
        if deduplicate:
            await take_back(env, one, copies, migrations)
        else:
            _leave(env, [(copy, READ_ONLY) for copy in copies])
    await look_back(env, tuple(sweeps.values()))
    with env.warehouse.connect() as connection:
        refresh_verdicts(connection, env.journal)
        _keep(connection, finished)


def _of_this_workspace(env: Environment) -> list[str]:
    """Return the migrations whose records are in the same workspace, this one included."""
    workspace = env.journal.migration.partition(INTO)[2]
    return [name for name in env.journal.migrations() if name.partition(INTO)[2] == workspace]


def _keep_bound_elsewhere(connection: duckdb.DuckDBPyConnection, env: Environment, migrations: Sequence[str]) -> None:
    """Write what belongs to other migrations to `plan.bound_elsewhere`: it may look like ours."""
    empty = pl.DataFrame(schema=BOUND_ELSEWHERE)
    insert_frame(connection, "plan.bound_elsewhere", empty, create=True)
    others = [name for name in migrations if name != env.journal.migration]
    if others:
        objects = sorted({name for item in registry.written_parts() for name in (item.name, item.record_object)})
        for frame in env.journal.bound(others, objects):
            insert_frame(connection, "plan.bound_elsewhere", frame)


def _search(connection: duckdb.DuckDBPyConnection, sweeps: Iterable[Sweep]) -> None:
    """Write `verdict.strays` and `verdict.others` anew."""
    connection.execute(STRAYS)
    columns = ", ".join(f"{name} BIGINT" for name in (*OTHERS, *READ))
    connection.execute(f"CREATE OR REPLACE TABLE verdict.others ({columns})")
    for one in sweeps:
        run_sql(connection, one.strays)


def _strays(env: Environment, swept: Sweep, which: str) -> Sequence[Stray]:
    """Return the strays of the objects of a sweep."""
    query = f"SELECT * FROM verdict.strays WHERE list_contains(?, object) AND {which} ORDER BY object, intercom_id"
    with env.warehouse.connect() as connection:
        return fetch_frame(connection, query, [list(swept.operations)]).to_dicts()


async def _forget_what_is_there(env: Environment, swept: Sweep) -> None:
    """Ask for each missing record by its id."""
    there = await swept.still_there(env, _strays(env, swept, MISSING))
    with env.warehouse.connect() as connection:
        for row in there:
            connection.execute(
                f"DELETE FROM verdict.strays WHERE {MISSING} AND object = ? AND intercom_id = ?",
                [row["object"], row["intercom_id"]],
            )


async def _copies(env: Environment, swept: Sweep) -> list[Stray]:
    """Look at everything that is there twice as it is now, and return what may be taken back."""
    copies = _strays(env, swept, TWICE)
    reasons = await swept.why_left(env, copies)
    _leave(env, [(copy, reason) for copy, reason in zip(copies, reasons, strict=True) if reason is not None])
    return [copy for copy, reason in zip(copies, reasons, strict=True) if reason is None]


def _leave(env: Environment, left: Sequence[tuple[Stray, str]]) -> None:
    """Note why something that is there twice is left for a person."""
    with env.warehouse.connect() as connection:
        for copy, reason in left:
            connection.execute(
                "UPDATE verdict.strays SET outcome = 'left', reason = ? WHERE kind = 'twice' AND key = ?",
                [reason, copy["key"]],
            )


def _keep(connection: duckdb.DuckDBPyConnection, finished: Sequence[TakenBack]) -> None:
    """Note what became of everything that was to be taken back, and count.

    `finished` is what was taken back by writes of an earlier run, which was ended between call and outcome.
    """
    for one in finished:
        connection.execute(FINISHED, one)
    run_sql(connection, Path(__file__).with_name("verdict.sql"))
