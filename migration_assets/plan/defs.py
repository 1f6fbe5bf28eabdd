"""The assets and checks of stage `plan`, as the graph has them."""

import dagster as dg

from migration_assets.ground.stage_definitions import stage_definitions
from migration_assets.plan.assets import assets
from migration_assets.plan.checks import checks
from migration_assets.plan.overview_asset import show_plan
from schemas.settings import Settings

CODE_VERSION = "1"
"""Raise it when the same target and journal would be planned otherwise than before.

Dagster then shows what the older rules made as out of date.
"""


def build(_settings: Settings) -> dg.Definitions:
    """Return the definitions of the stage."""
    return stage_definitions([*assets(), show_plan], checks(), CODE_VERSION)
