"""What a rollback came to: rollback.json for machines, rollback.html for people; the same numbers in both."""

from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal

import duckdb
from pydantic import Field

from migration_assets.accounting.certificate import Calls, CertifiedWorkspace, Section, code_version
from migration_assets.accounting.nouns import noun
from migration_assets.accounting.pages import fill, read_shown, write_page
from migration_assets.ground.lists import write_list
from migration_assets.objects.touch_list import open_kinds
from migration_assets.rollback.probe_records import about_probe
from migration_assets.undoing.fates import Counts, UndoFate, count
from resources.warehouse import fetch_frame
from resources.wording import listed, number

HTML = "rollback.html"
TEMPLATE = Path(__file__).with_name("rollback.html.jinja")
LISTED = 10_000
"""Records that a list of rollback.json names at most; all are in lists/rollback.csv."""
SHOWN = 500
"""Records that a list of the page shows."""


class MarkerFate(StrEnum):
    """What becomes of the company by which the workspace says who writes to it."""

    REMOVED = "removed"
    STAYS = "stays"
    WOULD_GO = "would be removed if nothing remains"


class RecordLine(Section):
    """One record and why it is where it is."""

    object: str
    source_key: str
    intercom_id: str | None
    fate: str
    reason: str | None


class RecordListing(Section):
    """Records of one kind, the first of them by name."""

    records: int
    lines: list[RecordLine]


class ProbeRecords(Section):
    """What a probe that came to no end had left in the workspace, in records, and what of it stays."""

    left: int = 0
    stay: int = 0


class RollbackReport(Section):
    """The whole of rollback.json."""

    migration: str = Field(description="The journal's name of the migration.")
    workspace: CertifiedWorkspace
    target: Literal["embedded", "intercom"]
    scope: str
    run_id: str
    dry_run: bool = Field(description="Whether nothing was sent, and the numbers are what would become of the records.")
    started_at: datetime
    ended_at: datetime
    code_version: str
    objects: dict[str, Counts]
    remaining: RecordListing
    archived: RecordListing
    marker: MarkerFate = Field(description="What became of the workspace's marker, a company of the migration's own.")
    probe: ProbeRecords = Field(default=ProbeRecords(), description="Records that a probe had left before it.")
    calls: Calls
    calls_to_undo: int | None = Field(
        default=None, description="Of a rollback that was only looked at: the calls that carrying it out takes at most."
    )
    seconds_to_undo: float | None = Field(
        default=None, description="The seconds that those calls take at the pace that the workspace grants."
    )
    notifications_sent: int | None = Field(description="To contacts; null where the workspace does not tell.")
    verdict: Literal["complete", "partial", "failed"]
    reasons: list[str]

    @property
    def total(self) -> Counts:
        """The sums over all objects."""
        return Counts(
            **{name: sum(getattr(item, name) for item in self.objects.values()) for name in Counts.model_fields}
        )


LINES = """
SELECT object, source_key, intercom_id, CASE WHEN still_there THEN 'still there' ELSE fate END AS fate, reason
FROM {table} ORDER BY object, source_key LIMIT {limit}
"""


def gather(
    connection: duckdb.DuckDBPyConnection,
    *,
    embedded: bool,
    calls: Calls,
    notifications_sent: int | None,
    said: list[str],
) -> RollbackReport:
    """Return the report from `rollback.about`, `rollback.fates` and `rollback.remaining`.

    Args:
        connection: the warehouse.
        embedded: whether the target is the embedded workspace.
        calls: the run's calls.
        notifications_sent: to contacts, by the workspace.
        said: sentences of the steps and checks that failed.
    """
    about = fetch_frame(connection, "SELECT * FROM rollback.about").to_dicts()[0]
    objects = count(connection)
    remaining = _listing(connection, "rollback.remaining")
    probe = ProbeRecords(left=about["probe_left"], stay=about["probe_stays"])
    stays = remaining.records or (probe.stay and about["whole"] and not about["dry"])
    verdict: Literal["complete", "partial", "failed"] = "partial" if stays else "complete"
    about_it = about_probe(probe.left, probe.stay, dry=about["dry"], whole=about["whole"])
    return RollbackReport(
        migration=about["migration"],
        workspace=CertifiedWorkspace(id=about["app_id"], name=about["workspace"], region=about["region"]),
        target="embedded" if embedded else "intercom",
        scope=about["scope"],
        run_id=about["run_id"],
        dry_run=about["dry"],
        started_at=about["started_at"].astimezone(UTC),
        ended_at=datetime.now(UTC),
        code_version=code_version(),
        objects=objects,
        remaining=remaining,
        marker=MarkerFate(about["marker"]),
        archived=_listing(connection, "(SELECT * FROM rollback.fates WHERE fate = 'archived' AND NOT still_there)"),
        calls=calls,
        notifications_sent=notifications_sent,
        verdict="failed" if said else verdict,
        probe=probe,
        reasons=[*said, *reasons(objects, dry=about["dry"]), *about_it],
    )


def _listing(connection: duckdb.DuckDBPyConnection, table: str) -> RecordListing:
    ((records,),) = connection.execute(f"SELECT count(*) FROM {table}").fetchall()
    rows = fetch_frame(connection, LINES.format(table=table, limit=LISTED)).to_dicts()
    return RecordListing(records=records, lines=[RecordLine(**row) for row in rows])


WORDS = {
    "refused": "left alone, because they were changed since or hang on something that stays",
    "failed": "refused by Intercom, or without a clear answer: run again",
    "unreached": "not reached: run again to go on",
    "unknown": "perhaps in Intercom: `make migrate` looks them up, then roll back again",
    "keep": "later changes, which cannot be taken back by themselves",
    "still_there": "still shown by Intercom after they were undone",
    "archived": "archived, because Intercom cannot delete them: a new migration uses them again",
}


def reasons(objects: dict[str, Counts], *, dry: bool) -> list[str]:
    """Return a sentence for each thing that a person must know beside the numbers."""
    sentences = []
    for fate, words in WORDS.items():
        found = {name: getattr(counts, fate) for name, counts in objects.items() if getattr(counts, fate)}
        if found:
            which = listed([f"{number(value)} of {noun(name)}" for name, value in found.items()])
            sentences.append(f"{which}: {'would be ' if dry and fate in ('refused', 'archived') else ''}{words}.")
    return sentences


def write_fates(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Write the fate of every record into lists/rollback.csv, with the kind of touch of one that was left for it."""
    open_kinds(connection)
    query = """
    SELECT f.object, f.source_key AS itco_id, f.intercom_id, f.fate, k.kind, f.reason
    FROM rollback.fates f LEFT JOIN touch_kinds k ON f.fate = 'refused' AND k.code = f.refusal
    ORDER BY f.object, f.source_key
    """
    write_list(connection, folder / "lists" / "rollback.csv", query)


def write_report(folder: Path, report: RollbackReport) -> None:
    """Write rollback.html and rollback.json into `folder`, the second last."""
    write_page(folder / HTML, render(report), report)


def read_report(folder: Path) -> RollbackReport | None:
    """Return the report of the last rollback, or None."""
    return read_shown(folder / HTML, RollbackReport)


def render(report: RollbackReport) -> str:
    """Return the page; every value is escaped, there is no script, and it loads nothing."""
    content: dict[str, Any] = {
        "r": report,
        "listed": SHOWN,
        "columns": [fate for fate in (*UndoFate, "still_there") if getattr(report.total, fate)],
        "seconds": (report.ended_at - report.started_at).total_seconds(),
    }
    return fill(TEMPLATE, content)
