"""The assets and checks of stage `intercom`, as the graph has them."""

import dagster as dg

from migration_assets.ground.stage_definitions import stage_definitions
from migration_assets.intercom.assets import assets
from migration_assets.intercom.checks import checks
from schemas.settings import Settings


def build(_settings: Settings) -> dg.Definitions:
    """Return the definitions of the stage."""
    return stage_definitions(assets(), checks())
