"""The assets of stage `intercom`: one per object that is written, as its room says; the graph alone decides the order.

What is looked up is found, never written; its assets say what was.
"""

from collections.abc import Sequence

import dagster as dg

from migration_assets.accounting.reconciliation.page import reconcile
from migration_assets.ground.stage_definitions import POOL
from migration_assets.intercom.deleted_in_source import follow_deletions
from migration_assets.intercom.load_step import run_step
from migration_assets.intercom.loads import load_assets
from migration_assets.intercom.present_plan import require_present_plan
from migration_assets.objects.registry import LOOKED_UP
from migration_assets.objects.room import LookUp, Room
from resources.migration_run import MigrationRun
from resources.warehouse import Warehouse, scalar
from schemas.source import SOURCE


def load_asset(name: str, objects: Sequence[str], deps: Sequence[dg.AssetKey], description: str) -> dg.AssetsDefinition:
    """Return the asset `intercom/<name>` that loads the given objects, one after the other."""

    @dg.asset(
        key=["intercom", name],
        deps=deps,
        kinds={"intercom", "python"},
        pool=POOL,
        description=description,
        tags={"migration/object": name},
    )
    def load(context: dg.AssetExecutionContext, run: dg.ResourceParam[MigrationRun]) -> dg.MaterializeResult:
        require_present_plan(run, context.instance)
        figures = run_step(run, objects, context.log.info)
        with run.warehouse.connect() as connection:
            told = reconcile(connection, "loading", run.drop.state)
        context.log.info("loaded %d of %d %s", figures["present"], figures["planned"], name)
        return dg.MaterializeResult(metadata={**figures, **told})

    return load


def resolved_asset(room: Room, how: LookUp) -> dg.AssetsDefinition:
    """Return the asset `intercom/<plural>` that says what was found of an object; nothing is written."""
    name = room.declaration.plural

    @dg.asset(
        key=["intercom", name],
        deps=[*map(key, room.load.after), ["plan", "reconciliation_queue"]],
        kinds={"intercom", "duckdb"},
        description=f"One row per {SOURCE} {how.kind} that was found among Intercom's {name}, by {how.by}.",
        tags={"migration/object": name},
    )
    def resolved(warehouse: Warehouse) -> dg.MaterializeResult:
        missing = "SELECT count(*) FROM plan.reconciliation_queue WHERE kind = ?"
        with warehouse.connect() as connection:
            return dg.MaterializeResult(
                metadata={
                    "dagster/row_count": scalar(connection, f"SELECT count(*) FROM {how.ids}"),
                    "rows_in": scalar(connection, f"SELECT count(*) FROM {room.declaration.target}"),
                    "missing": scalar(connection, missing, [how.kind]),
                }
            )

    return resolved


def key(name: str) -> dg.AssetKey:
    """Return the key of a load."""
    return dg.AssetKey(["intercom", name])


def deleted_in_source_asset(after: Sequence[str]) -> dg.AssetsDefinition:
    """Return the asset `intercom/deleted_in_source`, after the load assets that no other one comes after."""

    @dg.asset(
        key=["intercom", "deleted_in_source"],
        deps=[*map(key, after), ["plan", "actions"]],
        kinds={"intercom", "python"},
        pool=POOL,
    )
    def deleted_in_source_records(
        context: dg.AssetExecutionContext, run: dg.ResourceParam[MigrationRun]
    ) -> dg.MaterializeResult:
        """One row per record that was loaded and was deleted in the source, with what became of it in Intercom.

        It is deleted where settings.gone says so and nobody has touched it; otherwise it is only reported.
        """
        require_present_plan(run, context.instance)
        figures = follow_deletions(run, context.log.info)
        context.log.info("deleted in source: %d records, %d deleted", figures["dagster/row_count"], figures["deleted"])
        return dg.MaterializeResult(metadata=figures)

    return deleted_in_source_records


PLANNED = [dg.AssetKey(["plan", "actions"]), dg.AssetKey(["plan", "writes"])]


def assets() -> list[dg.AssetsDefinition]:
    """Return the assets of the load: what is written, who was found, and what was deleted in the source."""
    loads = load_assets()
    waited_for = {name for load in loads for name in load.after}
    return [
        *(load_asset(one.name, one.objects, [*map(key, one.after)] or PLANNED, one.description) for one in loads),
        *(resolved_asset(room, room.look_up) for room in LOOKED_UP if room.look_up is not None),
        deleted_in_source_asset([load.name for load in loads if load.name not in waited_for]),
    ]
