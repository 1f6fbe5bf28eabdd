"""Deletes in Intercom what was deleted in the source, where settings.gone says so, with the refusals of a rollback.

The plan writes `verdict.deleted_in_source` (plan/deleted_in_source.sql); what was planned gets its fate here.
"""

from collections.abc import Sequence
from typing import Any

import duckdb

from migration_assets.ground.migration_name import migration_name
from migration_assets.intercom.load_step import held_to_hours
from migration_assets.objects.registry import rooms
from migration_assets.objects.tables import open_objects
from migration_assets.plan.plan import refresh_verdicts
from migration_assets.undoing.deletion import delete_records
from migration_assets.undoing.fates import UndoFate
from migration_assets.writing.environment import Environment, holding_the_workspace
from migration_assets.writing.failure import step_failure
from migration_assets.writing.off_peak import hold_to
from migration_assets.writing.records import Stopped
from migration_assets.writing.telling import Log, telling
from resources.intercom.client import Intercom
from resources.intercom.errors import IntercomError
from resources.journal import Journal, JournalError, Run
from resources.migration_run import MigrationRun
from resources.warehouse import scalar, table_exists

FIGURES = ("reported", "planned", *(fate.value for fate in UndoFate))
"""What may become of a record: of `planned` it is not known yet, the other words are those of a rollback."""

PLANNED = """
SELECT v.object, v.source_key FROM verdict.deleted_in_source v JOIN intercom_objects b ON b.name = v.object
WHERE v.fate = 'planned' AND b.part_of IS NULL
"""
SETTLE = """
UPDATE verdict.deleted_in_source v SET
    fate = f.fate,
    reason = if(f.still_there, 'Intercom still showed it when it was read back', f.reason)
FROM rollback.fates f
WHERE v.fate = 'planned' AND f.object = v.object AND f.source_key = v.source_key;

-- What is part of a record shares its fate.
UPDATE verdict.deleted_in_source v SET
    fate = c.fate, reason = if(c.fate = 'deleted', c.reason, 'its ' || replace(b.part_of, '_', ' ') || ' stays')
FROM verdict.deleted_in_source c, intercom_objects b
WHERE v.fate = 'planned' AND b.name = v.object AND c.object = b.part_of AND c.source_key = v.record_key;
"""
NOTHING_STANDS = """
UPDATE verdict.deleted_in_source SET fate = 'kept', reason = 'by the journal nothing of it stands any more'
WHERE fate = 'planned'
"""
DELETED = "SELECT intercom_id FROM rollback.fates WHERE object = ? AND fate = 'deleted'"


def follow_deletions(run: MigrationRun, log: Log) -> dict[str, Any]:
    """Delete what is planned in `verdict.deleted_in_source`, and return the step's metadata, the same keys each time.

    Where nothing is planned, Intercom is not called.

    Raises:
        dagster.Failure: it was stopped, or something could not be journalled; says why and what to do.
    """
    before = run.workspace.calls.snapshot()
    with run.warehouse.connect() as connection:
        name = migration_name(connection)
        open_objects(connection)
        records: list[tuple[str, str]] = connection.execute(PLANNED).fetchall()
    try:
        if records:
            with run.journal.writing(name, Run(run.run_id)) as journal:
                run.workspace.call(lambda client: _delete(run, client, journal, records, log))
    except (Stopped, JournalError, IntercomError) as error:
        raise step_failure(error, "Run again to delete what is left of it.") from error
    after = run.workspace.calls.snapshot()
    with run.warehouse.connect() as connection:
        return {
            "dagster/row_count": scalar(connection, "SELECT count(*) FROM verdict.deleted_in_source"),
            **figures(connection),
            "calls": after["total"] - before["total"],
            "writes": after["writes"] - before["writes"],
        }


async def _delete(
    run: MigrationRun, client: Intercom, journal: Journal, records: Sequence[tuple[str, str]], log: Log
) -> None:
    async with (
        telling(journal, log) as told,
        holding_the_workspace(run, client, journal, progress=told) as env,
        hold_to(held_to_hours(run, len(records)), journal),
    ):
        await carry_out(env, records, run.run_id)


async def carry_out(env: Environment, records: Sequence[tuple[str, str]], run_id: str) -> None:
    """Delete `records`, and keep in `verdict.deleted_in_source` what became of each, however it ends.

    Raises:
        Stopped: it was asked to stop, or Intercom cannot be used.
        resources.journal.JournalError: something could not be journalled.
    """
    with env.warehouse.connect() as connection:
        if table_exists(connection, "rollback.fates"):
            # Those of an earlier rollback say nothing of these.
            connection.execute("DELETE FROM rollback.fates")
    try:
        await delete_records(env, records, run_id)
    finally:
        with env.warehouse.connect() as connection:
            if table_exists(connection, "rollback.fates"):
                open_objects(connection)
                connection.execute(SETTLE)
                _forget_read(connection)
                refresh_verdicts(connection, env.journal)
    with env.warehouse.connect() as connection:
        connection.execute(NOTHING_STANDS)


def _forget_read(connection: duckdb.DuckDBPyConnection) -> None:
    """Take what was deleted out of what was read before: to the sweep it would look like nobody's."""
    for name, room in rooms().items():
        for table, key in room.destination.read_tables.items():
            if table_exists(connection, table):
                connection.execute(f"DELETE FROM {table} WHERE {key} IN ({DELETED})", [name])


def figures(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Return the records of `verdict.deleted_in_source` by what became of them."""
    found = dict(connection.execute("SELECT fate, count(*) FROM verdict.deleted_in_source GROUP BY fate").fetchall())
    return {name: found.get(name, 0) for name in FIGURES}
