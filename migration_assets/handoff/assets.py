"""The assets of stage `handoff`: what people read at the end of a run."""

from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import duckdb

from migration_assets.ground import markdown
from migration_assets.ground.asked_for import asks_for
from migration_assets.ground.migration_name import migration_name
from migration_assets.ground.run_tags import tag_run
from migration_assets.handoff.ending import Ending, end_run, run_tags
from migration_assets.handoff.handover import FOLDER, PAGE, Cutover, write_handover
from migration_assets.handoff.write import read_certificate
from migration_assets.intercom.loads import load_assets, written_keys
from migration_assets.objects.registry import plurals
from resources.journal import Run
from resources.migration_run import MigrationRun
from resources.run import NO_FREEZE
from resources.warehouse import table_exists
from resources.wording import listed

REPORT = dg.AssetKey(["handoff", "report"])


def write_report(context: dg.AssetExecutionContext, run: dg.ResourceParam[MigrationRun]) -> dg.MaterializeResult:
    """One row per source object: its source rows and what became of each of them.

    Writes report.html for people and certificate.json for machines into the state folder.
    """
    if by_itself(context.run.asset_selection):
        with run.warehouse.connect() as connection:
            refusal = nothing_to_report(loaded_since_the_plan(connection))
        if refusal is not None:
            raise dg.Failure(refusal, allow_retries=False)
    record = context.instance.get_run_record_by_id(context.run.run_id)
    started = record.start_time if record and record.start_time else datetime.now(UTC).timestamp()
    # A selection that somebody made in the UI has no job of its own.
    job = "" if context.job_name.startswith("__") else context.job_name
    ending = Ending(run, datetime.fromtimestamp(started, UTC), job)
    certificate = end_run(ending, notifications_sent=run.workspace.notifications_to_contacts())
    tag_run(context, run_tags(certificate, run.drop.path))
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


def by_itself(selection: Collection[dg.AssetKey] | None) -> bool:
    """Whether the report was selected in the UI without the plan, so that the run has loaded nothing by a new one."""
    return selection is not None and dg.AssetKey(["plan", "actions"]) not in selection


def loaded_since_the_plan(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Return the objects of which a load by the present plan has left its numbers."""
    if not table_exists(connection, "verdict.loads"):
        return set()
    return {name for (name,) in connection.execute("SELECT object FROM verdict.loads").fetchall()}


def nothing_to_report(loaded: Collection[str]) -> str | None:
    """Refuse a report that would put a plan without its loads in the place of what is proved; None where all loaded."""
    lacking = [plurals().get(name, name) for load in load_assets() for name in load.counted if name not in loaded]
    if not lacking:
        return None
    return (
        f"Nothing was written, and the last report and certificate stay: {listed(lacking)} were not loaded since the "
        "plan was made. Materialize intercom/* and verified/sweep first; or start the job migrate (make migrate), "
        "which does all of it in its order."
    )


@dg.asset(
    key=["handoff", "handover"],
    deps=[REPORT],
    kinds={"html", "csv"},
    output_required=False,
)
def hand_over(context: dg.AssetExecutionContext, run: dg.ResourceParam[MigrationRun]) -> Iterator[dg.MaterializeResult]:
    """One row per line of the lists that people work through after the cutover: what is left, and who does it.

    Writes the folder handover into the state folder, and notes in the journal that the cutover is complete, with which
    hypercare begins. Without a freeze there is no cutover: "Materialize all" leaves it out then.
    """
    if run.options.freeze is None:
        if asks_for(context, "handoff", "cutover"):
            raise dg.Failure(NO_FREEZE, allow_retries=False)
        return
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
    yield dg.MaterializeResult(
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
