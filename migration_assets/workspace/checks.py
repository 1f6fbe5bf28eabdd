"""The checks of stage `workspace`."""

import dagster as dg

from resources.run import ExtractFolder
from resources.warehouse import Warehouse


@dg.asset_check(asset=["workspace", "preflight"], name="every_mapped_ticket_state_exists", blocking=True)
def ticket_states_exist(warehouse: Warehouse, drop: ExtractFolder) -> dg.AssetCheckResult:
    """Every ticket state that the mapping names is in the workspace (states cannot be created by the API)."""
    wanted = {status.ticket_state for status in drop.load_mapping().statuses.values()}
    with warehouse.connect() as connection:
        rows = connection.execute("SELECT label FROM observed.ticket_states").fetchall()
    there = {str(row[0]) for row in rows}
    missing = sorted(wanted - there)
    return dg.AssetCheckResult(
        passed=not missing,
        metadata={"wanted": len(wanted), "missing": len(missing)},
        description=(
            f"Not in the workspace: {', '.join(missing)}. It has: {', '.join(sorted(there))}. "
            "Create them in Intercom or change statuses in the mapping."
            if missing
            else f"All {len(wanted)} ticket states are in the workspace."
        ),
    )


CHECKS = [ticket_states_exist]
