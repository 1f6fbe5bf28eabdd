"""What was counted while one file was read."""

from dataclasses import dataclass, field

import polars as pl

from migration_assets.itco.rows import Rows
from migration_assets.itco.scan import HEADER, RULES, TOTALS, RecordBatch

EXCEL_CELL = 32_767
"""The number of characters at which Excel cuts a cell."""


@dataclass
class FileCount:
    """What was read of one file; `continued` counts held back records that may be pieces of the one before."""

    records: int = 0
    landed: int = 0
    by_rule: dict[str, int] = field(default_factory=dict)
    continued: int = 0
    blank: int = 0
    lone_cr: int = 0
    doubtful: int = 0
    doubtful_line: int | None = None
    open_end: bool = False
    full_cells: int = 0

    @property
    def quarantined(self) -> int:
        """The number of records held back."""
        return sum(self.by_rule.values())

    @property
    def damaged(self) -> int:
        """The records held back because they cannot be read, without repeated headers and totals."""
        return self.quarantined - self.by_rule.get(RULES[HEADER], 0) - self.by_rule.get(RULES[TOTALS], 0)

    def add(self, batch: RecordBatch, rows: Rows) -> None:
        """Count one batch."""
        self.records += rows.records
        self.landed += rows.frame.height
        self.blank += rows.blank
        self.lone_cr += batch.lone_cr
        self.open_end = batch.open_end
        for item in rows.held:
            self.by_rule[RULES[item.rule]] = self.by_rule.get(RULES[item.rule], 0) + 1
            self.continued += item.continues
        if len(rows.doubtful):
            self.doubtful += len(rows.doubtful)
            self.doubtful_line = self.doubtful_line or int(rows.doubtful[0])
        self.full_cells += full_cells(rows.frame)


def full_cells(frame: pl.DataFrame) -> int:
    """Return how many cells have exactly the number of characters at which Excel cuts."""
    text = frame.select(pl.selectors.string())
    if not frame.height or not text.width:
        return 0
    longest = text.select(pl.all().str.len_bytes().max()).row(0)
    suspects = [name for name, length in zip(text.columns, longest, strict=True) if (length or 0) >= EXCEL_CELL]
    if not suspects:
        return 0
    return sum(text.select((pl.col(suspects).str.len_chars() == EXCEL_CELL).sum()).row(0))
