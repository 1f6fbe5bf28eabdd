"""The assets and checks of stage `shaping`, as the graph has them."""

import dagster as dg

from migration_assets.ground.stage_definitions import stage_definitions
from migration_assets.shaping.assets import assets
from migration_assets.shaping.checks import checks
from schemas.settings import Settings

CODE_VERSION = "1"
"""Raise it when a cleaned row would become another target row, or another payload, than before.

Dagster then shows what the older rules made as out of date.
"""


def build(_settings: Settings) -> dg.Definitions:
    """Return the definitions of the stage."""
    return stage_definitions(assets(), checks(), CODE_VERSION)
