"""What begins runs by itself, as the graph has it: the sensor of new drops and the schedules."""

import dagster as dg

from migration_assets.delta.triggers import delta_schedule, hypercare_schedule, new_drop_sensor
from schemas.settings import Settings


def build(settings: Settings) -> dg.Definitions:
    """Return the sensor and the schedules; a setting says when, and whether they are on."""
    return dg.Definitions(
        sensors=[new_drop_sensor(settings)], schedules=[delta_schedule(settings), hypercare_schedule(settings)]
    )
