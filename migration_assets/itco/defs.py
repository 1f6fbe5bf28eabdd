"""The assets and checks of stage `itco`, as the graph has them."""

import dagster as dg

from migration_assets.ground.stage_definitions import stage_definitions
from migration_assets.itco.assets import ASSETS
from migration_assets.itco.checks import CHECKS
from schemas.settings import Settings


def build(_settings: Settings) -> dg.Definitions:
    """Return the definitions of the stage."""
    return stage_definitions(ASSETS, CHECKS)
