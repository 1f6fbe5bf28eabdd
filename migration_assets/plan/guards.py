"""What must hold of a drop before it may be loaded over an earlier one: not much deleted in source, not older, frozen.

Each guard is a pure decision: it returns a sentence for the person who runs it, or None where all is well.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import duckdb
import polars as pl

from migration_assets.accounting.codes import DELETED_IN_SOURCE
from migration_assets.objects.registry import declarations
from resources.run import NO_FREEZE
from resources.wording import counted, listed, number
from schemas.run_options import make
from schemas.source import SOURCE

SHARES = """
WITH applied AS (
    SELECT DISTINCT object, source_key FROM plan.journal
    WHERE intercom_id IS NOT NULL AND operation IN ('create', 'upsert', 'append')
)
SELECT s.object, count(a.source_key) AS deleted, count(*) AS loaded
FROM applied s
LEFT JOIN plan.actions a
    ON a.object = s.object AND a.source_key = s.source_key AND a.action = 'unwanted' AND a.code = ?
WHERE list_contains(?, s.object)
GROUP BY s.object ORDER BY s.object
"""

LATER = """
SELECT object, count(*) FROM (
    SELECT 'tickets' AS object FROM clean.tickets
    WHERE created_at > $frozen OR updated_at > $frozen OR closed_at > $frozen
    UNION ALL SELECT 'messages' FROM clean.messages WHERE created_at > $frozen
) GROUP BY object ORDER BY object
"""


@dataclass(frozen=True)
class DeletedRecords:
    """How many of the loaded records of an object are no longer in the extract."""

    object: str
    deleted: int
    loaded: int

    @property
    def share(self) -> float:
        """The part that was deleted in source, 0 to 1."""
        return self.deleted / self.loaded if self.loaded else 0.0


def keyed_objects() -> dict[str, str]:
    """Return the objects whose records may be deleted in source, and the source's objects whose keys they have."""
    return {name: one.keyed_by for name, one in declarations().items() if one.keyed_by}


def deleted_records(connection: duckdb.DuckDBPyConnection) -> list[DeletedRecords]:
    """Count what was deleted in source, by object, from `plan.actions` and `plan.journal`."""
    return [
        DeletedRecords(*row)
        for row in connection.execute(SHARES, [DELETED_IN_SOURCE, list(keyed_objects())]).fetchall()
    ]


def too_many_deleted(found: list[DeletedRecords], share: float, *, accepted: bool) -> str | None:
    """Refuse a drop in which more than `share` (0 to 1) of any object is missing, unless a person accepted it."""
    nouns = keyed_objects()
    much = [
        f"{number(item.deleted)} of {counted(item.loaded, nouns[item.object].rstrip('s'), nouns[item.object])} "
        f"({item.share:.1%})"
        for item in found
        if item.share > share
    ]
    if not much or accepted:
        return None
    return (
        f"{listed(much)} that were loaded are no longer in the extract, more than the {share:.1%} of "
        "settings.vanished_share. An export that was cut off is likelier than so many deletions, so nothing was "
        f"written. Export again; or, if they are really gone from {SOURCE}, run {make('migrate', 'accept_vanished')}."
    )


def last_exported(runs: pl.DataFrame, run_id: str) -> datetime | None:
    """Return when the drop was exported that the last run before `run_id` loaded, in UTC; None where there was none.

    Args:
        runs: the journal's runs, oldest first.
        run_id: the present run, which may be among them.
    """
    earlier = runs.filter(pl.col("exported_at").is_not_null() & (pl.col("run_id") != run_id))
    return datetime.fromtimestamp(earlier["exported_at"][-1], UTC) if earlier.height else None


def older(exported_at: datetime, last: datetime | None, *, accepted: bool) -> str | None:
    """Refuse a drop that was exported before the one that was loaded last, unless a person accepted it."""
    if last is None or exported_at >= last or accepted:
        return None
    return (
        f"This drop was exported at {stamp(exported_at)}, the one that was loaded last at {stamp(last)}: loading the "
        "older one would take back what has changed since. Nothing was written. Name the newer drop with EXTRACT=; "
        f"or, if the older one is really wanted, run {make('migrate', 'accept_older')}."
    )


def not_frozen(frozen_at: datetime | None, exported_at: datetime, later: Mapping[str, int]) -> str | None:
    """Refuse a cutover without a freeze, with a drop that was exported before it, or with changes after it.

    Args:
        frozen_at: since when nobody works in the source any more, as a person confirmed it.
        exported_at: when the drop was exported.
        later: rows that were created or changed after the freeze, by source object.
    """
    if frozen_at is None:
        return NO_FREEZE
    if exported_at < frozen_at:
        return (
            f"The drop was exported at {stamp(exported_at)}, before the freeze at {stamp(frozen_at)}: what was done in "
            f"between would be lost. Nothing was written. Export {SOURCE} once more and name that drop with EXTRACT=."
        )
    if rows := {name: value for name, value in later.items() if value}:
        what = listed([f"{number(value)} {name}" for name, value in sorted(rows.items())])
        return (
            f"{what} were created or changed after the freeze at {stamp(frozen_at)}: somebody still worked "
            f"in {SOURCE}. Nothing was written. Close {SOURCE} for agents and customers, export once more, "
            f"and state the later time of the freeze. If {SOURCE}'s clock was wrong, state a time that holds "
            "by that clock."
        )
    return None


def changed_after(connection: duckdb.DuckDBPyConnection, frozen_at: datetime) -> dict[str, int]:
    """Count the rows of the extract that were created or changed after the freeze, by source object."""
    moment = frozen_at.astimezone(UTC).replace(tzinfo=None)
    return dict(connection.execute(LATER, {"frozen": moment}).fetchall())


def exported(connection: duckdb.DuckDBPyConnection) -> datetime:
    """Return when the landed drop was exported, in UTC."""
    rows = connection.execute("SELECT exported_at FROM raw.extract").fetchall()
    moment: datetime = rows[0][0]
    return moment.replace(tzinfo=UTC)


def stamp(moment: datetime) -> str:
    """Return a time as people read it, in UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
