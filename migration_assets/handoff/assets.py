"""The assets of stage `handoff`: what people read at the end of a run."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg

from migration_assets.ground import markdown
from migration_assets.ground.migration_name import migration_name
from migration_assets.handoff.ending import Ending, end_run, run_tags
from migration_assets.handoff.handover import FOLDER, PAGE, Cutover, write_handover
from migration_assets.handoff.write import read_certificate
from migration_assets.intercom.loads import written_keys
from resources.journal import Run
from resources.migration_run import MigrationRun

REPORT = dg.AssetKey(["handoff", "report"])


def write_report(context: dg.AssetExecutionContext, run: dg.ResourceParam[MigrationRun]) -> dg.MaterializeResult:
    """One row per source object: its source rows and what became of each of them.

    Writes report.html for people and certificate.json for machines into the state folder.
    """
    record = context.instance.get_run_record_by_id(context.run.run_id)
    started = record.start_time if record and record.start_time else datetime.now(UTC).timestamp()
    ending = Ending(run, datetime.fromtimestamp(started, UTC))
    certificate = end_run(ending, notifications_sent=run.workspace.notifications_to_contacts())
    context.instance.add_run_tags(context.run.run_id, run_tags(certificate, run.drop.path))
    context.log.info("the run ended %s: report.html says why", certificate.verdict)
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
            "reasons": markdown.shown(markdown.bullets(certificate.reasons)),
            "report": dg.MetadataValue.path(str(ending.folder / "report.html")),
            "certificate": dg.MetadataValue.path(str(ending.folder / "certificate.json")),
        }
    )


@dg.asset(
    key=["handoff", "handover"],
    deps=[REPORT],
    kinds={"html", "csv"},
)
def hand_over(context: dg.AssetExecutionContext, run: dg.ResourceParam[MigrationRun]) -> dg.MaterializeResult:
    """One row per line of the lists that people work through after the cutover: what is left, and who does it.

    Writes the folder handover into the state folder, and notes in the journal that the cutover is complete, with which
    hypercare begins.
    """
    folder = Path(run.workspace.state) / FOLDER
    certificate = read_certificate(folder.parent)
    if certificate is None:
        raise dg.Failure("There is no certificate.json; materialize handoff/report first.", allow_retries=False)
    days = run.options.hypercare_days
    with run.warehouse.connect() as connection:
        name = migration_name(connection)
        until = datetime.now(UTC) + timedelta(days=days) if days else None
        cutover = Cutover(run.options.frozen_at, until, run.journal.shown)
        rows = write_handover(connection, folder, certificate, cutover)
    with run.journal.writing(name, Run(run_id=run.run_id)) as book:
        book.end_run("complete")
    context.log.info("left to people: %d rows in %d lists", sum(rows.values()), len(rows))
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
            *written_keys(),
            dg.AssetKey(["verified", "sweep"]),
            dg.AssetKey(["verified", "differences"]),
        ],
        kinds={"duckdb", "python"},
    )
    return [report(write_report), hand_over]
