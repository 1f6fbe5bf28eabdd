"""The assets of stage `verified`: what Intercom holds after the load, asked of Intercom."""

import time
from dataclasses import dataclass
from typing import Any

import dagster as dg

from migration_assets.accounting.sweep_tables import figures
from migration_assets.ground.migration_name import migration_name
from migration_assets.intercom.assets import key as load_key
from migration_assets.intercom.loads import load_assets
from migration_assets.verified.fields.assets import SWEEP, last_read_back
from migration_assets.verified.fields.assets import assets as field_assets
from migration_assets.verified.sweep import sweep
from migration_assets.writing.environment import Environment
from migration_assets.writing.failure import step_failure
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


def sweep_asset() -> dg.AssetsDefinition:
    """Return the asset `verified/sweep`."""

    @dg.asset(
        key=SWEEP,
        # Where everything is read back, that reading is the sweep's as well.
        deps=[*(load_key(load.name) for load in load_assets()), load_key("vanished"), last_read_back()],
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

        Intercom is asked once everything that was written has had its time to settle. What is there twice, equal to
        ours and touched by nobody is taken back: a conversation is deleted, a part can only be redacted. The rest is
        reported, and so is all of it in a job that only reads.
        """
        run = RunOfSweep(context.run.run_id, heal=READS_ONLY not in context.run.tags, dry=options.dry_run)
        return dg.MaterializeResult(metadata=run_sweep(run, warehouse, journal, workspace))

    return sweep_workspace


@dataclass(frozen=True)
class RunOfSweep:
    """The run that sweeps: whether it takes back what is there twice, and whether it is a dry one."""

    run_id: str
    heal: bool
    dry: bool


def run_sweep(
    run: RunOfSweep, warehouse: Warehouse, journal: JournalStore, workspace: IntercomWorkspace
) -> dict[str, Any]:
    """Sweep and return the metadata.

    Raises:
        dagster.Failure: it was stopped, or Intercom cannot be read.
    """
    before, began = workspace.calls.snapshot(), time.monotonic()
    with warehouse.connect() as connection:
        name = migration_name(connection)
    try:
        if not run.dry:
            with journal.writing(name, Run(run_id=run.run_id)) as book:
                workspace.call(lambda client: _sweep(client, book, warehouse, workspace, run.run_id, heal=run.heal))
    except (Stopped, JournalError, IntercomError) as error:
        raise step_failure(error, "Run again: what is there twice is not known yet.") from error
    after = workspace.calls.snapshot()
    with warehouse.connect() as connection:
        return {
            "dagster/row_count": scalar(connection, "SELECT count(*) FROM verdict.strays"),
            **figures(connection),
            "calls": after["total"] - before["total"],
            "writes": after["writes"] - before["writes"],
            "seconds": round(time.monotonic() - began, 1),
        }


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


def assets() -> list[dg.AssetsDefinition]:
    """Return the assets of this stage, as the registry has the objects."""
    return [sweep_asset(), *field_assets()]
