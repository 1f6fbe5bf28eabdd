"""The assets of stage `verified`: what Intercom holds after the load, asked of Intercom."""

import time

import dagster as dg

from migration_assets.accounting.sweep_tables import figures
from migration_assets.ground.migration_name import migration_name
from migration_assets.verified.fields.assets import ASSETS as FIELD_ASSETS
from migration_assets.verified.sweep import sweep
from migration_assets.writing.environment import Environment
from migration_assets.writing.records import Stopped
from migration_assets.writing.workspace_lease import MARKER_PAUSE, WorkspaceLease
from resources.intercom.client import Intercom
from resources.intercom.errors import IntercomError
from resources.journal import Journal, JournalError, Run
from resources.journal.resource import JournalStore
from resources.run import MigrationOptions
from resources.warehouse import Warehouse, scalar
from resources.workspace import IntercomWorkspace

READS_ONLY = "migration/reads_only"
"""The tag of a job that writes nothing to Intercom."""

LOADS = ("attributes", "contacts", "companies", "contact_companies", "ticket_type", "tags", "conversations", "vanished")


@dg.asset(
    key=["verified", "sweep"],
    # Where everything is read back, that reading is the sweep's as well.
    deps=[*(dg.AssetKey(["intercom", name]) for name in LOADS), dg.AssetKey(["verified", "conversations"])],
    group_name="verified",
    kinds={"intercom", "duckdb"},
    owners=["team:migration"],
    pool="intercom_api",
)
def sweep_workspace(
    context: dg.AssetExecutionContext,
    warehouse: Warehouse,
    journal: JournalStore,
    options: MigrationOptions,
    workspace: IntercomWorkspace,
) -> dg.MaterializeResult:
    """One row per record that Intercom has twice, or without the journal knowing it, or not although it was loaded.

    Intercom is asked once everything that was written has had its time to settle. What is there twice, equal to ours
    and touched by nobody is taken back: a conversation is deleted, a part can only be redacted. The rest is reported,
    and so is all of it in a job that only reads.
    """
    before, began = workspace.calls.snapshot(), time.monotonic()
    with warehouse.connect() as connection:
        name = migration_name(connection)
    try:
        if not options.dry_run:
            with journal.writing(name, Run(run_id=context.run.run_id)) as book:
                heal = READS_ONLY not in context.run.tags
                workspace.call(lambda client: _sweep(client, book, warehouse, workspace, context.run.run_id, heal=heal))
    except (Stopped, JournalError, IntercomError) as error:
        raise dg.Failure(f"{error} Run again: what is there twice is not known yet.", allow_retries=False) from error
    after = workspace.calls.snapshot()
    with warehouse.connect() as connection:
        return dg.MaterializeResult(
            metadata={
                "dagster/row_count": scalar(connection, "SELECT count(*) FROM verdict.strays"),
                **figures(connection),
                "calls": after["total"] - before["total"],
                "writes": after["writes"] - before["writes"],
                "seconds": round(time.monotonic() - began, 1),
            }
        )


async def _sweep(
    client: Intercom, journal: Journal, warehouse: Warehouse, workspace: IntercomWorkspace, run_id: str, *, heal: bool
) -> None:
    settle = workspace.settle_seconds
    tenure = WorkspaceLease(client, journal, min(MARKER_PAUSE, settle))
    env = Environment(
        warehouse, journal, client, concurrency=workspace.concurrency, settle_seconds=settle, tenure=tenure
    )
    try:
        await sweep(env, run_id, heal=heal)
    finally:
        await tenure.release()


ASSETS = [sweep_workspace, *FIELD_ASSETS]
