"""The sentence about what was deleted in the source since it was loaded, and what became of it in Intercom."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from migration_assets.handoff.explain import NEEDS, breakdown, were
from resources.wording import counted, listed, number

SETTLED = ("deleted", "restored", "kept")
"""What became of records that need no person any more."""

FATES = {
    "reported": "stays in Intercom",
    "planned": "the next run deletes it, unless it was touched since or something that stays needs it",
    "deleted": "deleted in Intercom",
    "restored": "stood in Intercom before the migration; its fields are as they were",
    "kept": "nothing of it had to be deleted",
    "refused": "left in Intercom",
    "failed": "could not be deleted",
    "unreached": "not reached before the run ended: run again",
    "unknown": "it is not known whether Intercom has it",
    "keep": "left in Intercom",
}
"""What became of a record, by the words of verdict.deleted_in_source."""


def open_rows(rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the rows that a person must know of: what is neither deleted nor as it was before the migration."""
    return [row for row in rows if row["fate"] not in SETTLED]


def sentence(rows: Sequence[Mapping[str, Any]]) -> str:
    """What was loaded and is not brought by this drop any more: how many, and by fate, with the reasons of those left.

    Args:
        rows: of the evidence's view `deleted_in_source`: object, fate, why, records.
    """
    records = sum(row["records"] for row in rows)
    return (
        f"{counted(records, 'record')} {were(records)} loaded and would not be any more, having been deleted, held "
        f"back or left out in this extract: {breakdown(_sums(rows, 'object'))}. {_became(rows)} See {NEEDS}."
    )


def _became(rows: Sequence[Mapping[str, Any]]) -> str:
    fates = _sums(rows, "fate")
    if set(fates) == {"reported"} and not any(row["why"] for row in rows):
        return "They stay in Intercom."
    said = []
    for name in FATES:
        if not fates.get(name):
            continue
        of_fate = [row for row in rows if row["fate"] == name]
        reasons = _sums([row for row in of_fate if row["why"]], "why")
        why = "; ".join(f"{number(value)}: {reason}" for reason, value in reasons.most_common())
        said.append(f"{number(fates[name])} {_short(name)}{f' ({why})' if why else ''}")
    return f"By settings.gone: {listed(said)}."


def _short(name: str) -> str:
    words = {"planned": "to be deleted by the next run", "reported": "stay in Intercom"}
    return {**words, "kept": "had nothing to be deleted", "keep": "left"}.get(name, name)


def _sums(rows: Iterable[Mapping[str, Any]], column: str) -> Counter[str]:
    sums: Counter[str] = Counter()
    for row in rows:
        sums[row[column]] += row["records"]
    return sums
