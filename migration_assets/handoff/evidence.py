"""Everything the verdict and the report are made from, read out of the warehouse once, as plain rows."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from migration_assets.accounting.certificate import (
    IntercomCounts,
    SourceCounts,
    SweepCounts,
    TeammateNotifications,
    in_load_order,
)
from migration_assets.accounting.codes import RowCode
from migration_assets.accounting.doubts import Weighed, weigh
from migration_assets.accounting.open_answers import view_open_answers
from migration_assets.accounting.outcomes import count_outcomes
from migration_assets.writing.answers import is_accepted
from resources.warehouse import fetch_frame, table_exists
from schemas.doubt_kind import DoubtState
from schemas.mapping import Mapping as CustomerMapping
from schemas.mapping_settings import MigrationSettings

VIEWS = Path(__file__).with_name("evidence.sql").read_text(encoding="utf-8")

TABLES: tuple[str, ...] = (
    *("files", "quarantine", "fates", "failures", "failed_rows", "deleted_in_intercom", "queue", "held", "changed"),
    *("unmapped", "findings", "actions", "months", "waiting", "strays", "edits", "answers", "merged", "fallbacks"),
    *("fields", "explained", "differences", "touches", "verification", "deleted_in_source", "left_out"),
    *("unnamed_files", "profile"),
)

FAILED_SHARE: float = MigrationSettings.model_fields["failed_share"].default
"""The share of failed records that is no failed run, where no mapping says another."""

COMPARED = ("changed", "deleted_in_source")
"""What compares the drop with what was loaded: where a doubt stops the run, nobody should act on it."""

Row = dict[str, Any]
Counts = dict[str, int]


@dataclass(frozen=True)
class Evidence:
    """What is known at the end of a run. Tables are lists of rows, the names of views in evidence.sql.

    `unfinished` names the load steps that did not run to their end. `notifications_sent` is None where the
    workspace does not tell; so is what was counted of `teammates`. `sweep` is None where the run came to none.
    """

    source: dict[str, SourceCounts] = field(default_factory=dict)
    intercom: dict[str, IntercomCounts] = field(default_factory=dict)
    unfinished: list[str] = field(default_factory=list)
    notifications_sent: int | None = 0
    teammates: TeammateNotifications = field(default_factory=TeammateNotifications)
    sweep: SweepCounts | None = None
    calls: Mapping[str, Any] = field(default_factory=dict)
    extract: Row = field(default_factory=dict)
    files: list[Row] = field(default_factory=list)
    quarantine: list[Row] = field(default_factory=list)
    fates: list[Row] = field(default_factory=list)
    failures: list[Row] = field(default_factory=list)
    failed_rows: list[Row] = field(default_factory=list)
    deleted_in_intercom: list[Row] = field(default_factory=list)
    queue: list[Row] = field(default_factory=list)
    held: list[Row] = field(default_factory=list)
    changed: list[Row] = field(default_factory=list)
    deleted_in_source: list[Row] = field(default_factory=list)
    unmapped: list[Row] = field(default_factory=list)
    findings: list[Row] = field(default_factory=list)
    actions: list[Row] = field(default_factory=list)
    months: list[Row] = field(default_factory=list)
    waiting: list[Row] = field(default_factory=list)
    strays: list[Row] = field(default_factory=list)
    edits: list[Row] = field(default_factory=list)
    answers: list[Row] = field(default_factory=list)
    merged: list[Row] = field(default_factory=list)
    fallbacks: list[Row] = field(default_factory=list)
    fields: list[Row] = field(default_factory=list)
    explained: list[Row] = field(default_factory=list)
    differences: list[Row] = field(default_factory=list)
    touches: list[Row] = field(default_factory=list)
    verification: list[Row] = field(default_factory=list)
    left_out: list[Row] = field(default_factory=list)
    unnamed_files: list[Row] = field(default_factory=list)
    profile: list[Row] = field(default_factory=list)
    doubts: list[Weighed] = field(default_factory=list)
    accepted_answers: frozenset[str] = frozenset()
    failed_share: float = FAILED_SHARE

    def unaccounted(self) -> Counts:
        """Rows by object that have no fate, or two."""
        return _sums(row for row in self.fates if row["fate"] == "unaccounted")

    def unsent(self) -> Counts:
        """Failed rows by object that Intercom never saw, because the run ended before their turn."""
        return _sums(row for row in self.failed_rows if row["code"] == RowCode.NOT_SENT)

    def waiting_for(self, wait: RowCode) -> Counts:
        """Skipped rows by object that wait for something."""
        return _sums(row for row in self.waiting if row["wait"] == wait)

    def verified_as(self, status: str) -> Counts:
        """Fields by object that verification found different, or could not verify."""
        counts: Counts = {}
        for row in self.fields:
            if row[status]:
                counts[row["object"]] = counts.get(row["object"], 0) + row[status]
        return counts

    def failing(self) -> Counts:
        """Records by object that failed, where they are more than the share; what people deleted there is none."""
        deleted = _sums(self.deleted_in_intercom)
        failed = {name: load.failed - deleted.get(name, 0) for name, load in self.intercom.items()}
        return {
            name: number for name, number in failed.items() if number > self.failed_share * self.intercom[name].planned
        }

    def open_doubts(self) -> list[Weighed]:
        """The doubts that no person has accepted."""
        return [one for one in self.doubts if one.state is not DoubtState.ACCEPTED]

    def open_answers(self) -> list[Row]:
        """The fields that Intercom shows otherwise than they were sent, and that no person has accepted."""
        still = [row for row in self.answers if row["open"]]
        return [row for row in still if not is_accepted(self.accepted_answers, row["object"], row["field"])]

    def faults(self, severity: str) -> list[Row]:
        """The rules that held rows back (severity row), or dropped a value (severity value)."""
        return [row for row in self.quarantine if row["severity"] == severity]


def _sums(rows: Any) -> Counts:  # noqa: ANN401 - any iterable of rows
    sums: Counts = {}
    for row in rows:
        sums[row["object"]] = sums.get(row["object"], 0) + row["rows"]
    return sums


def found_before_a_plan(
    connection: duckdb.DuckDBPyConnection, mapping: CustomerMapping, done: Collection[str]
) -> Evidence:
    """Return what is known of a run that ended before it had a plan: doubts, and values that the mapping lacks.

    Args:
        connection: the warehouse.
        mapping: the mapping that the run used.
        done: the assets that this run has made; what others hold is from an earlier run.
    """
    doubts = [one for step in sorted(done) for one in weigh(connection, mapping, step)]
    columns = 'object, "column", value, rows, file, line'
    query = f"SELECT {columns} FROM clean.unmapped WHERE 'clean/' || object IN (SELECT unnest(?))"
    there = table_exists(connection, "clean.unmapped")
    unmapped = fetch_frame(connection, query, [list(done)]).to_dicts() if there else []
    return Evidence(doubts=doubts, unmapped=unmapped)


def gather(
    connection: duckdb.DuckDBPyConnection,
    *,
    limited: bool,
    notifications_sent: int | None,
    teammates_counted: int | None = None,
    unfinished: list[str] | None = None,
    calls: Mapping[str, Any] | None = None,
    mapping: CustomerMapping | None = None,
) -> Evidence:
    """Count the outcomes anew (`verdict.source_rows`, `verdict.source`) and read everything else.

    Args:
        connection: the warehouse, with `plan.journal` as it is after the load.
        limited: the run had a limit of tickets.
        notifications_sent: to contacts, as the workspace counted them; None if it does not.
        teammates_counted: notifications to teammates in this run; None if the workspace does not count.
        unfinished: objects whose load step stopped early; those that left no numbers are added.
        calls: the client's call log, which the report shows.
        mapping: the mapping that the run used, which says what doubts a person has accepted; without it, none.
    """
    source = count_outcomes(connection, limited=limited)
    view_open_answers(connection)
    connection.execute(VIEWS)

    def rows(view: str) -> list[Row]:
        return fetch_frame(connection, f"SELECT * FROM {view}").to_dicts()

    loads = {row.pop("object"): row for row in rows("see_loads")}
    stopped = {*(unfinished or []), *(row["object"] for row in rows("see_unfinished"))}
    extract = rows("in_raw_extract")
    swept = rows("see_sweep")
    said = sum(row["number"] for row in rows("in_plan_teammate_notice"))
    doubts = weigh(connection, mapping)
    untold = COMPARED if any(one.state is DoubtState.STOPS for one in doubts) else ()
    return Evidence(
        source=source,
        intercom={name: IntercomCounts(**loads[name]) for name in in_load_order(loads)},
        unfinished=in_load_order(stopped),
        notifications_sent=notifications_sent,
        teammates=TeammateNotifications(said=said, counted=teammates_counted),
        sweep=SweepCounts(**{name: swept[0][name] for name in SweepCounts.model_fields}) if swept else None,
        calls=calls or {},
        extract=extract[0] if extract else {},
        doubts=doubts,
        accepted_answers=frozenset(mapping.accepted_answers) if mapping else frozenset(),
        failed_share=mapping.settings.failed_share if mapping else FAILED_SHARE,
        **{name: [] if name in untold else rows(f"see_{name}") for name in TABLES},
    )
