"""The asset of stage `hypercare`: the daily look at what was migrated."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg

from migration_assets.delta.times import cutover_at
from migration_assets.ground.asked_for import asks_for
from migration_assets.ground.migration_name import migration_name
from migration_assets.ground.run_tags import COMPLETE, PARTIAL, VERDICT, counts_of, tag_run, tags_of_the_landed
from migration_assets.ground.stage_definitions import POOL
from migration_assets.hypercare.look import NothingLoadedError, look
from migration_assets.hypercare.watch import FOLDER, PAGE, HypercareFindings, find, write_watch
from migration_assets.writing.environment import environment_of
from resources.intercom.errors import IntercomError
from resources.journal import Journal, JournalError, Run
from resources.migration_run import MigrationRun
from resources.warehouse import table_exists


@dg.asset(
    key=["hypercare", "watch"],
    deps=[["handoff", "handover"]],
    kinds={"intercom", "duckdb"},
    pool=POOL,
    output_required=False,
)
def watch(context: dg.AssetExecutionContext, run: dg.ResourceParam[MigrationRun]) -> Iterator[dg.MaterializeResult]:
    """One row per migrated record that was deleted or edited in Intercom since the cutover, or that somebody answered.

    Reads only. Writes the folder hypercare into the state folder: a page, and lists by key. "Materialize all" leaves it
    out.
    """
    if not asks_for(context, "hypercare", "hypercare"):
        return
    before, began = run.workspace.calls.snapshot(), time.monotonic()
    folder = Path(run.workspace.state) / FOLDER
    try:
        found = _look(run, folder)
    except (NothingLoadedError, JournalError, IntercomError) as error:
        raise dg.Failure(str(error), allow_retries=False) from error
    after = run.workspace.calls.snapshot()
    with run.warehouse.connect() as connection:
        tag_run(context, tags_of_the_landed(connection, run.drop.path) | _tags(found))
    context.log.info(
        "since the cutover: %d deleted in Intercom, %d changed there, %d replied",
        found.deleted_in_intercom,
        found.edited,
        found.replied,
    )
    yield dg.MaterializeResult(
        metadata={
            "dagster/row_count": found.deleted_in_intercom + found.edited + found.replied,
            "loaded": sum(item.loaded for item in found.stands),
            "present": sum(item.present for item in found.stands),
            "deleted_in_intercom": found.deleted_in_intercom,
            "edited": found.edited,
            "replied": found.replied,
            "waiting_for_an_answer": found.waiting,
            "unexplained": sum(abs(item.unexplained) for item in found.stands),
            "calls": after["total"] - before["total"],
            "writes": after["writes"] - before["writes"],
            "seconds": round(time.monotonic() - began, 1),
            "page": dg.MetadataValue.path(str(folder / PAGE)),
        }
    )


def _tags(found: HypercareFindings) -> dict[str, str]:
    unexplained = sum(abs(item.unexplained) for item in found.stands)
    open_ones = {"unexplained": unexplained, "deleted": found.deleted_in_intercom, "waiting": found.waiting}
    verdict = PARTIAL if any(open_ones.values()) else COMPLETE
    return {VERDICT: verdict, **counts_of({**open_ones, "edited": found.edited, "replied": found.replied})}


def _look(run: MigrationRun, folder: Path) -> HypercareFindings:
    with run.warehouse.connect() as connection:
        if not table_exists(connection, "raw.extract") or not table_exists(connection, "observed.workspace"):
            raise NothingLoadedError(
                "Nothing was loaded from this state folder yet: there is nothing to look at. Start the job "
                "migrate first (make migrate)."
            )
        name = migration_name(connection)

    # It holds the journal, so that nobody writes meanwhile.
    with run.journal.writing(name, Run(run.run_id, kind="hypercare")) as journal:
        since = _since(journal)
        present = run.workspace.call(lambda client: look(environment_of(run, client, journal)))
    with run.warehouse.connect() as connection:
        found = find(connection, present, since, datetime.now(UTC))
        write_watch(connection, folder, found, since)
    return found


def _since(journal: Journal) -> datetime | None:
    return cutover_at(journal.runs())


ASSETS = [watch]
