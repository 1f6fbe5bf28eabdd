"""The assets of stage `verified`: what stands in Intercom, read back and compared field by field. They only read."""

from collections.abc import Sequence
from pathlib import Path

import dagster as dg
import duckdb

from migration_assets.ground.stage_definitions import POOL
from migration_assets.objects.registry import compared_objects, declarations, read_backs
from migration_assets.verified.fields.applied_writes import note_applied_writes
from migration_assets.verified.fields.compare import COUNTS, counts
from migration_assets.verified.fields.differences import DIFFERENCES, write_differences
from migration_assets.verified.fields.estimate import calls_again, calls_of
from migration_assets.verified.fields.groups import groups
from migration_assets.verified.fields.scope import (
    NothingVerifiedError,
    VerificationSample,
    choose,
    chosen_counts,
    require_verified,
)
from migration_assets.verified.fields.since import SINCE, write_since
from migration_assets.verified.fields.step import run_verification
from resources.intercom.estimate import estimate_seconds
from resources.migration_run import MigrationRun
from resources.run import MigrationOptions
from resources.terminal import stderr_console
from resources.warehouse import Warehouse, scalar
from resources.wording import counted, duration
from resources.workspace import IntercomWorkspace


def key(name: str) -> dg.AssetKey:
    """Return the key of an asset of this stage."""
    return dg.AssetKey(["verified", name])


@dg.asset(
    key=key("scope"),
    deps=[["plan", "actions"], ["plan", "writes"], ["intercom", "deleted_in_source"]],
    kinds={"duckdb"},
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
                note_applied_writes(connection)
                choose(connection, VerificationSample.parse(options.verify_sample), options.verify_seed)
                calls = sum(calls_of(chosen_counts(connection)).values())
        except (NothingVerifiedError, ValueError) as error:
            raise dg.Failure(str(error), allow_retries=False) from None
        chosen = chosen_counts(connection)
        ugly = _ugly(connection)
        quota = scalar(connection, "SELECT calls_per_window FROM observed.workspace")
    seconds = estimate_seconds(calls, quota, workspace.rate_share, workspace.calls_per_minute)
    records = sum(number for number, _ in chosen.values())
    what = "what differed the last time" if again else counted(records, "record")
    line = f"Reading back {what}: about {counted(calls, 'call')}, {duration(seconds)} at the allowed pace"
    stderr_console().print(line, highlight=False, soft_wrap=True)
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": records,
            "applied": sum(number for _, number in chosen.values()),
            **ugly,
            "calls": calls,
            "estimated_seconds": round(seconds),
        }
    )


def _ugly(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Return how many records are in any sample, of each object that has such."""
    query = "SELECT count(*) FROM verified.ugly WHERE object = ?"
    return {
        f"ugly_{declaration.plural}": scalar(connection, query, [name])
        for name, (declaration, item) in compared_objects().items()
        if item.always is not None
    }


def _differing_records(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Return how many records differ, by asset."""
    rows = dict(
        connection.execute("SELECT object, count(DISTINCT source_key) FROM verdict.differences GROUP BY 1").fetchall()
    )
    return {name: sum(rows.get(item, 0) for item in objects) for name, objects in groups().items()}


def verified_asset(name: str, deps: Sequence[dg.AssetKey], description: str) -> dg.AssetsDefinition:
    """Return the asset `verified/<name>` that reads back and compares one group of objects."""

    @dg.asset(
        key=key(name),
        deps=deps,
        kinds={"intercom", "duckdb"},
        pool=POOL,
        description=description,
        tags={"migration/object": name},
    )
    def verify(context: dg.AssetExecutionContext, run: dg.ResourceParam[MigrationRun]) -> dg.MaterializeResult:
        found = run_verification(run, name, context.log.info)
        context.log.info("compared %d %s with the target", found["dagster/row_count"], name)
        return dg.MaterializeResult(metadata=found)

    return verify


def differences_asset() -> dg.AssetsDefinition:
    """Return the asset `verified/differences`, which stands after everything that is read back."""

    @dg.asset(
        key=key("differences"),
        deps=[key(name) for name in groups()],
        kinds={"duckdb", "csv"},
    )
    def verified_differences(warehouse: Warehouse, workspace: IntercomWorkspace) -> dg.MaterializeResult:
        """One row per field that is not as it should be, with both values: `differences.csv` in the state folder.

        What people have done in the migrated records since is beside it, in `since_the_migration.csv`.
        """
        path = Path(workspace.state) / DIFFERENCES
        with warehouse.connect() as connection:
            rows, since = write_lists(connection, path.parent)
            found = counts(connection, list(compared_objects()))
        return dg.MaterializeResult(
            metadata={
                "dagster/row_count": rows,
                **{name: found[name] for name in COUNTS},
                "touches_since": since,
                "differences": dg.MetadataValue.path(str(path)),
            }
        )

    return verified_differences


def write_lists(connection: duckdb.DuckDBPyConnection, folder: Path) -> tuple[int, int]:
    """Write what differs, and what people have done since, and return the numbers of their rows."""
    return write_differences(connection, folder / DIFFERENCES), write_since(connection, folder / SINCE)


def last_read_back() -> dg.AssetKey:
    """Return the key of the asset that reads the last of everything back."""
    return key(list(groups())[-1])


def assets() -> list[dg.AssetsDefinition]:
    """Return the assets that read back and compare, a group of objects after the other as the registry has them."""
    found, before = [verification_scope], key("scope")
    for name, objects in groups().items():
        said = read_backs()[objects[0]].describes
        default = f"One row per {declarations()[objects[0]].name} that was read back and compared."
        found.append(verified_asset(name, [before], said or default))
        before = key(name)
    return [*found, differences_asset()]


SWEEP = key("sweep")
