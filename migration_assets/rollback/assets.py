"""The assets of stage `rollback`: the plan of taking a migration back, what became of each record, and the report.

They read the journal and Intercom only, and are in no job but `rollback`.
"""

import dagster as dg

from migration_assets.accounting.certificate import Calls
from migration_assets.rollback.plan import ACTIONS
from migration_assets.rollback.report import Counts, count, gather, write_report
from migration_assets.rollback.step import RollbackStep, carry_out, make_plan
from resources.journal.resource import JournalStore
from resources.run import ExtractFolder, RollbackOptions
from resources.warehouse import Warehouse
from resources.workspace import IntercomWorkspace

OWNERS = ["team:migration"]
FIGURES = (
    "deleted", "restored", "detached", "archived", "kept", "refused", "failed", "unreached", "unknown", "keep",
    "still_there", "remaining",
)  # fmt: skip


@dg.asset(key=["rollback", "plan"], group_name="rollback", kinds={"duckdb"}, owners=OWNERS)
def plan_rollback(
    context: dg.AssetExecutionContext,
    warehouse: Warehouse,
    journal: JournalStore,
    drop: ExtractFolder,
    rollback: RollbackOptions,
    workspace: IntercomWorkspace,
) -> dg.MaterializeResult:
    """One row per record that we made or changed in Intercom, by the journal, with what undoes it.

    delete, archive, restore, detach, ride (goes with its contact), keep (cannot be undone) or unknown. Nothing is sent.
    """
    step = RollbackStep(context.run.run_id, warehouse, journal, drop, rollback, workspace)
    name, scope, figures = make_plan(step)
    planned = {action: sum(found for (_, of), found in figures.items() if of == action) for action in ACTIONS}
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": sum(planned.values()),
            **planned,
            "migration": name,
            "scope": scope.words(),
            "only_looked_at": step.dry,
        }
    )


@dg.asset(
    key=["rollback", "undone"],
    deps=[plan_rollback],
    group_name="rollback",
    kinds={"intercom", "python"},
    owners=OWNERS,
    pool="intercom_api",
)
def undo_migration(
    context: dg.AssetExecutionContext,
    warehouse: Warehouse,
    journal: JournalStore,
    drop: ExtractFolder,
    rollback: RollbackOptions,
    workspace: IntercomWorkspace,
) -> dg.MaterializeResult:
    """One row per record of the plan, with what became of it, or would: deleted, restored, archived, refused and why.

    Each record is read first; what somebody has touched since is left alone. Afterwards all is read back.
    """
    before = workspace.calls.snapshot()
    carry_out(RollbackStep(context.run.run_id, warehouse, journal, drop, rollback, workspace))
    after = workspace.calls.snapshot()
    with warehouse.connect() as connection:
        objects = count(connection)
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": sum(counts.records for counts in objects.values()),
            **figures_of(objects),
            "calls": after["total"] - before["total"],
            "writes": after["writes"] - before["writes"],
        }
    )


@dg.asset(
    key=["rollback", "report"], deps=[undo_migration], group_name="rollback", kinds={"duckdb", "python"}, owners=OWNERS
)
def report_rollback(warehouse: Warehouse, drop: ExtractFolder, workspace: IntercomWorkspace) -> dg.MaterializeResult:
    """One row per Intercom object: how many of its records are undone, and how many remain.

    Writes rollback.html for people and rollback.json for machines into the state folder.
    """
    calls = workspace.calls.snapshot()
    with warehouse.connect() as connection:
        report = gather(
            connection,
            embedded=workspace.embedded,
            calls=Calls(**{name: calls[name] for name in Calls.model_fields}),  # type: ignore[literal-required]
            notifications_sent=workspace.notifications_to_contacts(),
            said=[],
        )
    folder = drop.rejects_path.parent
    write_report(folder, report)
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": len(report.objects),
            **figures_of(report.objects),
            "calls": report.calls.total,
            "verdict": report.verdict,
            "reasons": dg.MetadataValue.md("\n".join(f"- {reason}" for reason in report.reasons) or "none"),
            "report": dg.MetadataValue.path(str(folder / "rollback.html")),
        }
    )


def figures_of(objects: dict[str, Counts]) -> dict[str, int]:
    """Return the sums over all objects, the same keys each time."""
    return {name: sum(getattr(counts, name) for counts in objects.values()) for name in FIGURES}


ASSETS = [plan_rollback, undo_migration, report_rollback]
