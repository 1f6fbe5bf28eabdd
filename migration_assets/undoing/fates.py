"""What became of the records that were to be taken back: the fates, and how many of each object had which."""

from enum import StrEnum

import duckdb
from pydantic import Field

from migration_assets.accounting.certificate import Section
from migration_assets.objects.registry import plurals, undo_order
from resources.warehouse import fetch_frame


class UndoFate(StrEnum):
    """What became of a record that was to be taken back, in `rollback.fates`; what each means is said in `Counts`."""

    DELETED = "deleted"
    RESTORED = "restored"
    DETACHED = "detached"
    ARCHIVED = "archived"
    KEPT = "kept"
    REFUSED = "refused"
    FAILED = "failed"
    UNREACHED = "unreached"
    UNKNOWN = "unknown"
    KEEP = "keep"


class Counts(Section):
    """The records of one object that the journal says we made or changed, and what became of each."""

    records: int = 0
    deleted: int = 0
    restored: int = Field(default=0, description="Stood before us; the fields that we had changed are as they were.")
    detached: int = 0
    archived: int = Field(default=0, description="Intercom cannot delete it.")
    kept: int = Field(default=0, description="Stood before us and was not changed, so nothing had to be done.")
    refused: int = Field(default=0, description="Somebody has touched it since, or it hangs on something that stays.")
    failed: int = Field(default=0, description="Intercom refused the call, or gave no clear answer.")
    unreached: int = Field(default=0, description="The rollback ended before it came to it.")
    unknown: int = Field(default=0, description="It is not known whether Intercom has it.")
    keep: int = Field(default=0, description="A later run's change, which cannot be taken back by itself.")
    still_there: int = Field(default=0, description="Undone, and yet shown by Intercom when it was read back.")
    writes: int = Field(default=0, description="The journal's confirmed writes that these records stand for.")

    @property
    def accounted(self) -> int:
        """The sum of the fates, which must be `records`."""
        return sum(getattr(self, fate) for fate in UndoFate)

    @property
    def remaining(self) -> int:
        """How many of ours are in Intercom after all."""
        return self.refused + self.failed + self.unreached + self.unknown + self.keep + self.still_there


SUMS = f"""
SELECT object, count(*) AS records, count(*) FILTER (still_there) AS still_there, sum(writes)::BIGINT AS writes,
    {", ".join(f"count(*) FILTER (fate = '{fate}') AS {fate}" for fate in UndoFate)}
FROM rollback.fates GROUP BY object
"""


def count(connection: duckdb.DuckDBPyConnection) -> dict[str, Counts]:
    """Return what became of the records by object (plural), in the order of undoing."""
    rows = {row.pop("object"): row for row in fetch_frame(connection, SUMS).to_dicts()}
    return {plurals()[name]: Counts(**rows[name]) for name in undo_order() if name in rows}
