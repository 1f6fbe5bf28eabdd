"""The assets of stage `rollback`: the plan of taking a migration back, what became of each record, and the report.

They read the journal and Intercom only, and are in no job but `rollback`; "Materialize all" leaves them out.
"""

from collections.abc import Iterator

import dagster as dg

from migration_assets.ground import markdown
from migration_assets.ground.asked_for import asks_for
from migration_assets.ground.run_tags import FAILED, MIGRATION, ONLY_LOOKED, VERDICT, counts_of, tag_run
from migration_assets.ground.stage_definitions import POOL
from migration_assets.objects.declaration import UndoAction
from migration_assets.rollback.rollback_ending import end_rollback
from migration_assets.rollback.step import carry_out, make_plan, require_own_plan
from migration_assets.undoing.fates import Counts, UndoFate, count
from resources.migration_run import RollbackRun
from resources.run import ExtractFolder
from resources.warehouse import Warehouse
from resources.workspace import IntercomWorkspace

FIGURES = (*(fate.value for fate in UndoFate), "still_there", "remaining")


@dg.asset(key=["rollback", "plan"], kinds={"duckdb"}, output_required=False)
def plan_rollback(
    context: dg.AssetExecutionContext, rollback_run: dg.ResourceParam[RollbackRun]
) -> Iterator[dg.MaterializeResult]:
    """One row per record that we made or changed in Intercom, by the journal, with what undoes it.

    delete, archive, restore, detach, ride (goes with its contact), keep (cannot be undone) or unknown. Nothing is sent.
    """
    if not asks_for(context, "rollback", "rollback"):
        return
    name, scope, figures = make_plan(rollback_run)
    planned = {action.value: sum(found for (_, of), found in figures.items() if of == action) for action in UndoAction}
    context.log.info("planned to take back %d records: %s", sum(planned.values()), scope.words())
    yield dg.MaterializeResult(
        metadata={
            "dagster/row_count": sum(planned.values()),
            **planned,
            "migration": name,
            "scope": scope.words(),
            "only_looked_at": rollback_run.dry,
        }
    )


@dg.asset(
    key=["rollback", "undone"],
    deps=[plan_rollback],
    kinds={"intercom", "python"},
    pool=POOL,
)
def undo_migration(
    context: dg.AssetExecutionContext, rollback_run: dg.ResourceParam[RollbackRun]
) -> dg.MaterializeResult:
    """One row per record of the plan, with what became of it, or would: deleted, restored, archived, refused and why.

    Each record is read first; what somebody has touched since is left alone. Afterwards all is read back.
    """
    before = rollback_run.workspace.calls.snapshot()
    carry_out(rollback_run, context.log.info)
    after = rollback_run.workspace.calls.snapshot()
    with rollback_run.warehouse.connect() as connection:
        objects = count(connection)
    records, remaining = (sum(getattr(found, name) for found in objects.values()) for name in ("records", "remaining"))
    doing = "looked at" if rollback_run.dry else "taken back"
    context.log.info("%s: %d of %d records, %d remain", doing, records - remaining, records, remaining)
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": sum(counts.records for counts in objects.values()),
            **figures_of(objects),
            "calls": after["total"] - before["total"],
            "writes": after["writes"] - before["writes"],
        }
    )


@dg.asset(key=["rollback", "report"], deps=[undo_migration], kinds={"duckdb", "python"})
def report_rollback(
    context: dg.AssetExecutionContext, warehouse: Warehouse, drop: ExtractFolder, workspace: IntercomWorkspace
) -> dg.MaterializeResult:
    """One row per Intercom object: how many of its records are undone, and how many remain.

    Writes rollback.html for people and rollback.json for machines into the state folder.
    """
    folder = drop.rejects_path.parent
    with warehouse.connect() as connection:
        require_own_plan(connection, context.run.run_id)
        report = end_rollback(connection, workspace, folder)
    total = report.total
    undone = {"would_be_undone" if report.dry_run else "undone": total.records - total.remaining}
    verdict = ONLY_LOOKED if report.dry_run and report.verdict != FAILED else report.verdict
    counts = counts_of({**undone, "remaining": total.remaining})
    tag_run(context, {VERDICT: verdict, MIGRATION: report.migration, **counts})
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": len(report.objects),
            **figures_of(report.objects),
            "calls": report.calls.total,
            "calls_to_undo": report.calls_to_undo or 0,
            "verdict": report.verdict,
            "reasons": markdown.shown(markdown.bullets(report.reasons)),
            "report": dg.MetadataValue.path(str(folder / "rollback.html")),
        }
    )


def figures_of(objects: dict[str, Counts]) -> dict[str, int]:
    """Return the sums over all objects, the same keys each time."""
    return {name: sum(getattr(counts, name) for counts in objects.values()) for name in FIGURES}


ASSETS = [plan_rollback, undo_migration, report_rollback]
