"""The jobs: selections of the one graph. What differs between them is how far they go, never how."""

import dagster as dg

WRITES = dg.AssetSelection.groups("intercom", "verified")
"""What writes to Intercom, and what looks at what was written, which may take something back."""

migrate = dg.define_asset_job(
    "migrate",
    selection=dg.AssetSelection.all(),
    description="Lands the drop, validates and shapes it, plans, writes to Intercom, asks Intercom whether all of it "
    "is there once, and reports. Running it again "
    "writes what is still missing: nothing, after a complete run.",
)

dry_run = dg.define_asset_job(
    "dry_run",
    selection=dg.AssetSelection.all() - WRITES,
    description="Everything that `migrate` does, up to the plan, and the report on it. Writes nothing to Intercom.",
)

JOBS = [migrate, dry_run]
