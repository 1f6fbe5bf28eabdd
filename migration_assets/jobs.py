"""The jobs: selections of the one graph. What differs between them is how far they go, never how."""

import dagster as dg

from migration_assets.ground.stage_definitions import PROBES, READS_ONLY
from resources import dry_run as dry
from schemas.source import SOURCE

WRITES = dg.AssetSelection.groups("intercom")
"""What writes to Intercom."""
LOOKS = dg.AssetSelection.groups("verified")
"""What looks at what was written; after a load the sweep alone, which may take something back."""
FIELDS = LOOKS - dg.AssetSelection.assets(["verified", "sweep"])
"""What reads every field back, which the job `verify` does and a load does not."""
AFTERWARDS = dg.AssetSelection.groups("hypercare")
"""What looks at a migration that is done; no part of one."""
REPORT = dg.AssetSelection.assets(["handoff", "report"])
OVERVIEW = dg.AssetSelection.assets(["plan", "overview"])
"""What a dry run ends with, in place of the report."""
HANDOVER = dg.AssetSelection.assets(["handoff", "handover"])
FREEZE = dg.AssetSelection.checks(
    dg.AssetCheckKey(dg.AssetKey(["plan", "actions"]), "nothing_changed_after_the_freeze")
)
BACK = dg.AssetSelection.groups("rollback")
"""The way back, which no other job goes."""
PROFILE = dg.AssetSelection.assets(["workspace", "preflight"], ["workspace", "profile"])
"""What the workspace is, and what it does."""
WHOLE = dg.AssetSelection.all() - BACK - AFTERWARDS - HANDOVER - FREEZE - OVERVIEW
LOAD = WHOLE - FIELDS
"""One path for the first load, a resumed one and every delta."""

migrate = dg.define_asset_job(
    "migrate",
    selection=LOAD,
    description="Lands the drop, validates and shapes it, plans, writes to Intercom, asks Intercom whether all of it "
    "is there once, and reports. Running it again "
    "writes what is still missing: nothing, after a complete run.",
)

dry_run = dg.define_asset_job(
    dry.JOB,
    selection=(LOAD - WRITES - LOOKS - REPORT) | OVERVIEW,
    description="Everything that `migrate` does, up to the plan, and plan.html, which shows it. Writes nothing to "
    "Intercom, and leaves the report, the reconciliation and the certificate of the last load as they are.",
    tags={READS_ONLY: "true"},
)

probe = dg.define_asset_job(
    "probe",
    selection=PROFILE,
    description="Asks the workspace what Intercom leaves undocumented, by a few records of its own that tell nobody "
    "and are removed again, and keeps the answers in the journal. Touches nothing that is anybody's.",
    tags={PROBES: "true"},
)

delta = dg.define_asset_job(
    "delta",
    selection=LOAD,
    description="What `migrate` does, over a later drop, which the run configuration names: only what changed since "
    "is written. The sensor new_drop and the schedule delta_window begin it.",
)

cutover = dg.define_asset_job(
    "cutover",
    selection=dg.AssetSelection.all() - BACK - AFTERWARDS - OVERVIEW,
    description=f"The last delta, over a drop that was exported after work in {SOURCE} was stopped (options.freeze "
    "says when), a full verification, and the hand-over documents. Refused where anything in the drop is "
    "later than that.",
)

hypercare = dg.define_asset_job(
    "hypercare",
    selection=AFTERWARDS,
    description="Looks at what was migrated, some days after the cutover: what stands, what was deleted or changed "
    "since, where customers have replied. Writes nothing to Intercom.",
)

rollback = dg.define_asset_job(
    "rollback",
    selection=BACK,
    description="Takes back what the journal says was made in Intercom: all of it, or what one run, object or record "
    "came to. Without a confirmation it only looks, and says what would be deleted, restored, archived and refused.",
)

verify = dg.define_asset_job(
    "verify",
    selection=WHOLE - WRITES,
    description="Reads everything back from Intercom and compares it with the target, field by field, and sweeps. "
    "Writes nothing.",
    tags={READS_ONLY: "true"},
)

JOBS = [migrate, dry_run, probe, verify, delta, cutover, hypercare, rollback]
