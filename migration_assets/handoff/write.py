"""The end of a run: the verdict from the warehouse, written as certificate.json and report.html."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from migration_assets.handoff.certificate import PLURALS, Calls, Certificate, Migration, write_certificate
from migration_assets.handoff.evidence import Evidence, gather
from migration_assets.handoff.judge import judge
from migration_assets.handoff.reconciliation.page import reconcile_whole
from migration_assets.handoff.report import write_report

CERTIFICATE, REPORT = "certificate.json", "report.html"


@dataclass(frozen=True)
class Ended:
    """What only the run itself knows about its end.

    `calls` is the client's call log (`CallLog.snapshot()`). `notifications_sent` (to contacts) and
    `teammates_counted` are None where the workspace does not tell. `unfinished` names the journal objects whose load
    step is known to have stopped early.
    """

    migration: Migration
    calls: Mapping[str, Any]
    notifications_sent: int | None
    unfinished: list[str] = field(default_factory=list)
    teammates_counted: int | None = None


def write_handoff(connection: duckdb.DuckDBPyConnection, ended: Ended, folder: Path, rejects: Path) -> Certificate:
    """Count, judge, and write certificate.json and report.html into `folder`.

    `plan.journal` must have been refreshed after the load. `rejects` is the folder of rejects/<object>.csv, to
    which the report links.
    """
    evidence = gather(
        connection,
        dry_run=ended.migration.dry_run,
        limited=ended.migration.limit is not None,
        notifications_sent=ended.notifications_sent,
        teammates_counted=ended.teammates_counted,
        unfinished=ended.unfinished,
        calls=ended.calls,
    )
    certificate = certify(ended, evidence)
    reconcile_whole(connection, evidence, folder)
    write_report(folder / REPORT, certificate, evidence, rejects)
    # Last, so that a certificate is never newer than the report that explains it.
    write_certificate(folder / CERTIFICATE, certificate)
    return certificate


def certify(ended: Ended, evidence: Evidence) -> Certificate:
    """Return the certificate of a run that ended so, with that evidence."""
    verdict = judge(evidence)
    return Certificate(
        migration=ended.migration,
        source=evidence.source,
        intercom={PLURALS.get(name, name): counts for name, counts in evidence.intercom.items()},
        sweep=evidence.sweep,
        calls=Calls(**{name: ended.calls[name] for name in Calls.model_fields}),
        notifications_sent=ended.notifications_sent,
        teammate_notifications=evidence.teammates,
        verdict=verdict.verdict,
        reasons=verdict.reasons,
    )


def read_certificate(folder: Path) -> Certificate | None:
    """Return the certificate in `folder`, or None where no run has ended yet.

    Raises:
        pydantic.ValidationError: the file is there, but is not a certificate of this version.
    """
    path = folder / CERTIFICATE
    return Certificate.model_validate_json(path.read_text(encoding="utf-8")) if path.is_file() else None
