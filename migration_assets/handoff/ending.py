"""Ends a run: reads the journal's last news, judges, and writes the certificate and the report.

One path for every ending. A run that never came to a plan has no numbers of its own, so it gets a certificate
that says why, and nothing from an earlier run.
"""

import hashlib
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from migration_assets.accounting.all_runs import read_history
from migration_assets.accounting.certificate import (
    Calls,
    Certificate,
    CertifiedWorkspace,
    Migration,
    code_version,
    library_versions,
)
from migration_assets.ground.migration_name import INTO, migration_name
from migration_assets.ground.run_tags import drop_of, tags_of
from migration_assets.handoff.evidence import found_before_a_plan
from migration_assets.handoff.report import write_report
from migration_assets.handoff.write import REPORT, Ended, issue, write_handoff
from migration_assets.plan.journal_state import import_journal
from migration_assets.plan.plan_options import PlanOptions
from resources.complete_commands import folders
from resources.journal import JournalError
from resources.journal.run_figures import CallsMade
from resources.migration_run import MigrationRun
from resources.warehouse import fetch_frame, table_exists

UNKNOWN = "unknown"


@dataclass(frozen=True)
class Ending:
    """What is needed to end a run: what it works with, when it began, and its job's name; a selection has none."""

    run: MigrationRun
    started_at: datetime
    job: str = ""

    @property
    def folder(self) -> Path:
        """The state folder, which gets certificate.json and report.html."""
        return Path(self.run.workspace.state)

    @property
    def typed(self) -> dict[str, str]:
        """What commands must repeat of the run's folders."""
        return folders(extract=Path(self.run.drop.extract), map=Path(self.run.drop.mapping), state=self.folder)


def end_run(ending: Ending, *, notifications_sent: int | None) -> Certificate:
    """Write the certificate and the report of a run that came to a plan, and return the certificate."""
    with ending.run.warehouse.connect() as connection:
        name = migration_name(connection)
        with ending.run.journal.reading(name) as journal:
            import_journal(connection, journal)
            history = read_history(journal)
        ended = Ended(
            migration=describe(ending, connection),
            calls=ending.run.workspace.calls.snapshot(),
            notifications_sent=notifications_sent,
            teammates_counted=ending.run.workspace.notifications_to_teammates(),
            mapping=ending.run.drop.load_mapping(),
            options=ending.run.options.model_dump(exclude_defaults=True),
            job=ending.job,
            history=history,
            folders=ending.typed,
        )
        certificate = write_handoff(connection, ended, ending.folder, ending.run.drop.rejects_path)
    _note(ending, name, certificate)
    return certificate


def _note(ending: Ending, name: str, certificate: Certificate) -> None:
    """Note in the journal what the run came to, for the certificates of later runs."""
    if certificate.all_runs is None:
        return
    this = certificate.all_runs.runs[-1]
    calls: CallsMade = {"total": this.calls or 0, "writes": this.writes or 0}
    # What the certificate says does not depend on it: where it fails, a later one lacks this run's verdict.
    with suppress(JournalError), ending.run.journal.reading(name) as journal:
        journal.note_end(this.run_id, calls, this.seconds or 0.0, job=this.job, verdict=certificate.verdict)


def end_without_plan(ending: Ending, reasons: list[str], done: Collection[str]) -> Certificate:
    """Write a certificate and a report for a run that failed before it had a plan: nothing was written.

    Args:
        ending: what the run worked with.
        reasons: why it failed.
        done: the assets that it has made, as "clean/tickets": only of those is the warehouse its own.
    """
    calls: Mapping[str, Any] = ending.run.workspace.calls.snapshot()
    certificate = Certificate(
        migration=describe(ending, None),
        source={},
        intercom={},
        calls=Calls(**{name: calls[name] for name in Calls.model_fields}),
        notifications_sent=0,
        verdict="failed",
        reasons=reasons,
    )
    with ending.run.warehouse.connect() as connection:
        found = found_before_a_plan(connection, ending.run.drop.load_mapping(), done)
    write_report(ending.folder / REPORT, certificate, found, ending.run.drop.rejects_path, ending.typed)
    return issue(ending.folder, certificate)


def differing(certificate: Certificate) -> int:
    """Return how many fields and records a verification has found that are not as they should be."""
    fields = sum(counts.different for found in certificate.fields.values() for counts in found.values())
    swept = certificate.sweep
    return fields + (swept.missing + swept.orphaned + swept.left if swept is not None else 0)


def run_tags(certificate: Certificate, drop: Path) -> dict[str, str]:
    """Return the tags that the run has in the list of runs, from its certificate and the drop's folder."""
    of = certificate.migration
    sums = {
        fate: sum(getattr(counts, fate) for counts in certificate.source.values())
        for fate in ("rows", "loaded", "quarantined", "failed")
    }
    known = UNKNOWN not in (of.source_instance, of.workspace.id)
    return tags_of(
        certificate.verdict,
        f"{of.source_instance}{INTO}{of.workspace.id}" if known else None,
        drop_of(drop, of.extract_sha256) if of.extract_sha256 != UNKNOWN else None,
        {**sums, "differing": differing(certificate)},
    )


def describe(ending: Ending, connection: duckdb.DuckDBPyConnection | None) -> Migration:
    """Return which migration this was; without a connection, only what is known without the warehouse."""
    options = ending.run.options
    settings = ending.run.drop.load_mapping().settings
    extract = _first_row(connection, "raw.extract")
    workspace = _first_row(connection, "observed.workspace")
    return Migration(
        source_instance=extract.get("source_instance") or UNKNOWN,
        workspace=CertifiedWorkspace(
            id=workspace.get("app_id") or UNKNOWN,
            name=workspace.get("name") or UNKNOWN,
            region=workspace.get("region") or UNKNOWN,
        ),
        target="embedded" if ending.run.workspace.embedded else "intercom",
        route=PlanOptions.of(settings, run_id=ending.run.run_id, route=options.route).route,
        run_id=ending.run.run_id,
        started_at=ending.started_at,
        ended_at=datetime.now(UTC),
        extract_sha256=extract.get("sha256") or UNKNOWN,
        mapping_sha256=hashlib.sha256(Path(ending.run.drop.mapping).read_bytes()).hexdigest(),
        code_version=code_version(),
        libraries=library_versions(),
        limit=options.limit,
    )


def _first_row(connection: duckdb.DuckDBPyConnection | None, table: str) -> dict[str, Any]:
    if connection is None or not table_exists(connection, table):
        return {}
    rows = fetch_frame(connection, f"SELECT * FROM {table}").to_dicts()
    return rows[0] if rows else {}
