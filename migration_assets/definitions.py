"""What Dagster's own commands load: the graph over the settings of the environment.

Whoever has settings already asks `migration_assets.graph`, so that a process reads them once.
"""

from migration_assets.graph import build_definitions
from schemas.settings import Settings

defs = build_definitions(Settings())
