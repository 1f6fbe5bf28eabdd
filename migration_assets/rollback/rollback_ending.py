"""The report of a rollback from the warehouse and what the run called, however it ended."""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from migration_assets.accounting.certificate import Calls
from migration_assets.rollback.rollback_report import RollbackReport, gather, write_fates, write_report
from resources.intercom.estimate import estimate_seconds
from resources.workspace import IntercomWorkspace


def end_rollback(
    connection: duckdb.DuckDBPyConnection, workspace: IntercomWorkspace, folder: Path, said: Sequence[str] = ()
) -> RollbackReport:
    """Write rollback.html, rollback.json and lists/rollback.csv into `folder`, and return the report.

    Args:
        connection: the warehouse, with the plan of the rollback and what became of it.
        workspace: what the run called.
        folder: the state folder.
        said: sentences of the steps and checks that failed.
    """
    calls = workspace.calls.snapshot()
    report = gather(
        connection,
        embedded=workspace.embedded,
        calls=Calls(**{name: calls[name] for name in Calls.model_fields}),  # type: ignore[literal-required]
        notifications_sent=workspace.notifications_to_contacts(),
        said=list(said),
    )
    if report.dry_run:
        to_undo = calls_to_undo(report)
        seconds = estimate_seconds(
            to_undo, workspace.calls_per_window, workspace.rate_share, workspace.calls_per_minute
        )
        report = report.model_copy(update={"calls_to_undo": to_undo, "seconds_to_undo": seconds})
    write_fates(connection, folder)
    write_report(folder, report)
    return report


def calls_to_undo(report: RollbackReport) -> int:
    """Return how many calls carrying out takes at most: each look again, a call for what goes, and a look back."""
    total = report.total
    goes = total.deleted + total.restored + total.detached + total.archived
    # What a probe has left is looked for and taken away.
    return report.calls.total + 2 * (goes + report.probe.left)
