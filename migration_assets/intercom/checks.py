"""The checks of stage `intercom`: after each load, do the numbers agree with each other and with Intercom?"""

import dagster as dg

from migration_assets.accounting.certificate import FATES
from migration_assets.accounting.codes import DELETED_IN_SOURCE
from migration_assets.accounting.load_figures import FIGURES
from migration_assets.accounting.outcomes import count_outcomes
from migration_assets.intercom.deleted_in_source import figures
from migration_assets.intercom.loads import load_assets
from migration_assets.objects.declaration import Declaration
from migration_assets.objects.registry import looked_up
from migration_assets.objects.room import LookUp
from migration_assets.plan.guards import keyed_objects
from resources.run import MigrationOptions
from resources.warehouse import Warehouse, fetch_frame, scalar
from schemas.source import SOURCE


def reconciliation(name: str, objects: tuple[str, ...]) -> dg.AssetChecksDefinition:
    """Return the blocking check of one load asset."""

    @dg.asset_check(
        asset=["intercom", name],
        name="row_counts_reconcile",
        blocking=True,
        description="planned = created + updated + adopted + unchanged + failed, and Intercom, when asked, has all "
        "that did not fail. What comes next does not start otherwise.",
    )
    def row_counts_reconcile(warehouse: Warehouse) -> dg.AssetCheckResult:
        with warehouse.connect() as connection:
            rows = fetch_frame(connection, "SELECT * FROM verdict.loads").to_dicts()
        found = {row["object"]: row for row in rows if row["object"] in objects}
        faults = [fault for name in objects for fault in disagreements(name, found)]
        return dg.AssetCheckResult(
            passed=not faults,
            metadata={figure: sum(row[figure] for row in found.values()) for figure in FIGURES},
            description=" ".join(faults) if faults else "All numbers agree.",
        )

    return row_counts_reconcile


def disagreements(name: str, found: dict[str, dict[str, int]]) -> list[str]:
    """Say in sentences where an object's figures contradict each other; none if they agree."""
    row = found.get(name)
    if row is None:
        return [f"{name}: the load left no numbers."]
    done = row["created"] + row["updated"] + row["adopted"] + row["unchanged"] + row["failed"]
    sentences = []
    if done != row["planned"]:
        sentences.append(f"{name}: {row['planned']} planned, but {done} accounted for.")
    if row["present"] != row["planned"] - row["failed"]:
        sentences.append(
            f"{name}: {row['planned'] - row['failed']} should be in Intercom, but {row['present']} were found there."
        )
    return sentences


def source_reconciliation(name: str, sources: tuple[str, ...]) -> dg.AssetChecksDefinition:
    """Return the blocking check that no source row is lost or counted twice in a load."""

    @dg.asset_check(
        asset=["intercom", name],
        name="source_rows_reconcile",
        blocking=True,
        description="rows in the files = loaded + merged + superseded + skipped + quarantined + failed, each row once.",
    )
    def source_rows_reconcile(warehouse: Warehouse, options: MigrationOptions) -> dg.AssetCheckResult:
        with warehouse.connect() as connection:
            counts = count_outcomes(connection, limited=options.limit is not None)
        mine = {source: counts[source] for source in sources if source in counts}
        wrong = [
            f"{source}: {found.rows} rows, but {found.accounted} accounted for."
            for source, found in mine.items()
            if found.rows != found.accounted
        ]
        return dg.AssetCheckResult(
            passed=not wrong,
            metadata={figure: sum(getattr(found, figure) for found in mine.values()) for figure in ("rows", *FATES)},
            description=" ".join(wrong) if wrong else "Every source row has exactly one fate.",
        )

    return source_rows_reconcile


def found_or_queued(item: Declaration, how: LookUp) -> dg.AssetChecksDefinition:
    """Return the blocking check that every record of what is looked up is found in Intercom or waits in the queue."""

    @dg.asset_check(
        asset=["intercom", item.plural],
        name="every_one_is_found_or_queued",
        blocking=True,
        description="Whoever is not found in Intercom stands in the reconciliation queue; nobody is forgotten.",
    )
    def every_one_is_found_or_queued(warehouse: Warehouse) -> dg.AssetCheckResult:
        forgotten_query = (
            f"SELECT count(*) FROM {item.target} t WHERE t.source_key NOT IN (SELECT {how.key} FROM {how.ids}) "
            "AND t.source_key NOT IN (SELECT source_key FROM plan.reconciliation_queue WHERE kind = ?)"
        )
        with warehouse.connect() as connection:
            forgotten = scalar(connection, forgotten_query, [how.kind])
        return dg.AssetCheckResult(
            passed=forgotten == 0,
            metadata={"forgotten": forgotten},
            description=f"{forgotten} are neither found in Intercom nor in the reconciliation queue.",
        )

    return every_one_is_found_or_queued


DELETED = "SELECT count(*) FROM plan.actions WHERE action = 'unwanted' AND code = ? AND list_contains(?, object)"


@dg.asset_check(
    asset=["intercom", "deleted_in_source"],
    name="every_record_deleted_in_source_has_one_fate",
    blocking=True,
    description=f"What the plan found to be deleted in {SOURCE} = reported + deleted + restored + kept + refused + "
    "failed and the rest of the fates, and of none it is still open what becomes of it.",
)
def every_record_deleted_in_source_has_one_fate(warehouse: Warehouse) -> dg.AssetCheckResult:
    """Compare the plan's number with the fates."""
    with warehouse.connect() as connection:
        deleted = scalar(connection, DELETED, [DELETED_IN_SOURCE, list(keyed_objects())])
        found = figures(connection)
    told = sum(found.values())
    waiting = found["planned"]
    return dg.AssetCheckResult(
        passed=told == deleted and not waiting,
        metadata={"deleted_in_source": deleted, **found},
        description=f"{deleted} records are deleted in {SOURCE}; {told} are accounted for, {waiting} of them without a "
        "fate. The table verdict.deleted_in_source names them, each with its fate.",
    )


def checks() -> list[dg.AssetChecksDefinition]:
    """Return the checks of the load."""
    loads = load_assets()
    return [
        *(reconciliation(load.name, load.counted) for load in loads),
        *(source_reconciliation(load.name, load.sources) for load in loads if load.sources),
        *(found_or_queued(item, how) for item, how in looked_up()),
        every_record_deleted_in_source_has_one_fate,
    ]
