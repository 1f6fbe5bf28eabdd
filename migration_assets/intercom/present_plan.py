"""Before a load step writes: somebody means the run, and the plan is of what is there now."""

import dagster as dg

from migration_assets.ground.made import all_made
from migration_assets.ground.migration_name import migration_name
from migration_assets.itco.drop import open_drop
from migration_assets.itco.extract import hash_of
from migration_assets.itco.faults import LandingError
from migration_assets.plan.basis import Basis, last_writer, options_in_words, planned_by, stale
from migration_assets.plan.plan_options import PlanOptions
from resources.migration_run import MigrationRun
from schemas.mapping import MappingError


def require_present_plan(run: MigrationRun) -> None:
    """Refuse a step that is made by itself, in the UI, and whose plan is not of the present; nothing was sent then.

    A run that has planned for itself is not asked: its steps come one after the other.

    Raises:
        dagster.Failure: nobody has confirmed the run, or the plan is stale; says what to do.
    """
    if not run.options.dry_run:
        run.require_confirmation()
    with run.warehouse.connect() as connection:
        planned = planned_by(connection)
        if planned is not None and planned[0] == run.run_id:
            return
        refusal = stale(planned[1] if planned else None, _now(run, migration_name(connection)), all_made(connection))
        if refusal is not None:
            raise dg.Failure(refusal, allow_retries=False)
        # What is refused in this run is not sent again in it.
        connection.execute("UPDATE plan.options SET run_id = ?", [run.run_id])


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
