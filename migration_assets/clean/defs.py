"""The assets and checks of stage `clean`, as the graph has them."""

import dagster as dg

from migration_assets.clean.assets import ASSETS
from migration_assets.clean.checks import CHECKS
from migration_assets.ground.stage_definitions import stage_definitions
from schemas.settings import Settings

CODE_VERSION = "1"
"""Raise it when a landed row would be cleaned or refused otherwise than before.

Dagster then shows what the older rules made as out of date.
"""


def build(_settings: Settings) -> dg.Definitions:
    """Return the definitions of the stage."""
    return stage_definitions(ASSETS, CHECKS, CODE_VERSION)
