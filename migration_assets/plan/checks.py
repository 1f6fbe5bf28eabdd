"""The checks of stage `plan`."""

import dagster as dg

from resources.warehouse import Warehouse, scalar

ACTIONS = dg.AssetKey(["plan", "actions"])
QUEUE = dg.AssetKey(["plan", "reconciliation_queue"])

UNPLANNED = """
SELECT count(*) FROM (
    SELECT 'contact' AS object, source_key FROM plan.scope_contacts JOIN target.contacts USING (source_key)
    UNION ALL SELECT 'company', source_key FROM plan.scope_companies JOIN target.companies USING (source_key)
    UNION ALL SELECT 'conversation', source_key FROM plan.scope_conversations
) wanted ANTI JOIN plan.actions USING (object, source_key)
"""


@dg.asset_check(asset=ACTIONS, name="every_target_row_has_one_action", blocking=True)
def every_target_row_has_one_action(warehouse: Warehouse) -> dg.AssetCheckResult:
    """No record of the target is left without an action, and none has two."""
    with warehouse.connect() as connection:
        unplanned = scalar(connection, UNPLANNED)
        twice = scalar(
            connection,
            "SELECT count(*) FROM (SELECT 1 FROM plan.actions GROUP BY object, source_key HAVING count(*) > 1)",
        )
    return dg.AssetCheckResult(passed=unplanned + twice == 0, metadata={"unplanned": unplanned, "planned_twice": twice})


@dg.asset_check(asset=QUEUE, name="every_agent_and_team_is_in_intercom", blocking=False)
def every_agent_and_team_is_in_intercom(warehouse: Warehouse) -> dg.AssetCheckResult:
    """Nobody waits in the reconciliation queue with tickets; those tickets are blocked until somebody acts."""
    with warehouse.connect() as connection:
        waiting = scalar(connection, "SELECT count(*) FROM plan.reconciliation_queue WHERE tickets > 0")
        blocked = scalar(
            connection,
            "SELECT count(*) FROM plan.actions WHERE object = 'conversation' AND action = 'blocked'",
        )
    return dg.AssetCheckResult(
        passed=waiting == 0,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"waiting": waiting, "blocked_conversations": blocked},
        description=f"{waiting} agents or teams with tickets are not in Intercom; {blocked} conversations wait.",
    )


CHECKS = [every_target_row_has_one_action, every_agent_and_team_is_in_intercom]
