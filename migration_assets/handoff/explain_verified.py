"""The sentences about what was read back and compared, which belong to those of `explain.py`."""

from collections.abc import Mapping

from migration_assets.handoff.explain import breakdown
from resources.wording import counted


def different(counts: Mapping[str, int]) -> str:
    """Fields that Intercom shows otherwise than they should be."""
    fields = sum(counts.values())
    return (
        f"{counted(fields, 'field')} read back from Intercom {'is not as it' if fields == 1 else 'are not as they'} "
        "should be: "
        f"{breakdown(counts)}. See differences.csv; make verify ONLY=differences looks again, make "
        "resync sends them again."
    )


def unverifiable(counts: Mapping[str, int]) -> str:
    """Fields that Intercom does not give back."""
    fields = sum(counts.values())
    return (
        f"{counted(fields, 'field')} could not be verified: {breakdown(counts)}. Intercom gives the newest 500 parts "
        "of a thread only; what stands before them can be seen in its Inbox."
    )
