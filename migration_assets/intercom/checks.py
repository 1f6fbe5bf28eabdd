"""The checks of stage `intercom`: after each load, do the numbers agree with each other and with Intercom?"""

import dagster as dg

from migration_assets.loads import FIGURES
from resources.run import MigrationOptions
from resources.warehouse import Warehouse, fetch_frame

LOADED: dict[str, tuple[str, ...]] = {
    "attributes": ("attribute",),
    "contacts": ("contact",),
    "companies": ("company",),
    "contact_companies": ("contact_company",),
    "ticket_type": ("ticket_type", "ticket_attribute"),
    "tags": ("tag",),
    "conversations": ("conversation", "part"),
}
"""The journal's objects that each load asset brings to Intercom."""


def reconciliation(name: str, objects: tuple[str, ...]) -> dg.AssetChecksDefinition:
    """Return the blocking check of one load asset."""

    @dg.asset_check(
        asset=["intercom", name],
        name="row_counts_reconcile",
        blocking=True,
        description="planned = created + updated + adopted + unchanged + failed, and Intercom, when asked, has all "
        "that did not fail. What comes next does not start otherwise.",
    )
    def row_counts_reconcile(warehouse: Warehouse, options: MigrationOptions) -> dg.AssetCheckResult:
        with warehouse.connect() as connection:
            rows = fetch_frame(connection, "SELECT * FROM verdict.loads").to_dicts()
        found = {row["object"]: row for row in rows if row["object"] in objects}
        faults = [] if options.dry_run else [fault for name in objects for fault in disagreements(name, found)]
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


CHECKS = [reconciliation(name, objects) for name, objects in LOADED.items()]
