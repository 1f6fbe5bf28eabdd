"""The graph: every asset, check, resource and job, loaded from the stages' folders.

Each package of this one that has a module `defs` adds what its `build(settings)` returns; a new stage is found by it.
`build_definitions(settings)` assembles the real graph for any settings, so that tests run what users run.
"""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import dagster as dg

from migration_assets.ground.stage_log import stage_logger
from migration_assets.jobs import JOBS
from resources.assembly import build_resources
from resources.fixed import of_the_operator
from resources.migration_run import NESTED
from schemas.settings import Settings

_HERE = Path(__file__).parent


def stages(settings: Settings) -> Iterator[dg.Definitions]:
    """Yield the definitions of every folder that has a `defs.py`, as the registry of objects is now."""
    for module in sorted(_HERE.glob("*/defs.py")):
        yield import_module(f"{__package__}.{module.parent.name}.defs").build(settings)


def build_definitions(
    settings: Settings, resources: dict[str, dg.ConfigurableResource] | None = None
) -> dg.Definitions:
    """Assemble the whole graph over the given settings, with other `resources` if they are given."""
    run = dg.Definitions(
        jobs=JOBS,
        resources={**of_the_operator(resources or build_resources(settings)), **NESTED},
        # A step costs 0.06 s in process and 4.7 s in a process of its own; the load's parallelism is inside it.
        executor=dg.in_process_executor,
        loggers={"stages": stage_logger, "console": dg.colored_console_logger},
    )
    return dg.Definitions.merge(*stages(settings), run)
