"""The assets and checks of stage `verified`, as the graph has them."""

import dagster as dg

from migration_assets.ground.stage_definitions import stage_definitions
from migration_assets.verified.assets import assets
from migration_assets.verified.checks import checks
from schemas.settings import Settings


def build(_settings: Settings) -> dg.Definitions:
    """Return the definitions of the stage."""
    return stage_definitions(assets(), checks())
