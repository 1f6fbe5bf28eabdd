"""The checks of stage `workspace`."""

import dagster as dg

from migration_assets.workspace.assets import workspaces_before
from migration_assets.workspace.named import Opened, judge_name
from resources.dry_run import JOB
from resources.journal.resource import JournalStore
from resources.run import ExtractFolder
from resources.warehouse import Warehouse
from resources.workspace import IntercomWorkspace


@dg.asset_check(asset=["workspace", "preflight"], name="workspace_is_the_one_that_is_meant", blocking=True)
def is_the_one_that_is_meant(
    context: dg.AssetCheckExecutionContext,
    warehouse: Warehouse,
    workspace: IntercomWorkspace,
    journal: JournalStore,
    drop: ExtractFolder,
) -> dg.AssetCheckResult:
    """A person has named the real workspace that is written to, or earlier runs wrote to it."""
    if workspace.embedded:
        return dg.AssetCheckResult(passed=True, description="The embedded workspace is nobody's.")
    with warehouse.connect() as connection:
        ((app_id, name, region),) = connection.execute("SELECT app_id, name, region FROM observed.workspace").fetchall()
    known = workspaces_before(workspace, journal, drop)
    judged = judge_name(Opened(app_id, name, region), workspace.named, known, writes=context.run.job_name != JOB)
    return dg.AssetCheckResult(passed=judged.ok, description=judged.sentence)


@dg.asset_check(asset=["workspace", "preflight"], name="every_mapped_ticket_state_exists", blocking=True)
def ticket_states_exist(warehouse: Warehouse, drop: ExtractFolder) -> dg.AssetCheckResult:
    """Every ticket state that the mapping names is in the workspace (states cannot be created by the API)."""
    wanted = {status.ticket_state for status in drop.load_mapping().statuses.values()}
    with warehouse.connect() as connection:
        rows = connection.execute("SELECT label FROM observed.ticket_states").fetchall()
    there = {str(row[0]) for row in rows}
    missing = sorted(wanted - there)
    return dg.AssetCheckResult(
        passed=not missing,
        metadata={"wanted": len(wanted), "missing": len(missing)},
        description=(
            f"Not in the workspace: {', '.join(missing)}. It has: {', '.join(sorted(there))}. "
            "Create them in Intercom or change statuses in the mapping."
            if missing
            else f"All {len(wanted)} ticket states are in the workspace."
        ),
    )


@dg.asset_check(asset=["workspace", "profile"], name="workspace_keeps_what_is_promised", blocking=True)
def promises_hold(warehouse: Warehouse) -> dg.AssetCheckResult:
    """Intercom was seen to keep times and words, to tell nobody, and no automation answered the probe's ticket."""
    with warehouse.connect() as connection:
        rows = connection.execute("SELECT sentence, stops FROM observed.broken_promises").fetchall()
    sentences = " ".join(sentence for sentence, _ in rows)
    return dg.AssetCheckResult(
        passed=not any(stops for _, stops in rows),
        metadata={"broken": len(rows)},
        description=(
            f"Nothing of a customer's is sent: {sentences} Once that is changed, make probe looks again."
            if rows
            else "Nothing was seen that would break a promise of the migration."
        ),
    )


CHECKS = [is_the_one_that_is_meant, ticket_states_exist, promises_hold]
