"""The assets of stage `verified`: what Intercom holds after the load, asked of Intercom."""

import time
from typing import Any

import dagster as dg

from migration_assets.accounting.sweep_tables import figures
from migration_assets.ground.migration_name import migration_name
from migration_assets.ground.stage_definitions import POOL, READS_ONLY
from migration_assets.intercom.loads import written_keys
from migration_assets.verified.fields.assets import SWEEP, last_read_back
from migration_assets.verified.fields.assets import assets as field_assets
from migration_assets.verified.final_count import calls_at_the_end, count_at_the_end
from migration_assets.verified.sweep_workspace import sweep
from migration_assets.writing.environment import holding_the_workspace
from migration_assets.writing.failure import step_failure
from migration_assets.writing.records import Stopped
from resources.intercom.client import Intercom
from resources.intercom.errors import IntercomError
from resources.intercom.estimate import estimate_seconds
from resources.journal import Journal, JournalError, Run
from resources.migration_run import MigrationRun
from resources.terminal import stderr_console
from resources.warehouse import scalar
from resources.wording import counted, duration


def sweep_asset() -> dg.AssetsDefinition:
    """Return the asset `verified/sweep`."""

    @dg.asset(
        key=SWEEP,
        # Where everything is read back, that reading is the sweep's as well.
        deps=[*written_keys(), last_read_back()],
        kinds={"intercom", "duckdb"},
        pool=POOL,
    )
    def sweep_workspace(context: dg.AssetExecutionContext, run: dg.ResourceParam[MigrationRun]) -> dg.MaterializeResult:
        """One row per record that Intercom has twice, or without the journal knowing it, or not although it was loaded.

        Intercom is asked once everything that was written has had its time to settle. What is there twice, equal to
        ours and touched by nobody is taken back, as far as Intercom can. The rest is reported, and so is all of it in a
        job that only reads. At the end contacts, companies and whatever else was loaded are counted once more: what
        is present is what Intercom shows then. Says on the terminal how many calls all of it takes before the first.
        """
        context.log.info(tell_calls(run))
        found = run_sweep(run, deduplicate=READS_ONLY not in context.run.tags)
        context.log.info("swept: %d records are missing, orphaned or twice", found["dagster/row_count"])
        return dg.MaterializeResult(metadata=found)

    return sweep_workspace


def tell_calls(run: MigrationRun) -> str:
    """Say on the terminal how many calls the sweep and the count after it take, and how long; returns the sentence."""
    with run.warehouse.connect() as connection:
        calls = calls_at_the_end(connection)
        quota = scalar(connection, "SELECT calls_per_window FROM observed.workspace")
    seconds = estimate_seconds(calls, quota, run.workspace.rate_share, run.workspace.calls_per_minute)
    told = f"about {counted(calls, 'call')}, {duration(seconds)} at the allowed pace"
    line = f"Reading what Intercom shows at the end: {told}"
    stderr_console().print(line, highlight=False, soft_wrap=True)
    return line


def run_sweep(run: MigrationRun, *, deduplicate: bool) -> dict[str, Any]:
    """Sweep and return the metadata; with `deduplicate`, what is there twice is taken back.

    Raises:
        dagster.Failure: it was stopped, or Intercom cannot be read.
    """
    if deduplicate:
        run.require_confirmation()
    before, began = run.workspace.calls.snapshot(), time.monotonic()
    with run.warehouse.connect() as connection:
        name = migration_name(connection)
    try:
        with run.journal.writing(name, Run(run.run_id)) as journal:
            run.workspace.call(lambda client: _sweep(client, journal, run, deduplicate=deduplicate))
    except (Stopped, JournalError, IntercomError) as error:
        raise step_failure(error, "Run again: what is there twice is not known yet.") from error
    after = run.workspace.calls.snapshot()
    with run.warehouse.connect() as connection:
        return {
            "dagster/row_count": scalar(connection, "SELECT count(*) FROM verdict.strays"),
            **figures(connection),
            "calls": after["total"] - before["total"],
            "writes": after["writes"] - before["writes"],
            "seconds": round(time.monotonic() - began, 1),
        }


async def _sweep(client: Intercom, journal: Journal, run: MigrationRun, *, deduplicate: bool) -> None:
    async with holding_the_workspace(run, client, journal) as env:
        await sweep(env, deduplicate=deduplicate)
        await count_at_the_end(run, env)


def assets() -> list[dg.AssetsDefinition]:
    """Return the assets of this stage, as the registry has the objects."""
    return [sweep_asset(), *field_assets()]
