"""The end of a run: the verdict from the warehouse, written as certificate.json and report.html."""

from collections import Counter
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from migration_assets.accounting.all_runs import CertifiedRun, History, all_runs
from migration_assets.accounting.certificate import (
    Calls,
    Certificate,
    Migration,
    VerdictWord,
    in_load_order,
    write_certificate,
)
from migration_assets.accounting.codes import FindingCode
from migration_assets.accounting.doubts import write_list
from migration_assets.accounting.sections import CertifiedFile, Decision, DeletedInSource
from migration_assets.ground import lists
from migration_assets.handoff.certificate_page import write_certificate_page
from migration_assets.handoff.decisions import decide_what_was_decided
from migration_assets.handoff.evidence import Evidence, gather
from migration_assets.handoff.report import write_report
from migration_assets.handoff.run_verdict import decide_verdict
from migration_assets.handoff.spot_book import spot_check_of
from migration_assets.handoff.verified import verification, verified_fields
from migration_assets.handoff.whole import reconcile_whole
from migration_assets.objects.registry import plurals
from schemas.mapping import Mapping

CERTIFICATE, REPORT = "certificate.json", "report.html"

MERGED_VALUES = "merged_values.csv"
"""The file in the folder of rejected rows that has what gave way in a merge, with both values."""
GIVEN_WAY = (
    f"SELECT object, key, message FROM in_target_findings WHERE code = '{FindingCode.MERGED_VALUE_LEFT}' ORDER BY ALL"
)

Options = AnyMapping[str, Any]


@dataclass(frozen=True)
class Ended:
    """What only the run itself knows about its end.

    `calls` is the client's call log (`CallLog.snapshot()`). `notifications_sent` (to contacts) and
    `teammates_counted` are None where the workspace does not tell. `unfinished` names the journal objects whose load
    step is known to have stopped early. `mapping` and `options` are what people decided, for the certificate. `history`
    is what the journal knows of all runs; None: the certificate says nothing of them.
    `folders` are what commands repeat of the run's folders (`complete_commands.folders_of`).
    """

    migration: Migration
    calls: Options
    notifications_sent: int | None
    unfinished: list[str] = field(default_factory=list)
    teammates_counted: int | None = None
    mapping: Mapping | None = None
    options: Options = field(default_factory=dict)
    job: str = ""
    history: History | None = None
    folders: AnyMapping[str, str] = field(default_factory=dict)


def write_handoff(connection: duckdb.DuckDBPyConnection, ended: Ended, folder: Path, rejects: Path) -> Certificate:
    """Count, judge, and write certificate.json and report.html into `folder`.

    `plan.journal` must have been refreshed after the load. `rejects` is the folder of rejects/<object>.csv, to
    which the report links.
    """
    evidence = gather(
        connection,
        limited=ended.migration.limit is not None,
        notifications_sent=ended.notifications_sent,
        teammates_counted=ended.teammates_counted,
        unfinished=ended.unfinished,
        calls=ended.calls,
        mapping=ended.mapping,
    )
    write_list(connection, rejects)
    lists.write_list(connection, rejects / MERGED_VALUES, GIVEN_WAY)
    certificate = certify(ended, evidence)
    reconcile_whole(connection, evidence, folder)
    write_report(folder / REPORT, certificate, evidence, rejects, ended.folders)
    # Last, so that a certificate is never newer than the report that explains it.
    return issue(folder, certificate)


def issue(folder: Path, certificate: Certificate) -> Certificate:
    """Write certificate.html and certificate.json, with the spot check as it stands, and return the certificate."""
    about = certificate.migration
    seen = spot_check_of(folder, about.source_instance, about.workspace.id)
    checked = certificate.model_copy(update={"spot_check": seen})
    write_certificate_page(folder, checked)
    write_certificate(folder / CERTIFICATE, checked)
    return checked


def certify(ended: Ended, evidence: Evidence) -> Certificate:
    """Return the certificate of a run that ended so, with that evidence."""
    verdict = decide_verdict(evidence)
    return Certificate(
        migration=ended.migration,
        files=[
            CertifiedFile(file=row["file"], object=row["object"], rows=row["records"] or 0, sha256=row["sha256"])
            for row in evidence.files
        ],
        source=evidence.source,
        intercom={plurals().get(name, name): counts for name, counts in evidence.intercom.items()},
        sweep=evidence.sweep,
        decisions=decisions(ended, evidence),
        gone=deleted_in_source(evidence),
        calls=Calls(**{name: ended.calls[name] for name in Calls.model_fields}),
        all_runs=None if ended.history is None else all_runs(ended.history, this_run(ended, verdict.verdict)),
        notifications_sent=ended.notifications_sent,
        teammate_notifications=evidence.teammates,
        fields=verified_fields(evidence),
        verification=verification(evidence),
        verdict=verdict.verdict,
        reasons=verdict.reasons,
    )


def this_run(ended: Ended, verdict: VerdictWord) -> CertifiedRun:
    """Return what a run that has just ended says of itself, but for what it did, which the journal counts."""
    about = ended.migration
    return CertifiedRun(
        run_id=about.run_id,
        job=ended.job or "load",
        started_at=about.started_at,
        seconds=round(max(0.0, (about.ended_at - about.started_at).total_seconds()), 3),
        calls=ended.calls["total"],
        writes=ended.calls["writes"],
        verdict=verdict,
    )


def deleted_in_source(evidence: Evidence) -> list[DeletedInSource]:
    """Return how many records of each object are gone from the extract, by what became of them."""
    sums: Counter[tuple[str, str]] = Counter()
    for row in evidence.deleted_in_source:
        sums[row["object"], row["fate"]] += row["records"]
    order = in_load_order({name for name, _ in sums})
    return [
        DeletedInSource(object=plurals().get(name, name), fate=fate, records=sums[name, fate])
        for name, fate in sorted(sums, key=lambda item: (order.index(item[0]), item[1]))
    ]


def decisions(ended: Ended, evidence: Evidence) -> list[Decision]:
    """Return what people decided, as far as it is known how the run was started."""
    return decide_what_was_decided(ended.mapping, ended.options, evidence) if ended.mapping is not None else []


def read_certificate(folder: Path) -> Certificate | None:
    """Return the certificate in `folder`, or None where no run has ended yet.

    Raises:
        pydantic.ValidationError: the file is there, but is not a certificate of this version.
    """
    path = folder / CERTIFICATE
    return Certificate.model_validate_json(path.read_text(encoding="utf-8")) if path.is_file() else None
