"""The sentence about what Intercom took and shows otherwise, which belongs to those of `explain.py`."""

from collections.abc import Sequence
from typing import Any

from migration_assets.handoff.explain import NEEDS
from resources.wording import counted, listed, number


def answered_otherwise(rows: Sequence[dict[str, Any]]) -> str:
    """Fields that the last answer about them shows otherwise than they were sent, and that nobody has accepted."""
    values = sum(row["open"] for row in rows)
    fields = listed([f"{number(row['open'])} of {row['object']}.{row['field']}" for row in rows])
    return (
        f"Intercom took {counted(values, 'value')} and shows {'it' if values == 1 else 'them'} otherwise than sent: "
        f"{fields}. {NEEDS} has examples; make verify compares them again, and accepted_answers in mapping.yaml "
        "accepts a field as Intercom shows it."
    )
