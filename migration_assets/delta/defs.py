"""What begins runs by itself, and the check on what a later drop's keys mean, as the graph has them."""

import dagster as dg

from migration_assets.delta.keys import keys_mean_the_same
from migration_assets.delta.triggers import delta_schedule, hypercare_schedule, new_drop_sensor
from schemas.settings import Settings


def build(settings: Settings) -> dg.Definitions:
    """Return the check, the sensor and the schedules; a setting says when, and whether they are on."""
    return dg.Definitions(
        asset_checks=[keys_mean_the_same],
        sensors=[new_drop_sensor(settings)],
        schedules=[delta_schedule(settings), hypercare_schedule(settings)],
    )
