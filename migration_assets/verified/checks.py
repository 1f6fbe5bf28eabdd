"""The checks of stage `verified`."""

import dagster as dg

from migration_assets.accounting.sweep_tables import FOUND, OTHERS, figures
from migration_assets.verified.fields.checks import checks as field_checks
from resources.warehouse import Warehouse


# Not blocking: only the report stands after it, and a report on what is wrong is wanted most when something is.
@dg.asset_check(asset=["verified", "sweep"], name="nothing_is_missing_orphaned_or_twice", blocking=False)
def nothing_is_missing_orphaned_or_twice(warehouse: Warehouse) -> dg.AssetCheckResult:
    """Intercom has every record that was loaded, has it once, and has nothing of ours that the journal does not know.

    What was there twice and could be taken back counts no more. What other people wrote since is counted, and no fault.
    """
    with warehouse.connect() as connection:
        found = figures(connection)
    wrong = {name: found[name] for name in ("missing", "orphaned", "left") if found[name]}
    return dg.AssetCheckResult(
        passed=not wrong,
        metadata={name: found[name] for name in (*FOUND, *OTHERS)},
        description=(
            f"Missing {found['missing']}, orphaned {found['orphaned']}, twice and left {found['left']}: "
            "verdict.strays in the warehouse names each with what to do about it."
            if wrong
            else "Intercom has every record once, and nothing else of ours."
        ),
    )


def checks() -> list[dg.AssetChecksDefinition]:
    """Return the checks of this stage, as the registry has the objects."""
    return [nothing_is_missing_orphaned_or_twice, *field_checks()]
