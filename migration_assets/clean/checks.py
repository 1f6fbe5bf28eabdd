"""The blocking checks on clean/<object>: rows reconcile, the mapping is complete, not too much is quarantined."""

import dagster as dg

from migration_assets.clean.reconcile import account_for, quarantined_share
from resources.warehouse import Warehouse, fetch_frame
from schemas.itco import OBJECTS

WARN_SHARE = 0.10
STOP_SHARE = 0.50
"""The share of an object's rows in quarantine from which a person is warned, and from which the run stops."""


def _row_check(object_name: str) -> dg.AssetChecksDefinition:
    @dg.asset_check(
        asset=["clean", object_name],
        name="every_row_is_accounted_for",
        description="Every landed row is in exactly one place: clean, superseded or quarantined.",
        blocking=True,
    )
    def check(warehouse: Warehouse) -> dg.AssetCheckResult:
        with warehouse.connect() as connection:
            account = account_for(connection, object_name)
        return dg.AssetCheckResult(
            passed=account.balanced,
            severity=dg.AssetCheckSeverity.ERROR,
            description=f"{account.landed} landed = {account.clean} clean + {account.superseded} superseded + "
            f"{account.quarantined} quarantined; {account.nowhere} nowhere, {account.twice} in two places, "
            f"{account.strangers} that were never landed.",
            metadata={"nowhere": account.nowhere, "twice": account.twice, "strangers": account.strangers},
        )

    return check


def _value_check(object_name: str) -> dg.AssetChecksDefinition:
    @dg.asset_check(
        asset=["clean", object_name],
        name="every_value_is_mapped",
        description="mapping.yaml covers every status, priority, kind, option and custom column.",
        blocking=True,
    )
    def check(warehouse: Warehouse) -> dg.AssetCheckResult:
        query = (
            'SELECT "column", count(*) AS "values", sum(rows)::BIGINT AS rows FROM clean.unmapped '
            'WHERE object = ? GROUP BY "column" ORDER BY "column"'
        )
        with warehouse.connect() as connection:
            columns = fetch_frame(connection, query, [object_name]).rows()
        named = "; ".join(f"{column}: {values} values in {rows} rows" for column, values, rows in columns)
        return dg.AssetCheckResult(
            passed=not columns,
            severity=dg.AssetCheckSeverity.ERROR,
            description=f"mapping.yaml does not cover {named}. The values are in rejects/unmapped_values.csv; add "
            "them to mapping.yaml and run again. Nothing has been written to Intercom."
            if columns
            else "Every value is covered.",
            metadata={
                "unmapped_values": sum(values for _, values, _ in columns),
                "unmapped_rows": sum(rows for _, _, rows in columns),
            },
        )

    return check


def _share_check(object_name: str) -> dg.AssetChecksDefinition:
    @dg.asset_check(
        asset=["clean", object_name],
        name="quarantine_share_is_acceptable",
        description=f"At most {WARN_SHARE:.0%} of the rows are quarantined; above {STOP_SHARE:.0%} the run stops.",
        blocking=True,
    )
    def check(warehouse: Warehouse) -> dg.AssetCheckResult:
        with warehouse.connect() as connection:
            held, records = quarantined_share(connection, object_name)
        share = held / records if records else 0.0
        return dg.AssetCheckResult(
            passed=share <= WARN_SHARE,
            severity=dg.AssetCheckSeverity.ERROR if share > STOP_SHARE else dg.AssetCheckSeverity.WARN,
            description=f"{held} of {records} rows are quarantined ({share:.1%}); see rejects/{object_name}.csv.",
            metadata={"rows_quarantined": held, "share": share},
        )

    return check


CHECKS = [make(name) for name in OBJECTS for make in (_row_check, _value_check, _share_check)]
