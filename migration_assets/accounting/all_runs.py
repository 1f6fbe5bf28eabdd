"""All runs of a migration: what each came to and the sums, for the certificate, which is about more than the last run.

They come from the journal, so that they are the same after a new warehouse.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from pydantic import Field

from migration_assets.accounting.sections import Section
from migration_assets.objects.registry import declarations, plurals
from resources.journal import NO_RUNS, Journal

WORK = ("created", "updated", "appended", "taken_back")


class WorkDone(Section):
    """What was done with records in Intercom; what has been taken back since is in `created` all the same."""

    created: int = 0
    updated: int = 0
    appended: int = Field(default=0, description="Records of parts, as messages, added to a record of an earlier run.")
    taken_back: int = Field(default=0, description="By a rollback.")


class CertifiedRun(WorkDone):
    """One run that came to its first write, or to reading back; what ended before did nothing in Intercom."""

    run_id: str
    job: str = Field(description="The job, as migrate or cutover; of a run that has not ended: load, verify, rollback.")
    started_at: datetime = Field(description="When it came to Intercom's records, with time zone.")
    seconds: float | None = Field(default=None, description="null: the run is of an older version of the program.")
    calls: int | None = Field(default=None, description="To Intercom; null as before.")
    writes: int | None = Field(default=None, description="The calls that may have changed something; null as before.")
    verdict: str | None = Field(default=None, description="null: the run ended without a certificate.")


class Totals(WorkDone):
    """The sums over all runs."""

    runs: int = 0
    seconds: float = 0.0
    calls: int = 0
    writes: int = 0
    not_counted: int = Field(default=0, description="Runs of older versions, of which calls and time are not known.")


class AllRuns(Section):
    """All runs of the migration until this one, the oldest first, and their sums."""

    total: Totals
    runs: list[CertifiedRun]
    objects: dict[str, WorkDone] = Field(description="The sums by Intercom object; what has no writes is not in it.")


@dataclass(frozen=True)
class History:
    """What the journal knows: the runs, the oldest first, and what was done by Intercom object."""

    runs: list[CertifiedRun] = field(default_factory=list)
    objects: dict[str, WorkDone] = field(default_factory=dict)


def read_history(journal: Journal) -> History:
    """Return what the journal knows of all runs of its migration."""
    parts = {name: item for name, item in declarations().items() if item.part_of}
    wholes, inside = (
        {name: item.part_of for name, item in parts.items() if item.part_of and item.has_rows is rows}
        for rows in (True, False)
    )
    return history_of(journal.runs().to_dicts(), journal.run_figures(wholes, inside).to_dicts())


def history_of(runs: Iterable[Mapping[str, Any]], figures: Iterable[Mapping[str, Any]]) -> History:
    """Return the history, given the journal's runs and what each did by object."""
    by_run: dict[str, WorkDone] = {}
    by_object: dict[str, WorkDone] = {}
    for row in figures:
        done, name = WorkDone(**{key: row[key] for key in WORK}), plurals().get(row["object"], row["object"])
        by_run[row["run_id"]] = _added(by_run.get(row["run_id"], WorkDone()), done)
        by_object[name] = _added(by_object.get(name, WorkDone()), done)
    known = [_run(row, by_run.get(row["run_id"], WorkDone())) for row in runs if row["kind"] not in NO_RUNS]
    return History(known, {name: by_object[name] for name in _ordered(by_object)})


def all_runs(history: History, this: CertifiedRun) -> AllRuns:
    """Return all runs with their sums; `this` one, which has just ended, is told of as it knows itself."""
    done = {run.run_id: run for run in history.runs}.get(this.run_id, this)
    current = this.model_copy(update={name: getattr(done, name) for name in (*WORK, "started_at")})
    runs = [*(run for run in history.runs if run.run_id != this.run_id), current]
    return AllRuns(total=totals(runs), runs=runs, objects=history.objects)


def totals(runs: list[CertifiedRun]) -> Totals:
    """Return the sums; calls and time of runs that did not note them are not in it, but are counted as such."""
    numbers = {name: sum(getattr(run, name) or 0 for run in runs) for name in (*WORK, "seconds", "calls", "writes")}
    numbers["seconds"] = round(numbers["seconds"], 3)
    return Totals(runs=len(runs), not_counted=sum(run.calls is None for run in runs), **numbers)


def _run(row: Mapping[str, Any], done: WorkDone) -> CertifiedRun:
    seconds = row["seconds"]
    return CertifiedRun(
        run_id=row["run_id"],
        job=row["job"] or ("cutover" if row["frozen_at"] is not None else row["kind"]),
        started_at=datetime.fromtimestamp(row["started"], UTC),
        seconds=None if seconds is None else round(max(0.0, seconds), 3),
        calls=row["calls"],
        writes=row["call_writes"],
        verdict=row["verdict"],
        **done.model_dump(),
    )


def _added(one: WorkDone, other: WorkDone) -> WorkDone:
    return WorkDone(**{name: getattr(one, name) + getattr(other, name) for name in WORK})


def _ordered(names: Iterable[str]) -> list[str]:
    known = list(plurals().values())
    return sorted(names, key=lambda name: (known.index(name) if name in known else len(known), name))
