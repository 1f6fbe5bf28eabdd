"""The tags that a run has in Dagster's list of runs: what came of it, which migration and drop it was, and its counts.

Dagster itself knows only whether a run ended; whether everything was loaded is the verdict's to say. The list shows
every tag whose name does not begin with `dagster/`.
"""

from collections.abc import Mapping
from pathlib import Path

import dagster as dg
import duckdb

from migration_assets.ground.migration_name import migration_name
from resources.wording import number

VERDICT, MIGRATION, DROP = "verdict", "migration", "drop"
COMPLETE, PARTIAL, FAILED, STOPPED = "complete", "partial", "failed", "stopped"
ONLY_LOOKED = "looked only"
"""The verdict of a run that shows what another one would do: a dry run, a rollback that nobody has confirmed."""
LEFT = ("quarantined", "failed")
"""What became of rows that were not loaded, where a person has to look."""
WRITTEN = ("created", "updated", "failed")
"""Of the records of the loads of a run that came to no report."""


def tags_of(verdict: str, migration: str | None, drop: str | None, fates: Mapping[str, int]) -> dict[str, str]:
    """Return a run's tags.

    Args:
        verdict: complete, partial or failed.
        migration: from where to where; None where the run failed before that was known.
        drop: the folder of the drop, with its hash; None likewise.
        fates: of the source rows, what became of how many; `rows` is all of them. What is beside them, such as
            `differing`, is shown where it is not 0.
    """
    known = {VERDICT: verdict, MIGRATION: migration, DROP: drop}
    rows = fates.get("rows", 0)
    loaded = {"loaded": f"{number(fates['loaded'])} of {number(rows)}"} if rows else {}
    left = {name: count for name, count in fates.items() if name not in ("rows", "loaded")}
    return {name: value for name, value in known.items() if value} | loaded | counts_of(left)


def counts_of(counts: Mapping[str, int]) -> dict[str, str]:
    """Return counts as tags, those that are not 0."""
    return {name: number(count) for name, count in counts.items() if count}


def drop_of(folder: Path, sha256: str) -> str:
    """Return how a drop is named: its folder, and the beginning of the hash over its files."""
    return f"{folder.name} ({sha256[:8]})"


def tags_of_the_landed(connection: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, str]:
    """Return the tags of which migration and drop a run is, from what was landed."""
    ((landed,),) = connection.execute("SELECT sha256 FROM raw.extract").fetchall()
    return {MIGRATION: migration_name(connection), DROP: drop_of(folder, landed)}


def tag_run(context: dg.AssetExecutionContext, tags: Mapping[str, str]) -> None:
    """Give the run of a step tags."""
    context.instance.add_run_tags(context.run.run_id, dict(tags))


def tag_ended(instance: dg.DagsterInstance, run_id: str) -> None:
    """Give a run that ended before anybody judged it the verdict of a failed or stopped one, and its counts."""
    run = instance.get_run_by_id(run_id)
    verdict = _UNJUDGED.get(run.status) if run is not None else None
    if run is not None and verdict is not None and VERDICT not in run.tags:
        instance.add_run_tags(run_id, {VERDICT: verdict, **counts_of(_written(instance, run_id))})


_UNJUDGED = {dg.DagsterRunStatus.FAILURE: FAILED, dg.DagsterRunStatus.CANCELED: STOPPED}


def _written(instance: dg.DagsterInstance, run_id: str) -> dict[str, int]:
    """Return what the load steps that ended say of their records, summed."""
    found = dict.fromkeys(WRITTEN, 0)
    records = instance.get_records_for_run(run_id, of_type=dg.DagsterEventType.ASSET_MATERIALIZATION).records
    for made in filter(None, (record.event_log_entry.asset_materialization for record in records)):
        for name in WRITTEN:
            value = made.metadata.get(name)
            if made.asset_key.path[0] == "intercom" and isinstance(value, dg.IntMetadataValue):
                found[name] += value.value or 0
    return found
