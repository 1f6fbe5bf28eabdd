"""The assets of stage `handoff`: what people read at the end of a run."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg

from migration_assets.ground.migration_name import migration_name
from migration_assets.handoff.ending import Ending, end_run
from migration_assets.handoff.handover import FOLDER, PAGE, Cutover, write_handover
from migration_assets.handoff.write import read_certificate
from migration_assets.intercom.loads import load_assets
from resources.journal import Run
from resources.journal.resource import JournalStore
from resources.run import ExtractFolder, MigrationOptions
from resources.warehouse import Warehouse
from resources.workspace import IntercomWorkspace

REPORT = dg.AssetKey(["handoff", "report"])


def write_report(
    context: dg.AssetExecutionContext,
    warehouse: Warehouse,
    journal: JournalStore,
    drop: ExtractFolder,
    options: MigrationOptions,
    workspace: IntercomWorkspace,
) -> dg.MaterializeResult:
    """One row per source object: its source rows and what became of each of them.

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


@dg.asset(
    key=["handoff", "handover"],
    deps=[REPORT],
    group_name="handoff",
    kinds={"html", "csv"},
    owners=["team:migration"],
)
def hand_over(
    context: dg.AssetExecutionContext,
    warehouse: Warehouse,
    journal: JournalStore,
    options: MigrationOptions,
    workspace: IntercomWorkspace,
) -> dg.MaterializeResult:
    """One row per line of the lists that people work through after the cutover: what is left, and who does it.

    Writes the folder handover into the state folder, and notes in the journal that the cutover is complete, with which
    hypercare begins.
    """
    folder = Path(workspace.state) / FOLDER
    certificate = read_certificate(folder.parent)
    if certificate is None:
        raise dg.Failure("There is no certificate.json; materialize handoff/report first.", allow_retries=False)
    days = workspace.hypercare_days
    with warehouse.connect() as connection:
        name = migration_name(connection)
        until = datetime.now(UTC) + timedelta(days=days) if days else None
        rows = write_handover(connection, folder, certificate, Cutover(options.frozen_at, until, journal.shown))
    with journal.writing(name, Run(run_id=context.run.run_id)) as book:
        book.end_run("complete")
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": sum(rows.values()),
            **rows,
            "handover": dg.MetadataValue.path(str(folder / PAGE)),
        }
    )


def assets() -> list[dg.AssetsDefinition]:
    """Return the stage's assets; the report waits for every load of the registry."""
    report = dg.asset(
        key=REPORT,
        deps=[
            dg.AssetKey(["plan", "actions"]),
            *(dg.AssetKey(["intercom", load.name]) for load in load_assets()),
            dg.AssetKey(["intercom", "vanished"]),
            dg.AssetKey(["verified", "sweep"]),
            dg.AssetKey(["verified", "differences"]),
        ],
        group_name="handoff",
        kinds={"duckdb", "python"},
        owners=["team:migration"],
    )
    return [report(write_report), hand_over]
