"""One load step of a run: opens what it needs, loads its objects, counts them in Intercom, keeps the figures."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from migration_assets.accounting.load_figures import FIGURES
from migration_assets.accounting.outcomes import open_words
from migration_assets.ground.migration_name import migration_name
from migration_assets.intercom.deleted_in_intercom import look_for_deleted
from migration_assets.intercom.destination_counts import count_destination, recount
from migration_assets.intercom.load import LoadResult, load
from migration_assets.intercom.loads import parts_of
from migration_assets.objects.destination import DestinationCount, observed_table
from migration_assets.objects.registry import declarations, journal_objects, loader_of, rooms
from migration_assets.plan.guards import exported
from migration_assets.plan.plan_options import PlanOptions
from migration_assets.writing.conflicts import Policy
from migration_assets.writing.environment import Environment, holding_the_workspace
from migration_assets.writing.failure import step_failure
from migration_assets.writing.off_peak import LargeLoad, hold_to, large_load
from migration_assets.writing.records import Stopped
from migration_assets.writing.resolve import wait_until
from migration_assets.writing.signals import asked_to_stop
from migration_assets.writing.telling import Log, telling
from resources.intercom.client import Intercom
from resources.intercom.errors import IntercomError
from resources.journal import Command, Journal, JournalError, Run
from resources.migration_run import MigrationRun
from resources.warehouse import Warehouse, fetch_frame, scalar

_HERE = Path(__file__).parent
PLANNED = "SELECT count(*) FROM plan.actions WHERE action IN ('create', 'update', 'append', 'adopt')"
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 60.0
"""Seconds between two counts of what Intercom does not show yet; doubled each time, for a count reads everything."""


def run_step(run: MigrationRun, objects: Sequence[str], log: Log) -> dict[str, Any]:
    """Load `objects` in order and return the step's metadata, the same numeric keys each time.

    Progress goes to the terminal and to `log`, the run's own.

    Raises:
        dagster.Failure: the load was stopped, or something could not be journalled; says why and what to do.
    """
    results: list[LoadResult] = []
    with run.warehouse.connect() as connection:
        name, begun = migration_name(connection), _this_run(connection, run)
    before = run.workspace.calls.snapshot()
    try:
        with run.journal.writing(name, begun) as journal:
            results = run.workspace.call(lambda client: _load_all(run, client, journal, objects, log))
    except (Stopped, JournalError, IntercomError) as error:
        raise step_failure(error, "Run again to load what is left.") from error
    after = run.workspace.calls.snapshot()
    return {
        **_figures(run.warehouse, objects),
        "calls": after["total"] - before["total"],
        "writes": after["writes"] - before["writes"],
        "rate_limited": after["rate_limited"] - before["rate_limited"],
        "seconds_throttled": round(after["seconds_waited"] - before["seconds_waited"], 1),
        "seconds": round(sum(result.seconds for result in results), 1),
        "answered_otherwise": sum(tally.otherwise for result in results for tally in result.book.tallies.values()),
        "duplicates_found": sum(len(result.duplicates) for result in results),
    }


def _this_run(connection: duckdb.DuckDBPyConnection, run: MigrationRun) -> Run:
    """Return the run as the journal remembers it: which drop it loads, and for a cutover when the source was frozen."""
    ((sha256,),) = connection.execute("SELECT sha256 FROM raw.extract").fetchall()
    frozen_at = run.options.frozen_at
    return Run(
        run_id=run.run_id,
        extract_sha=sha256,
        exported_at=exported(connection).timestamp(),
        frozen_at=frozen_at.timestamp() if frozen_at else None,
    )


async def _load_all(
    run: MigrationRun, client: Intercom, journal: Journal, objects: Sequence[str], log: Log
) -> list[LoadResult]:
    mapping = run.drop.load_mapping()
    settings = mapping.settings
    chosen = PlanOptions.of(settings, run_id=run.run_id, route=run.options.route)
    policy = Policy(
        settings.edited_in_intercom == "overwrite", settings.adopted == "overwrite", resync=run.options.resync
    )
    choices: dict[str, Any] = {
        "drop": run.drop.path,
        "complete": run.options.complete_journal,
        "restore_deleted": run.options.restore_deleted,
        "policy": policy,
        "accepted_answers": frozenset(mapping.accepted_answers),
    }
    results = []
    try:
        async with (
            telling(journal, log) as told,
            holding_the_workspace(run, client, journal, progress=told, **choices) as env,
            hold_to(held_to_hours(run, _planned(run)), journal),
        ):
            for name in objects:
                results.append(await load(env, loader_of(name, chosen.route, chosen.ticket_type)))
                await count_what_stands(run, env, name, chosen.ticket_type)
    except IntercomError as error:
        if journal.run_command.command is Command.STOP:
            raise Stopped(asked_to_stop(journal.run_command), asked=True) from error
        raise
    return results


def _planned(run: MigrationRun) -> int:
    with run.warehouse.connect() as connection:
        return scalar(connection, PLANNED)


def held_to_hours(run: MigrationRun, records: int) -> LargeLoad | None:
    """Return the hours to which writing so many records is held; None where that may be done at any time."""
    return large_load(run.options.hours, records, run.options.large_load)


async def count_what_stands(run: MigrationRun, env: Environment, name: str, ticket_type: str) -> None:
    """Count what stands, again and again while something is missing that was written less than settle_seconds ago.

    Intercom's searches and lists lag behind its writes; what is asked at once would be missed.
    """
    pause = FIRST_PAUSE
    while True:
        missing = [_keep(run, present) for present in await count_destination(env, name, ticket_type)]
        settled = last_write(run.warehouse, journal_objects(name)) + env.settle_seconds
        if not any(missing) or env.journal.clock() >= settled:
            break
        await wait_until(min(settled, env.journal.clock() + pause), env.journal)
        pause = min(pause * 2, LONGEST_PAUSE)
    await _ask_for_missing(run, env, name, short=any(missing))


async def count_what_was_read(run: MigrationRun, env: Environment, name: str) -> None:
    """Count what a reading has just kept of an object and its parts, without reading it again."""
    kept = [item for item in journal_objects(name) if observed_table(declarations()[item]) is not None]
    missing = [_keep(run, present) for item in kept for present in recount(env, item)]
    await _ask_for_missing(run, env, name, short=any(missing))


async def _ask_for_missing(run: MigrationRun, env: Environment, name: str, *, short: bool) -> None:
    for object_name in journal_objects(name):
        if await look_for_deleted(env, object_name, short=short):
            for present in recount(env, object_name):
                _keep(run, present)


def last_write(warehouse: Warehouse, objects: Sequence[str]) -> float:
    """Return the unix time at which anything of the objects was written last, 0 if nothing ever was."""
    query = 'SELECT coalesce(max("at"), 0) FROM plan.journal WHERE list_contains(?, object)'
    with warehouse.connect() as connection:
        return float(connection.execute(query, [list(objects)]).fetchall()[0][0])


def _keep(run: MigrationRun, present: DestinationCount) -> bool:
    """Write the object's row of verdict.loads: what the plan's writes came to, and what Intercom says is there.

    Returns:
        Whether Intercom shows fewer than there should be.
    """
    with run.warehouse.connect() as connection:
        connection.execute("DELETE FROM verdict.loads WHERE object = ?", [present.object])
        open_words(connection)
        script = rooms()[present.object].load.figures or _HERE / "figures.sql"
        connection.execute(script.read_text(encoding="utf-8"), {"object": present.object, "run_id": run.run_id})
        connection.execute("UPDATE verdict.loads SET present = ? WHERE object = ?", [present.present, present.object])
        short = "SELECT count(*) FROM verdict.loads WHERE object = ? AND present < planned - failed"
        return scalar(connection, short, [present.object]) > 0


def _figures(warehouse: Warehouse, objects: Sequence[str]) -> dict[str, int]:
    """Return the sums over the objects, and those of the parts as keys of their own."""
    with warehouse.connect() as connection:
        rows = {row["object"]: row for row in fetch_frame(connection, "SELECT * FROM verdict.loads").to_dicts()}
    mine = [rows[name] for name in objects if name in rows]
    figures = {name: int(sum(row[name] for row in mine)) for name in FIGURES}
    figures["dagster/row_count"] = figures["present"]
    for room in parts_of(objects):
        row = rows.get(room.name, {})
        figures |= {f"{room.load.told_as}_{figure}": int(row.get(figure, 0)) for figure in FIGURES}
    return figures
