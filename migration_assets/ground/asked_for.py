"""Whether a run asks for a stage that only a person begins: the way back, hypercare, the hand-over.

"Materialize all" in the UI selects these assets with all others, and means what the job `migrate` does: they are left
out of it. They are made in their own job, or where nothing but assets of their stage is selected.
"""

from collections.abc import Collection

import dagster as dg


def is_asked_for(stage: str, job: str, own_jobs: Collection[str], selection: Collection[dg.AssetKey] | None) -> bool:
    """Whether a run means a stage.

    Args:
        stage: the first segment of its assets' keys.
        job: the name of the run's job.
        own_jobs: the jobs that the stage belongs to.
        selection: the assets that were selected in the UI; None where a whole job was started.
    """
    return job in own_jobs or (bool(selection) and all(key.path[0] == stage for key in selection or ()))


def asks_for(context: dg.AssetExecutionContext, stage: str, *own_jobs: str) -> bool:
    """Whether the run of a step means its stage; where it does not, the step says so and makes nothing."""
    asked = is_asked_for(stage, context.run.job_name, own_jobs, context.run.asset_selection)
    if not asked:
        context.log.info("left out: %s belongs to the job %s", stage, " or ".join(own_jobs))
    return asked
