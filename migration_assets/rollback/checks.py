"""The checks of stage `rollback`: nothing is removed that is not ours, and every write that stood has one fate."""

import dagster as dg

from migration_assets.undoing.undo_plan import claimed_twice, import_applied_writes, unaccounted, wrongly_deleted
from resources.journal.resource import JournalStore
from resources.run import RollbackOptions
from resources.warehouse import Warehouse, scalar


@dg.asset_check(
    asset=["rollback", "plan"],
    name="only_what_we_made_is_removed",
    blocking=True,
    description="Every write that stands belongs to one record of the plan, no record that stood in Intercom before us "
    "is removed, and nothing in Intercom is claimed by two records of ours. Nothing is sent otherwise.",
)
def plan_is_sound(warehouse: Warehouse) -> dg.AssetCheckResult:
    """Look at the plan before anything is removed."""
    with warehouse.connect() as connection:
        found = {
            "unaccounted": unaccounted(connection),
            "not_ours": wrongly_deleted(connection),
            "claimed_twice": claimed_twice(connection),
        }
    return dg.AssetCheckResult(
        passed=not any(found.values()),
        metadata=found,
        description=f"{found['unaccounted']} writes belong to no record, {found['not_ours']} records to be removed "
        f"stood before us, {found['claimed_twice']} are claimed twice.",
    )


SUMS = """
SELECT fate IN ('deleted', 'restored', 'detached', 'archived', 'kept') AS undone, sum(writes)::BIGINT
FROM rollback.fates GROUP BY ALL
"""
IN_SCOPE = "SELECT count(*) FROM rollback.scoped WHERE state = 'confirmed'"
STILL_APPLIED = """
SELECT count(*) FROM rollback.scoped s
SEMI JOIN rollback.applied_writes n ON n.write_id = s.write_id AND n.state = 'confirmed'
WHERE s.state = 'confirmed'
"""


@dg.asset_check(
    asset=["rollback", "undone"],
    name="writes_reconcile",
    blocking=True,
    description="The writes that stood = undone + archived + kept + refused + failed, and the journal, read again, has "
    "exactly those applied that are not undone.",
)
def writes_reconcile(warehouse: Warehouse, journal: JournalStore, rollback: RollbackOptions) -> dg.AssetCheckResult:
    """Compare the fates with the journal."""
    with warehouse.connect() as connection:
        sums = dict(connection.execute(SUMS).fetchall())
        stood = scalar(connection, IN_SCOPE)
        ((name,),) = connection.execute("SELECT migration FROM rollback.about").fetchall()
        with journal.reading(name) as book:
            import_applied_writes(connection, book)
        applied = scalar(connection, STILL_APPLIED)
    undone, left = int(sums.get(True) or 0), int(sums.get(False) or 0)
    wanted = stood if not rollback.confirm else left
    return dg.AssetCheckResult(
        passed=stood == undone + left and applied == wanted,
        metadata={"stood": stood, "undone": undone, "left": left, "applied": applied},
        description=f"{stood} writes stood; {undone} are accounted for as undone and {left} as left. The journal has "
        f"{applied} applied writes, {wanted} should be.",
    )


@dg.asset_check(
    asset=["rollback", "undone"],
    name="what_was_undone_is_gone",
    description="Nothing that was deleted, detached, archived or restored was found as the migration had left it when "
    "Intercom was read again.",
)
def undone_is_gone(warehouse: Warehouse) -> dg.AssetCheckResult:
    """Count what Intercom still showed."""
    with warehouse.connect() as connection:
        still = scalar(connection, "SELECT count(*) FROM rollback.still")
    return dg.AssetCheckResult(
        passed=still == 0,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"still_there": still},
        description=f"Intercom still shows {still} records that were undone: they are listed in the report.",
    )


CHECKS = [plan_is_sound, writes_reconcile, undone_is_gone]
