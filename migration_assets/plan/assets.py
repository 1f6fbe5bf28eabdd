"""The assets of stage `plan`: what has to be written, and whom Intercom lacks. All three are made at once."""

from collections.abc import Iterator

import dagster as dg
import duckdb

from migration_assets.accounting.codes import RecordAction, WriteVerdict
from migration_assets.accounting.load_figures import start_loads
from migration_assets.accounting.reconciliation.page import reconcile
from migration_assets.accounting.sweep_tables import start_sweep
from migration_assets.ground import markdown
from migration_assets.ground.made import note_made
from migration_assets.ground.migration_name import migration_name
from migration_assets.ground.run_tags import MIGRATION, tag_run
from migration_assets.objects.registry import LOOKED_UP, target_tables
from migration_assets.plan.basis import Basis, keep_basis, last_writer, options_in_words
from migration_assets.plan.observing import begin_observing, observe
from migration_assets.plan.plan import Plan, build_plan
from migration_assets.plan.plan_options import PlanOptions, PlanStopError
from resources.intercom.estimate import estimate_seconds
from resources.journal.reading import JournalReading
from resources.migration_run import MigrationRun
from resources.terminal import stderr_console
from resources.warehouse import scalar
from resources.wording import listed
from schemas.source import SOURCE

NOT_READ = "lineage"
"""The plan does not read it, but a row that no step accounts for must stop the run before anything is written."""
TABLES = {
    "reconciliation_queue": (
        f"One row per {SOURCE} agent or team that Intercom lacks, and per record that one there contradicts, with the "
        "number of tickets that need it.\n\n"
        "Agents and teams cannot be created by the API: a person creates them in Intercom or names another in the "
        "mapping. Of the others a person says in the mapping whether they are the same."
    ),
    "writes": (
        f"One row per write that the target state needs, with its verdict: {listed([*WriteVerdict], 'or')}.\n\n"
        "What the journal has confirmed under the same fingerprint is done."
    ),
    "actions": (
        "One row per record, with what is to be done about it, why, and how many calls it takes.\n\n"
        f"{listed([*RecordAction], 'or')}."
    ),
}
"""The tables that are written, with what is in them."""


def assets() -> list[dg.AssetsDefinition]:
    """Return the plan's assets, which wait for every target table."""
    deps = [dg.AssetKey(["target", name]) for name in (*target_tables(), NOT_READ)]
    deps += [dg.AssetKey(["workspace", name]) for name in ("preflight", "profile", *target_tables(LOOKED_UP))]
    specs = [
        dg.AssetSpec(
            ["plan", name],
            deps=deps,
            kinds={"duckdb"},
            description=description,
        )
        for name, description in TABLES.items()
    ]
    specs = [spec.replace_attributes(skippable=True) for spec in specs]
    return [dg.multi_asset(specs=specs, name="plan", can_subset=True)(make_plan)]


def make_plan(context: dg.AssetExecutionContext, run: dg.ResourceParam[MigrationRun]) -> Iterator[dg.MaterializeResult]:
    """Compare the target state with the journal. Nothing is sent.

    All three tables are made, whichever of them were selected.
    """
    for made in _make_plan(context, run):
        if made.asset_key in context.selected_asset_keys:
            yield made


def _make_plan(context: dg.AssetExecutionContext, run: MigrationRun) -> Iterator[dg.MaterializeResult]:
    options, workspace = run.options, run.workspace
    chosen = PlanOptions.of(
        run.drop.load_mapping().settings,
        run_id=run.run_id,
        route=options.route,
        retry_failed=options.retry_failed,
        resync=options.resync,
        limit=options.limit,
    )
    made_with = run.drop.made_with(options.route)
    with run.warehouse.connect() as connection:
        name = migration_name(connection)
        tag_run(context, {MIGRATION: name})
        with run.journal.reading(name) as book:
            rooms = begin_observing(connection, book)
    if rooms:
        run.workspace.call(lambda client: observe(client, run.warehouse, rooms))
    with run.warehouse.connect() as connection, run.journal.reading(name) as book:
        try:
            plan = build_plan(connection, book, chosen, observed=bool(rooms))
            if options.verify_only == "everything":  # else what the last verification found is added to
                start_loads(connection)
            start_sweep(connection)
            note_made(connection, "plan/actions", run.run_id, made_with)
            keep_basis(connection, run.run_id, _basis(connection, run, book, chosen, made_with))
        except PlanStopError as error:
            raise dg.Failure(str(error), allow_retries=False) from None
        queued = scalar(connection, "SELECT count(*) FROM plan.reconciliation_queue")
        writes = {
            verdict.value: scalar(connection, "SELECT count(*) FROM plan.writes WHERE verdict = ?", [verdict.value])
            for verdict in WriteVerdict
        }
        told = reconcile(connection, "plan", run.drop.state)
        quota = scalar(connection, "SELECT calls_per_window FROM observed.workspace")
    for line in filter(None, (notice.line() for notice in plan.notices)):
        stderr_console().print(line, highlight=False, soft_wrap=True)
    seconds = estimate_seconds(plan.calls, quota, workspace.rate_share, workspace.calls_per_minute)
    context.log.info("planned %d writes: %d calls, about %d s", writes[WriteVerdict.SEND], plan.calls, seconds)
    yield dg.MaterializeResult(
        asset_key=["plan", "reconciliation_queue"],
        metadata={
            "dagster/row_count": queued,
            **{f"{one.kind}s_found": one.found for one in plan.matched},
            **{f"{one.kind}s_missing": one.missing for one in plan.matched},
        },
    )
    yield dg.MaterializeResult(
        asset_key=["plan", "writes"], metadata={"dagster/row_count": sum(writes.values()), **writes}
    )
    yield dg.MaterializeResult(
        asset_key=["plan", "actions"],
        metadata={
            "dagster/row_count": sum(plan.records.values()),
            **{action.value: plan.count(action) for action in RecordAction},
            "calls": plan.calls,
            "estimated_seconds": round(seconds),
            **dict(figure for notice in plan.notices for figure in notice.figures().items()),
            "by_object": summary_table(plan),
            **told,
        },
    )


def _basis(
    connection: duckdb.DuckDBPyConnection, run: MigrationRun, book: JournalReading, chosen: PlanOptions, made_with: str
) -> Basis:
    """Return what the plan is made of, which a later load of it compares with what is there then."""
    ((landed,),) = connection.execute("SELECT sha256 FROM raw.extract").fetchall()
    return Basis(
        migration=migration_name(connection),
        drop=landed,
        mapping=made_with,
        options=options_in_words(chosen),
        written_by=last_writer(book.runs(), run.run_id),
        wipes=run.workspace.launcher.wipes(),
    )


def summary_table(plan: Plan) -> dg.MetadataValue:
    """Return the plan's figures as a table: a row per object, a column per action."""
    objects = sorted({name for name, _ in plan.records})
    rows = [[name, *(f"{plan.records.get((name, action), 0):,}" for action in RecordAction)] for name in objects]
    return markdown.shown(markdown.table(["object", *RecordAction], rows))
