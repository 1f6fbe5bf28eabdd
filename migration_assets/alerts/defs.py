"""The sensors that alert, as the graph has them."""

import dagster as dg

from migration_assets.alerts.sensors import SENSORS
from schemas.settings import Settings


def build(_settings: Settings) -> dg.Definitions:
    """Return the sensors."""
    return dg.Definitions(sensors=SENSORS)
