"""The assets of stage `handoff`: what people read at the end of a run."""

from datetime import UTC, datetime

import dagster as dg

from migration_assets.handoff.ending import Ending, end_run
from resources.journal.resource import JournalStore
from resources.run import ExtractFolder, MigrationOptions
from resources.warehouse import Warehouse
from resources.workspace import IntercomWorkspace

LOADS = ("attributes", "contacts", "companies", "contact_companies", "ticket_type", "tags", "conversations")


@dg.asset(
    key=["handoff", "report"],
    deps=[
        dg.AssetKey(["plan", "actions"]),
        *(dg.AssetKey(["intercom", name]) for name in LOADS),
        dg.AssetKey(["verified", "sweep"]),
    ],
    group_name="handoff",
    kinds={"duckdb", "python"},
    owners=["team:migration"],
)
def write_report(
    context: dg.AssetExecutionContext,
    warehouse: Warehouse,
    journal: JournalStore,
    drop: ExtractFolder,
    options: MigrationOptions,
    workspace: IntercomWorkspace,
) -> dg.MaterializeResult:
    """One row per ITCO object: its source rows and what became of each of them.

    Writes report.html for people and certificate.json for machines into the state folder.
    """
    record = context.instance.get_run_record_by_id(context.run.run_id)
    started = record.start_time if record and record.start_time else datetime.now(UTC).timestamp()
    ending = Ending(
        run_id=context.run.run_id,
        started_at=datetime.fromtimestamp(started, UTC),
        warehouse=warehouse,
        journal=journal,
        drop=drop,
        options=options,
        workspace=workspace,
    )
    certificate = end_run(ending, notifications_sent=workspace.notifications_to_contacts())
    totals = {
        fate: sum(getattr(counts, fate) for counts in certificate.source.values())
        for fate in ("rows", "loaded", "merged", "superseded", "skipped", "quarantined", "failed")
    }
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": len(certificate.source),
            **totals,
            "calls": certificate.calls.total,
            "writes": certificate.calls.writes,
            "notifications_sent": certificate.notifications_sent or 0,
            "teammate_notifications_said": certificate.teammate_notifications.said,
            "teammate_notifications": certificate.teammate_notifications.counted or 0,
            "verdict": certificate.verdict,
            "reasons": dg.MetadataValue.md("\n".join(f"- {reason}" for reason in certificate.reasons) or "none"),
            "report": dg.MetadataValue.path(str(ending.folder / "report.html")),
            "certificate": dg.MetadataValue.path(str(ending.folder / "certificate.json")),
        }
    )


ASSETS = [write_report]
