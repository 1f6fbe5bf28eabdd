"""The sentences about what the sweep found, which belong to those of `explain.py`."""

from migration_assets.accounting.nouns import noun
from migration_assets.handoff.explain import NEEDS, were
from migration_assets.objects.registry import declarations
from resources.wording import counted
from schemas.run_options import make


def not_swept(then: str) -> str:
    """A run that ended before Intercom was asked for everything."""
    return f"Intercom was not asked, at the end, for what is missing or there twice. {then}"


def missing(records: int) -> str:
    """Records that were loaded and that Intercom does not have."""
    return (
        f"{counted(records, 'record')} that {were(records)} loaded {'is' if records == 1 else 'are'} not in Intercom: "
        f"see {NEEDS}. To have them back, run {make('migrate', 'restore_deleted')}."
    )


def orphaned(records: int) -> str:
    """Records of the migration that the journal does not know."""
    return (
        f"{counted(records, 'record')} of this migration {'is' if records == 1 else 'are'} in Intercom without the "
        f"journal knowing: see {NEEDS}. make rebuild-journal has them looked up."
    )


def twice(records: int) -> str:
    """Records that are there twice and that the sweep did not take back."""
    return (
        f"{counted(records, 'record is', 'records are')} in Intercom twice, and may have been worked on since: "
        f"see both ids under {NEEDS}, keep one of the two and delete the other in Intercom."
    )


STRAYS = {"missing": missing, "orphaned": orphaned, "twice": twice}
"""What the sweep found and could not put right, by kind."""


def stray(kind: str, object_name: str) -> str:
    """Say what a person does about a finding of the sweep."""
    found = declarations().get(object_name)
    if kind == "twice" and found is not None and found.part_of is not None:
        return f"Look at both {noun(object_name)} in the {found.part_of} and delete the one too many in Intercom."
    return {
        "missing": f"Run {make('migrate', 'restore_deleted')} to have it written again.",
        "orphaned": "Run make rebuild-journal, which looks it up, or delete it in Intercom.",
        "twice": "Look at both in Intercom, keep ours, and delete the other there.",
    }[kind]
