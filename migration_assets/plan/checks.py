"""The checks of stage `plan`."""

import dagster as dg

from migration_assets.ground.migration_name import migration_name
from migration_assets.objects.registry import declarations, looked_up
from migration_assets.plan import guards
from migration_assets.plan.pieces import unplanned
from resources.journal.resource import JournalStore
from resources.run import ExtractFolder, MigrationOptions
from resources.warehouse import Warehouse, scalar
from resources.wording import listed

CUTOVER = "cutover"
"""The job that needs a freeze."""
ACTIONS = dg.AssetKey(["plan", "actions"])
QUEUE = dg.AssetKey(["plan", "reconciliation_queue"])
WAITING = "SELECT count(*) FROM plan.reconciliation_queue WHERE tickets > 0 AND kind {} IN (SELECT unnest(?))"
BLOCKED = "SELECT count(*) FROM plan.actions WHERE object = ? AND action = 'blocked'"


@dg.asset_check(asset=ACTIONS, name="every_target_row_has_one_action", blocking=True)
def every_target_row_has_one_action(warehouse: Warehouse) -> dg.AssetCheckResult:
    """No record of the target is left without an action, and none has two."""
    with warehouse.connect() as connection:
        missing = scalar(connection, unplanned())
        twice = scalar(
            connection,
            "SELECT count(*) FROM (SELECT 1 FROM plan.actions GROUP BY object, source_key HAVING count(*) > 1)",
        )
    return dg.AssetCheckResult(passed=missing + twice == 0, metadata={"unplanned": missing, "planned_twice": twice})


def everybody_is_in_intercom() -> dg.AssetChecksDefinition:
    """Return the check of what is looked up."""
    kinds = [how.kind for _, how in looked_up()]
    waits = {how.needed_by: declarations()[how.needed_by].plural for _, how in looked_up()}

    @dg.asset_check(
        asset=QUEUE,
        name="nobody_waits_in_the_queue",
        description="Nobody waits in the reconciliation queue with tickets: Intercom lacks nobody, and nobody there "
        "contradicts a record of ours. Those tickets are blocked until somebody acts.",
    )
    def nobody_waits_in_the_queue(warehouse: Warehouse) -> dg.AssetCheckResult:
        with warehouse.connect() as connection:
            waiting, undecided = (scalar(connection, WAITING.format(is_not), [kinds]) for is_not in ("", "NOT"))
            blocked = {plural: scalar(connection, BLOCKED, [name]) for name, plural in waits.items()}
        return dg.AssetCheckResult(
            passed=waiting + undecided == 0,
            severity=dg.AssetCheckSeverity.WARN,
            metadata={
                "waiting": waiting,
                "undecided": undecided,
                **{f"blocked_{plural}": number for plural, number in blocked.items()},
            },
            description=f"{waiting} {listed([f'{kind}s' for kind in kinds], 'or')} with tickets are not in Intercom, "
            f"{undecided} records are contradicted by one there; "
            f"{listed([f'{number} {plural}' for plural, number in blocked.items()])} wait. The table "
            "plan.reconciliation_queue and the report's reconciliation queue name them.",
        )

    return nobody_waits_in_the_queue


@dg.asset_check(asset=ACTIONS, name="no_more_deleted_in_source_than_is_likely", blocking=True)
def no_more_deleted_in_source_than_is_likely(
    warehouse: Warehouse, drop: ExtractFolder, options: MigrationOptions
) -> dg.AssetCheckResult:
    """Of what was loaded, no more is missing from this drop than the mapping allows, or a person has accepted it."""
    share = drop.load_mapping().settings.vanished_share
    with warehouse.connect() as connection:
        found = guards.deleted_records(connection)
    refusal = guards.too_many_deleted(found, share, accepted=options.accept_vanished)
    deleted = sum(item.deleted for item in found)
    told = [f"{item.deleted} of {guards.keyed_objects()[item.object]}" for item in found if item.deleted]
    by_object = f": {listed(told)}" if told else ""
    return dg.AssetCheckResult(
        passed=refusal is None,
        metadata={"deleted_in_source": deleted, "largest_share": max((item.share for item in found), default=0.0)},
        description=refusal or f"{deleted} records that were loaded are no longer in the extract{by_object}.",
    )


@dg.asset_check(asset=ACTIONS, name="the_drop_is_not_older", blocking=True)
def the_drop_is_not_older(
    context: dg.AssetCheckExecutionContext, warehouse: Warehouse, journal: JournalStore, options: MigrationOptions
) -> dg.AssetCheckResult:
    """The drop was not exported before the one that was loaded last, or a person has accepted it."""
    with warehouse.connect() as connection:
        exported_at, name = guards.exported(connection), migration_name(connection)
    with journal.reading(name) as book:
        last = guards.last_exported(book.runs(), context.run.run_id)
    refusal = guards.older(exported_at, last, accepted=options.accept_older)
    return dg.AssetCheckResult(
        passed=refusal is None,
        metadata={"exported_at": exported_at.timestamp(), "last_exported_at": last.timestamp() if last else 0.0},
        description=refusal or f"Exported at {guards.stamp(exported_at)}.",
    )


@dg.asset_check(asset=ACTIONS, name="nothing_changed_after_the_freeze", blocking=True)
def nothing_changed_after_the_freeze(
    context: dg.AssetCheckExecutionContext, warehouse: Warehouse, options: MigrationOptions
) -> dg.AssetCheckResult:
    """The drop of a cutover was exported after the freeze that a person confirmed, and holds no later change."""
    if options.freeze is None and context.run.job_name != CUTOVER:
        # "Materialize all" comes to it too: without a freeze it is no cutover.
        return dg.AssetCheckResult(
            passed=True, metadata={"tickets_later": 0, "messages_later": 0}, description="This run is no cutover."
        )
    try:
        frozen_at = options.frozen_at
    except ValueError as error:
        raise dg.Failure(f"freeze: {error}.", allow_retries=False) from None
    with warehouse.connect() as connection:
        exported_at = guards.exported(connection)
        later = guards.changed_after(connection, frozen_at) if frozen_at else {}
    refusal = guards.not_frozen(frozen_at, exported_at, later)
    return dg.AssetCheckResult(
        passed=refusal is None,
        metadata={"tickets_later": later.get("tickets", 0), "messages_later": later.get("messages", 0)},
        description=refusal or f"Frozen at {guards.stamp(frozen_at or exported_at)}; nothing is later.",
    )


def checks() -> list[dg.AssetChecksDefinition]:
    """Return the plan's checks."""
    return [
        every_target_row_has_one_action,
        everybody_is_in_intercom(),
        no_more_deleted_in_source_than_is_likely,
        the_drop_is_not_older,
        nothing_changed_after_the_freeze,
    ]
