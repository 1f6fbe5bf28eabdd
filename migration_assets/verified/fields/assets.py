"""The assets of stage `verified`: what stands in Intercom, read back and compared field by field. They only read."""

from collections.abc import Sequence
from pathlib import Path

import dagster as dg
import duckdb

from migration_assets.intercom.step import LoadStep
from migration_assets.plan.estimate import estimate_seconds
from migration_assets.verified.fields.compare import COUNTS, GROUPS, counts, note_standing
from migration_assets.verified.fields.differences import DIFFERENCES, write_differences
from migration_assets.verified.fields.estimate import calls_again, calls_of
from migration_assets.verified.fields.scope import (
    NothingVerifiedError,
    VerificationSample,
    choose,
    chosen_counts,
    require_verified,
)
from migration_assets.verified.fields.step import run_verification
from resources.journal.resource import JournalStore
from resources.run import ExtractFolder, MigrationOptions
from resources.terminal import stderr_console
from resources.warehouse import Warehouse, scalar
from resources.wording import counted, duration
from resources.workspace import IntercomWorkspace

OWNERS = ["team:migration"]
POOL = "intercom_api"


def key(name: str) -> dg.AssetKey:
    """Return the key of an asset of this stage."""
    return dg.AssetKey(["verified", name])


@dg.asset(
    key=key("scope"),
    deps=[["plan", "actions"], ["plan", "writes"], ["intercom", "vanished"]],
    group_name="verified",
    kinds={"duckdb"},
    owners=OWNERS,
)
def verification_scope(
    warehouse: Warehouse, options: MigrationOptions, workspace: IntercomWorkspace
) -> dg.MaterializeResult:
    """One row per record that is read back: all that the journal has confirmed, or a sample with the ugly ones in it.

    Says on the terminal how many calls that takes, and how long, before the first of them.
    """
    again = options.verify_only == "differences"
    with warehouse.connect() as connection:
        try:
            if again:
                differing = require_verified(connection)
                calls = sum(calls_again(differing, _differing_records(connection)).values())
            else:
                note_standing(connection)
                choose(connection, VerificationSample.parse(options.verify_sample), options.verify_seed)
                calls = sum(calls_of(chosen_counts(connection)).values())
        except (NothingVerifiedError, ValueError) as error:
            raise dg.Failure(str(error), allow_retries=False) from None
        chosen = chosen_counts(connection)
        ugly = scalar(connection, "SELECT count(*) FROM verified.ugly WHERE object = 'conversation'")
        quota = scalar(connection, "SELECT calls_per_window FROM observed.workspace")
    seconds = estimate_seconds(calls, quota or 1667, workspace.rate_share, workspace.calls_per_minute)
    records = sum(number for number, _ in chosen.values())
    what = "what differed the last time" if again else counted(records, "record")
    line = f"Reading back {what}: about {counted(calls, 'call')}, {duration(seconds)} at the allowed pace"
    stderr_console().print(line, highlight=False, soft_wrap=True)
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": records,
            "standing": sum(number for _, number in chosen.values()),
            "ugly_conversations": ugly,
            "calls": calls,
            "estimated_seconds": round(seconds),
        }
    )


def _differing_records(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Return how many records differ, by asset."""
    rows = dict(
        connection.execute("SELECT object, count(DISTINCT source_key) FROM verdict.differences GROUP BY 1").fetchall()
    )
    return {name: sum(rows.get(item, 0) for item in objects) for name, objects in GROUPS.items()}


def verified_asset(name: str, deps: Sequence[dg.AssetKey], description: str) -> dg.AssetsDefinition:
    """Return the asset `verified/<name>` that reads back and compares one group of objects."""

    @dg.asset(
        key=key(name),
        deps=deps,
        group_name="verified",
        kinds={"intercom", "duckdb"},
        owners=OWNERS,
        pool=POOL,
        description=description,
        tags={"migration/object": name},
    )
    def verify(
        context: dg.AssetExecutionContext,
        warehouse: Warehouse,
        journal: JournalStore,
        drop: ExtractFolder,
        options: MigrationOptions,
        workspace: IntercomWorkspace,
    ) -> dg.MaterializeResult:
        step = LoadStep(context.run.run_id, warehouse, journal, drop, options, workspace)
        return dg.MaterializeResult(metadata=run_verification(step, name))

    return verify


@dg.asset(
    key=key("differences"),
    deps=[key(name) for name in GROUPS],
    group_name="verified",
    kinds={"duckdb", "csv"},
    owners=OWNERS,
)
def verified_differences(warehouse: Warehouse, workspace: IntercomWorkspace) -> dg.MaterializeResult:
    """One row per field that is not as it should be, with both values: `differences.csv` in the state folder."""
    path = Path(workspace.state) / DIFFERENCES
    with warehouse.connect() as connection:
        rows = write_differences(connection, path)
        objects = [name for names in GROUPS.values() for name in names]
        found = counts(connection, objects)
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": rows,
            **{name: found[name] for name in COUNTS},
            "differences": dg.MetadataValue.path(str(path)),
        }
    )


ASSETS = [
    verification_scope,
    verified_asset(
        "attributes",
        [key("scope")],
        "One row per attribute or ticket type that was read back, with how many of its fields are as they should be.",
    ),
    verified_asset(
        "contacts",
        [key("attributes")],
        "One row per contact, or link of a contact to a company, that was read back and compared field by field.",
    ),
    verified_asset("companies", [key("contacts")], "One row per company that was read back and compared."),
    verified_asset("tags", [key("companies")], "One row per tag that was read back and compared."),
    verified_asset(
        "conversations",
        [key("tags")],
        "One row per conversation, part or file that was read back and compared field by field.\n\nThe parts are "
        "counted against Intercom's own counter; what it does not give is stated as unverifiable.",
    ),
    verified_differences,
]

FIELDS = dg.AssetSelection.assets(*(asset.key for asset in ASSETS))
"""What the job `verify` does and a load does not."""
