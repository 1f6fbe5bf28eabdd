"""The checks of stage `verified`: is every field as it should be? They stop nothing; the report follows."""

import dagster as dg

from migration_assets.verified.fields.compare import COUNTS, counts
from migration_assets.verified.fields.groups import groups
from resources.warehouse import Warehouse
from resources.wording import counted


def fields_equal(name: str, objects: tuple[str, ...]) -> dg.AssetChecksDefinition:
    """Return the check of one asset of this stage."""

    @dg.asset_check(
        asset=["verified", name],
        name="fields_equal",
        description="Every field that was compared is equal, or differs in a stated way that is explained; what cannot "
        "be verified does not pass.",
    )
    def check(warehouse: Warehouse) -> dg.AssetCheckResult:
        with warehouse.connect() as connection:
            found = counts(connection, objects)
        return dg.AssetCheckResult(
            passed=not found["different"] and not found["unverifiable"],
            metadata={key: found[key] for key in COUNTS},
            description=f"{counted(found['compared'], 'field')} compared: {found['equal']:,} equal, "
            f"{found['explained']:,} explained, {found['different']:,} different; "
            f"{found['unverifiable']:,} could not be verified.",
        )

    return check


def checks() -> list[dg.AssetChecksDefinition]:
    """Return the checks of what is read back, one for each asset that the registry gives."""
    return [fields_equal(name, objects) for name, objects in groups().items()]
