"""What was loaded and is in Intercom no more: somebody deleted, archived or merged it there.

A list or search that does not show a record proves nothing, so each is asked for by its id, as its room says. What is
deleted is written to `observed.deleted_in_intercom`, counts as failed with that reason, holds back what depends on it,
and is not written again unless a person says so.
"""

import duckdb
import polars as pl

from migration_assets.objects.destination import AskedRecord, MissingRecord, observed_table
from migration_assets.objects.registry import hanging_on, rooms
from migration_assets.plan.plan import decide_again, refresh_verdicts
from migration_assets.writing.environment import Environment
from resources.journal import Undoes
from resources.warehouse import insert_frame, scalar

MISSING = """
SELECT DISTINCT j.source_key, j.intercom_id, own.intercom_id AS record_id
FROM plan.journal j
SEMI JOIN plan.wanted w ON w.object = j.object AND w.source_key = j.source_key AND w.operation <> 'take_off'
ANTI JOIN {table} o ON o.source_key = j.source_key
LEFT JOIN plan.journal own
    ON own.object = $part_of AND own.operation = 'create' AND own.source_key = j.parent_key
WHERE j.object = $object AND j.operation IN ('create', 'upsert', 'attach', 'append') AND j.intercom_id IS NOT NULL
"""
FORGET = """
SELECT DISTINCT object, source_key, code FROM observed.deleted_in_intercom WHERE list_contains(?, object)
"""
SCHEMA = {"object": pl.String, "source_key": pl.String, "intercom_id": pl.String, "code": pl.String}


async def look_for_deleted(env: Environment, object_name: str, *, short: bool) -> bool:
    """Ask Intercom for each record of an object that was loaded and was not found, and keep what was deleted.

    Nothing is asked where nothing is missing (`short` says whether anything is) and nothing was before.
    Those that are there after all are added to what was found. The verdicts are made anew if anything changed.

    Returns:
        Whether anything was looked at, so that what was found has to be counted anew.

    Raises:
        IntercomError: Intercom cannot be read.
    """
    room = rooms()[object_name]
    table = observed_table(room.declaration)
    if table is None:
        return False
    with env.warehouse.connect() as connection:
        if not short and not scalar(
            connection, "SELECT count(*) FROM observed.deleted_in_intercom WHERE object = ?", [object_name]
        ):
            return False
        about = {"object": object_name, "part_of": room.declaration.part_of}
        missing = [MissingRecord(*row) for row in connection.execute(MISSING.format(table=table), about).fetchall()]
    asked = await room.destination.ask(env, missing)
    with env.warehouse.connect() as connection:
        _keep(connection, object_name, table, asked)
        refresh_verdicts(connection, env.journal)
        decide_again(connection)
    return True


def _keep(connection: duckdb.DuckDBPyConnection, object_name: str, table: str, asked: list[AskedRecord]) -> None:
    deleted = [(object_name, one.source_key, one.intercom_id, one.code) for one in asked if one.code is not None]
    there = [(one.source_key, one.intercom_id) for one in asked if one.code is None]
    connection.execute("DELETE FROM observed.deleted_in_intercom WHERE object = ?", [object_name])
    insert_frame(connection, "observed.deleted_in_intercom", pl.DataFrame(deleted, schema=SCHEMA, orient="row"))
    if there:
        frame = pl.DataFrame(there, schema={"source_key": pl.String, "intercom_id": pl.String}, orient="row")
        insert_frame(connection, "observed.found_by_id", frame, create=True)
        connection.execute(f"INSERT INTO {table} BY NAME FROM observed.found_by_id")
        connection.execute("DROP TABLE observed.found_by_id")


async def bring_back(env: Environment, objects: tuple[str, ...]) -> int:
    """Let what was deleted be written again: the journal no longer says that it stands.

    Returns:
        How many records these are.
    """
    with env.warehouse.connect() as connection:
        rows = connection.execute(FORGET, [list(objects)]).fetchall()
    for object_name, key, code in rows:
        await env.journal.undo(Undoes(object_name, key, hanging_on(object_name)), code)
    if rows:
        with env.warehouse.connect() as connection:
            connection.execute(
                "DELETE FROM observed.deleted_in_intercom WHERE list_contains(?, object)", [list(objects)]
            )
    return len(rows)
