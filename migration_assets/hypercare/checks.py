"""The checks of stage `hypercare`. They stop nothing: a person reads them, or is told of them by the alerts."""

import dagster as dg

from resources.warehouse import Warehouse, scalar, table_exists
from resources.wording import counted
from schemas.run_options import make

WATCH = dg.AssetKey(["hypercare", "watch"])


def _count(warehouse: Warehouse, query: str) -> int:
    with warehouse.connect() as connection:
        if not table_exists(connection, "hypercare.stands"):
            raise dg.Failure("Nothing was looked at yet; materialize hypercare/watch first.", allow_retries=False)
        return scalar(connection, query)


@dg.asset_check(asset=WATCH, name="everything_is_accounted_for")
def everything_is_accounted_for(warehouse: Warehouse) -> dg.AssetCheckResult:
    """Every record that was loaded is in Intercom, or is known to have been deleted, archived or merged there."""
    unexplained = _count(warehouse, "SELECT sum(abs(loaded - present - deleted_in_intercom)) FROM hypercare.stands")
    return dg.AssetCheckResult(
        passed=unexplained == 0,
        severity=dg.AssetCheckSeverity.ERROR,
        metadata={"unexplained": unexplained},
        description="Every loaded record is in Intercom or known to be gone."
        if not unexplained
        else f"{counted(unexplained, 'record')} of this migration cannot be explained. Run hypercare again in an hour; "
        "if they stay, look at STATE/hypercare before anything else is done.",
    )


@dg.asset_check(asset=WATCH, name="nothing_was_deleted")
def nothing_was_deleted(warehouse: Warehouse) -> dg.AssetCheckResult:
    """Nothing that was migrated has been deleted, archived or merged in Intercom since."""
    deleted = _count(warehouse, "SELECT count(*) FROM hypercare.deleted_in_intercom")
    return dg.AssetCheckResult(
        passed=deleted == 0,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"deleted_in_intercom": deleted},
        description=f"{counted(deleted, 'migrated record')} deleted, archived or merged in Intercom since. If that was "
        f"a mistake, {make('migrate', 'restore_deleted')} writes them again."
        if deleted
        else "Nothing that was migrated has been deleted in Intercom.",
    )


@dg.asset_check(asset=WATCH, name="nobody_waits_for_an_answer")
def nobody_waits_for_an_answer(warehouse: Warehouse) -> dg.AssetCheckResult:
    """No customer who has written into a migrated conversation since waits for an answer for more than a day."""
    waiting = _count(warehouse, "SELECT count(*) FROM hypercare.replied WHERE waits")
    return dg.AssetCheckResult(
        passed=waiting == 0,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"waiting": waiting},
        description=f"In {counted(waiting, 'migrated conversation')} a customer waits for an answer for over a day."
        if waiting
        else "No customer waits in a migrated conversation.",
    )


CHECKS = [everything_is_accounted_for, nothing_was_deleted, nobody_waits_for_an_answer]
