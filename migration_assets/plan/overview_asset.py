"""The asset `plan/overview`: the plan as people read it, which a dry run ends with."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg

from migration_assets.accounting.certificate import CertifiedWorkspace
from migration_assets.accounting.codes import RecordAction
from migration_assets.ground.run_tags import ONLY_LOOKED, VERDICT, counts_of, tag_run, tags_of_the_landed
from migration_assets.plan.overview import (
    HTML,
    PlanOverview,
    TimeNeeded,
    quarantined,
    read_about,
    read_objects,
    write_overview,
)
from resources.intercom.estimate import estimate_seconds
from resources.migration_run import MigrationRun
from resources.warehouse import table_exists
from resources.workspace import IntercomWorkspace

KEY = dg.AssetKey(["plan", "overview"])
NO_PLAN = "There is no plan to show: launch the job dry_run, which makes one."


@dg.asset(key=KEY, deps=[dg.AssetKey(["plan", "actions"])], kinds={"duckdb", "html"})
def show_plan(context: dg.AssetExecutionContext, run: dg.ResourceParam[MigrationRun]) -> dg.MaterializeResult:
    """One row per Intercom object: how many of its records a load would create, update, append to or leave.

    Writes plan.html for people and plan.json for machines into the state folder, and nothing else.
    """
    with run.warehouse.connect() as connection:
        if not table_exists(connection, "plan.summary"):
            raise dg.Failure(NO_PLAN, allow_retries=False)
        about, objects = read_about(connection), read_objects(connection)
        rows, landed = quarantined(connection), tags_of_the_landed(connection, run.drop.path)
    calls = sum(plan.calls for plan in objects.values())
    overview = PlanOverview(
        run_id=run.run_id,
        made_at=datetime.now(UTC),
        source_instance=about["source_instance"],
        workspace=CertifiedWorkspace(id=about["app_id"], name=about["name"], region=about["region"]),
        target="embedded" if run.workspace.embedded else "intercom",
        route=about["route"],
        limit=about["limit"],
        extract_sha256=about["sha256"],
        mapping_sha256=hashlib.sha256(Path(run.drop.mapping).read_bytes()).hexdigest(),
        objects=objects,
        calls=calls,
        time=time_needed(calls, about, run.workspace),
        quarantined=rows,
    )
    write_overview(Path(run.workspace.state), overview)
    actions = {action.value: overview.total(action) for action in RecordAction}
    tag_run(context, {VERDICT: ONLY_LOOKED, **landed, **counts_of({**actions, "calls": calls, "quarantined": rows})})
    context.log.info("a load would make %d calls: %s shows which", calls, HTML)
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": len(objects),
            **actions,
            "calls": calls,
            "quarantined": rows,
            "seconds_granted": round(overview.time.seconds_granted),
            "seconds_documented": round(overview.time.seconds_documented),
            "plan": dg.MetadataValue.path(str(Path(run.workspace.state) / HTML)),
        }
    )


def time_needed(calls: int, about: Mapping[str, Any], workspace: IntercomWorkspace) -> TimeNeeded:
    """Return how long so many calls take, of which the settings allow the workspace's share."""
    granted = about["calls_per_window"]
    share, most = workspace.rate_share, workspace.calls_per_minute
    return TimeNeeded(
        calls_per_window=granted,
        seconds_granted=estimate_seconds(calls, granted, share, most),
        seconds_documented=estimate_seconds(calls, None, share, most),
    )
