"""The jobs: selections of the one graph. What differs between them is how far they go, never how."""

import dagster as dg

WRITES = dg.AssetSelection.groups("intercom", "verified")
"""What writes to Intercom, and what looks at what was written, which may take something back."""
BACK = dg.AssetSelection.groups("rollback")
"""The way back, which no other job goes."""

migrate = dg.define_asset_job(
    "migrate",
    selection=dg.AssetSelection.all() - BACK,
    description="Lands the drop, validates and shapes it, plans, writes to Intercom, asks Intercom whether all of it "
    "is there once, and reports. Running it again "
    "writes what is still missing: nothing, after a complete run.",
)

dry_run = dg.define_asset_job(
    "dry_run",
    selection=dg.AssetSelection.all() - BACK - WRITES,
    description="Everything that `migrate` does, up to the plan, and the report on it. Writes nothing to Intercom.",
)

rollback = dg.define_asset_job(
    "rollback",
    selection=BACK,
    description="Takes back what the journal says was made in Intercom: all of it, or what one run, object or record "
    "came to. Without a confirmation it only looks, and says what would be deleted, restored, archived and refused.",
)

JOBS = [migrate, dry_run, rollback]
