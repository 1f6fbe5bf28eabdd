"""What reading a column gives: its values, and per row the rule that a value broke.

A row without value and without rule was empty. Several addresses in a cell give a value and a rule.
"""

from dataclasses import dataclass, field

import polars as pl


@dataclass(frozen=True)
class Parsed:
    """A typed column.

    `notes` counts what is worth knowing but is no fault, by finding code; `emptied` says which rows of a list have
    lost a word for nothing.
    """

    values: pl.Series
    rules: pl.Series
    notes: dict[str, int] = field(default_factory=dict)
    later: pl.Series | None = None
    """Of times: the second instant that a local time may mean, NULL where it means one."""
    emptied: pl.Series | None = None


def unruled(values: pl.Series) -> Parsed:
    """Return a column in which every value is as it should be."""
    return Parsed(values, pl.Series([None], dtype=pl.String).new_from_index(0, len(values)))


def judged(text: pl.Series, values: pl.Series, rule: str) -> Parsed:
    """Return a column in which every text that gave no value breaks `rule`."""
    lost = text.is_not_null() & values.is_null()
    rules = pl.select(pl.when(lost).then(pl.lit(rule))).to_series()
    return Parsed(values, rules)
