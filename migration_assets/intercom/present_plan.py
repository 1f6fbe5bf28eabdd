"""Before a load step writes: somebody means the run, and the plan is of what is there now."""

from collections.abc import Collection, Iterable

import dagster as dg

from migration_assets.ground.made import STAGES, all_made
from migration_assets.ground.migration_name import migration_name
from migration_assets.ground.run_events import CheckResult, read_events
from migration_assets.itco.drop import open_drop
from migration_assets.itco.extract import hash_of
from migration_assets.itco.faults import LandingError
from migration_assets.plan.basis import Basis, last_writer, options_in_words, planned_by, stale
from migration_assets.plan.plan_options import PlanOptions
from migration_assets.workspace.assets import workspaces_before
from migration_assets.workspace.named import Opened, judge_name
from resources.migration_run import MigrationRun
from schemas.mapping import MappingError

BEFORE_A_LOAD = (*STAGES, "workspace")
"""The stages whose checks stop a run before it writes."""


def require_present_plan(run: MigrationRun, instance: dg.DagsterInstance) -> None:
    """Refuse a step that is made by itself, in the UI, and whose plan is not of the present; nothing was sent then.

    A run that has planned for itself is not asked: its steps come one after the other, and its checks have stopped it.

    Raises:
        dagster.Failure: nobody has confirmed the run or named the workspace, the plan is stale, or a check has stopped
            the run that made it; says what to do.
    """
    run.require_confirmation()
    with run.warehouse.connect() as connection:
        planned = planned_by(connection)
        if planned is not None and planned[0] == run.run_id:
            return
        made = all_made(connection)
        refusal = stale(planned[1] if planned else None, _now(run, migration_name(connection)), made)
        ((app_id, name, region),) = connection.execute("SELECT app_id, name, region FROM observed.workspace").fetchall()
        refusal = (
            refusal
            or stopped_by(_checks(instance, {one.run_id for one in made}))
            or _not_named(run, Opened(app_id, name, region))
        )
        if refusal is not None:
            raise dg.Failure(refusal, allow_retries=False)
        # What is refused in this run is not sent again in it.
        connection.execute("UPDATE plan.options SET run_id = ?", [run.run_id])


def stopped_by(checks: Iterable[CheckResult]) -> str | None:
    """Say which check of the runs that made the plan, and what it stands on, stopped them; None where none did."""
    said = [one.words for one in checks if one.stops and not one.passed and one.name.split("/")[0] in BEFORE_A_LOAD]
    if not said:
        return None
    return (
        f"Nothing was sent: a check has stopped the run that made the plan. {said[0]} Then start the job migrate "
        "(make migrate), which makes all of it again."
    )


def _checks(instance: dg.DagsterInstance, runs: Collection[str]) -> list[CheckResult]:
    kind = dg.DagsterEventType.ASSET_CHECK_EVALUATION
    records = [
        record for run_id in sorted(runs) for record in instance.get_records_for_run(run_id, of_type=kind).records
    ]
    events = [record.event_log_entry.dagster_event for record in records]
    return list(read_events(event for event in events if event is not None).checks)


def _not_named(run: MigrationRun, opened: Opened) -> str | None:
    """Say that a real workspace was not named, where the plan was made by a run that writes nothing; else None."""
    if run.workspace.embedded:
        return None
    known = workspaces_before(run.workspace, run.journal, run.drop)
    judged = judge_name(opened, run.workspace.named, known, writes=True)
    return None if judged.ok else judged.sentence


def _now(run: MigrationRun, migration: str) -> Basis:
    try:
        drop, mapping = hash_of(open_drop(run.drop.path)), run.drop.load_mapping()
    except (LandingError, MappingError) as error:
        raise dg.Failure(str(error), allow_retries=False) from error
    options = run.options
    chosen = PlanOptions.of(
        mapping.settings,
        run_id=run.run_id,
        route=options.route,
        retry_failed=options.retry_failed,
        resync=options.resync,
        limit=options.limit,
    )
    with run.journal.reading(migration) as book:
        written_by = last_writer(book.runs(), run.run_id)
    made_with = run.drop.made_with(options.route)
    return Basis(migration, drop, made_with, options_in_words(chosen), written_by, run.workspace.launcher.wipes())
