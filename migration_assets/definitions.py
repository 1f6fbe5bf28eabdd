"""The graph: every asset, check, resource and job, in one place.

`build_definitions(settings)` assembles the real graph for any settings, so that tests run what users run.
"""

from types import ModuleType

import dagster as dg

from migration_assets.alerts.sensors import SENSORS
from migration_assets.clean import assets as clean_assets
from migration_assets.clean import checks as clean_checks
from migration_assets.delta.triggers import delta_schedule, hypercare_schedule, new_drop_sensor
from migration_assets.ground.stage_log import stage_logger
from migration_assets.handoff import assets as handoff_assets
from migration_assets.handoff import checks as handoff_checks
from migration_assets.hypercare import assets as hypercare_assets
from migration_assets.hypercare import checks as hypercare_checks
from migration_assets.intercom import assets as intercom_assets
from migration_assets.intercom import checks as intercom_checks
from migration_assets.itco import assets as itco_assets
from migration_assets.itco import checks as itco_checks
from migration_assets.jobs import JOBS
from migration_assets.plan import assets as plan_assets
from migration_assets.plan import checks as plan_checks
from migration_assets.rollback import assets as rollback_assets
from migration_assets.rollback import checks as rollback_checks
from migration_assets.shaping import assets as target_assets
from migration_assets.shaping import checks as target_checks
from migration_assets.verified import assets as verified_assets
from migration_assets.verified import checks as verified_checks
from migration_assets.workspace import assets as workspace_assets
from migration_assets.workspace import checks as workspace_checks
from resources.assembly import build_resources
from schemas.settings import Settings

STAGES: tuple[tuple[ModuleType, ModuleType], ...] = (
    (itco_assets, itco_checks),
    (clean_assets, clean_checks),
    (workspace_assets, workspace_checks),
    (hypercare_assets, hypercare_checks),
    (rollback_assets, rollback_checks),
)
"""Every stage's assets and checks, in the order in which a record passes through them, and the way back.

Those of `shaping`, `plan`, `intercom`, `verified` and `handoff` are made from the registry of objects when the graph is
built.
"""


def build_definitions(
    settings: Settings, resources: dict[str, dg.ConfigurableResource] | None = None
) -> dg.Definitions:
    """Assemble the whole graph over the given settings, with other `resources` if they are given."""
    return dg.Definitions(
        assets=[
            *target_assets.assets(),
            *plan_assets.assets(),
            *intercom_assets.assets(),
            *handoff_assets.assets(),
            *(asset for assets, _ in STAGES for asset in assets.ASSETS),
            *verified_assets.assets(),
        ],
        asset_checks=[
            *target_checks.checks(),
            *plan_checks.checks(),
            *intercom_checks.checks(),
            *handoff_checks.CHECKS,
            *(check for _, checks in STAGES for check in checks.CHECKS),
            *verified_checks.checks(),
        ],
        jobs=JOBS,
        sensors=[*SENSORS, new_drop_sensor(settings)],
        schedules=[delta_schedule(settings), hypercare_schedule(settings)],
        resources=resources or build_resources(settings),
        # A step costs 0.06 s in process and 4.7 s in a process of its own; the load's parallelism is inside it.
        executor=dg.in_process_executor,
        loggers={"stages": stage_logger, "console": dg.colored_console_logger},
    )


defs = build_definitions(Settings())
