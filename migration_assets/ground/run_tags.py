"""The tags that a run has in Dagster's list of runs: what came of it, which migration it was, and its counts.

Dagster itself knows only whether a run ended; whether everything was loaded is the verdict's to say.
"""

from collections.abc import Mapping

import dagster as dg

from resources.wording import number

VERDICT = "verdict"
FAILED = "failed"
LEFT = ("quarantined", "failed")
"""What became of rows that were not loaded, where a person has to look."""


def tags_of(verdict: str, migration: str, drop: str, fates: Mapping[str, int]) -> dict[str, str]:
    """Return a run's tags.

    Args:
        verdict: complete, partial or failed.
        migration: from where to where.
        drop: the folder of the drop, with its hash.
        fates: of the source rows, what became of how many; `rows` is all of them.
    """
    loaded = f"{number(fates['loaded'])} of {number(fates['rows'])}"
    left = {name: number(fates[name]) for name in LEFT if fates[name]}
    return {VERDICT: verdict, "migration": migration, "drop": drop, "loaded": loaded, **left}


def tag_failed(instance: dg.DagsterInstance, run_id: str) -> None:
    """Give a run that failed before anybody judged it the verdict of a failed one."""
    run = instance.get_run_by_id(run_id)
    if run is not None and run.status == dg.DagsterRunStatus.FAILURE and VERDICT not in run.tags:
        instance.add_run_tags(run_id, {VERDICT: FAILED})
