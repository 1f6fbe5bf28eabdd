"""What Dagster's own commands load: the graph over the settings of the environment.

Whoever has settings already asks `migration_assets.graph`, so that a process reads them once.
"""

import sys

from migration_assets.graph import build_definitions
from resources.private_files import keep_private, make_private
from schemas.settings import Settings

keep_private()
_settings = Settings()
if mended := make_private(_settings.state):
    print(mended, file=sys.stderr)
defs = build_definitions(_settings)
