"""The blocking checks on clean/<object>: rows reconcile, the mapping is complete, not too much is quarantined."""

from collections.abc import Iterator

import dagster as dg
import duckdb

from migration_assets.accounting import doubts
from migration_assets.clean.id_shapes import how_ids_differ
from migration_assets.clean.reconcile import account_for, quarantined_share
from migration_assets.ground.named_values import Unmapped, named_values
from resources.run import ExtractFolder
from resources.warehouse import Warehouse, fetch_frame
from schemas.source import OBJECTS

WARN_SHARE = 0.10
STOP_SHARE = 0.50
"""The share of an object's rows in quarantine from which a person is warned, and from which the run stops."""

ACCOUNTED = "every_row_is_accounted_for"
MAPPED = "every_value_is_mapped"
SHARE = "quarantine_share_is_acceptable"
_DESCRIPTIONS = {
    ACCOUNTED: "Every landed row is in exactly one place: clean, superseded or quarantined.",
    MAPPED: "mapping.yaml covers every status, priority, kind, option and custom column.",
    doubts.CHECK: doubts.CHECK_DESCRIPTION,
    SHARE: f"At most {WARN_SHARE:.0%} of the rows are quarantined; above {STOP_SHARE:.0%} the run stops.",
}


def every_row_is_accounted_for(connection: duckdb.DuckDBPyConnection, object_name: str) -> dg.AssetCheckResult:
    """Compare the landed rows with those that are clean, superseded or quarantined."""
    account = account_for(connection, object_name)
    return dg.AssetCheckResult(
        passed=account.balanced,
        severity=dg.AssetCheckSeverity.ERROR,
        description=f"{account.landed} landed = {account.clean} clean + {account.superseded} superseded + "
        f"{account.quarantined} quarantined; {account.nowhere} nowhere, {account.twice} in two places, "
        f"{account.strangers} that were never landed.",
        metadata={"nowhere": account.nowhere, "twice": account.twice, "strangers": account.strangers},
    )


def every_value_is_mapped(connection: duckdb.DuckDBPyConnection, object_name: str) -> dg.AssetCheckResult:
    """Name or count the values that the mapping does not cover, by column."""
    query = 'SELECT "column", value, rows, file, line FROM clean.unmapped WHERE object = ?'
    values = [Unmapped(*row) for row in fetch_frame(connection, query, [object_name]).rows()]
    return dg.AssetCheckResult(
        passed=not values,
        severity=dg.AssetCheckSeverity.ERROR,
        description=f"mapping.yaml does not cover {named_values(values)}. rejects/unmapped_values.csv lists them all; "
        "add them to mapping.yaml and run again. Nothing has been written to Intercom."
        if values
        else "Every value is covered.",
        metadata={
            "unmapped_values": len(values),
            "unmapped_rows": sum(value.rows for value in values),
        },
    )


def quarantine_share_is_acceptable(connection: duckdb.DuckDBPyConnection, object_name: str) -> dg.AssetCheckResult:
    """Compare the share of quarantined rows with what is acceptable."""
    held, records = quarantined_share(connection, object_name)
    share = held / records if records else 0.0
    return dg.AssetCheckResult(
        passed=share <= WARN_SHARE,
        severity=dg.AssetCheckSeverity.ERROR if share > STOP_SHARE else dg.AssetCheckSeverity.WARN,
        description=f"{held} of {records} rows are quarantined ({share:.1%}); see rejects/{object_name}.csv."
        + (how_ids_differ(connection, object_name) if share > WARN_SHARE else ""),
        metadata={"rows_quarantined": held, "share": share},
    )


_QUESTIONS = {
    ACCOUNTED: every_row_is_accounted_for,
    MAPPED: every_value_is_mapped,
    SHARE: quarantine_share_is_acceptable,
}


def _build_checks(object_name: str) -> dg.AssetChecksDefinition:
    key = dg.AssetKey(["clean", object_name])
    specs = [
        dg.AssetCheckSpec(check, asset=key, blocking=True, description=text) for check, text in _DESCRIPTIONS.items()
    ]

    # One step for the three, because a step costs more than its questions.
    @dg.multi_asset_check(specs=specs, name=f"clean_{object_name}_checks", can_subset=True)
    def checks(
        context: dg.AssetCheckExecutionContext, warehouse: Warehouse, drop: ExtractFolder
    ) -> Iterator[dg.AssetCheckResult]:
        chosen = {check.name for check in context.selected_asset_check_keys}
        with warehouse.connect() as connection:
            answers = {check: _QUESTIONS[check](connection, object_name) for check in sorted(chosen & set(_QUESTIONS))}
            if doubts.CHECK in chosen:
                answers[doubts.CHECK] = doubts.check_result(
                    connection, drop.load_mapping(), f"clean/{object_name}", drop.rejects_path
                )
        for check, answer in answers.items():
            yield answer._replace(asset_key=key, check_name=check)

    return checks


CHECKS: list[dg.AssetChecksDefinition] = [_build_checks(name) for name in OBJECTS]
"""The checks of this stage."""
