"""The checks of stage `handoff`: does every source row have one fate, and was nobody notified?"""

from pathlib import Path

import dagster as dg

from migration_assets.accounting.certificate import Certificate
from migration_assets.ground.lists import lines
from migration_assets.handoff.handover import FOLDER, list_queries
from migration_assets.handoff.write import read_certificate
from resources.warehouse import Warehouse, scalar
from resources.wording import counted
from resources.workspace import IntercomWorkspace

REPORT = dg.AssetKey(["handoff", "report"])


def _certificate(workspace: IntercomWorkspace) -> Certificate:
    certificate = read_certificate(Path(workspace.state))
    if certificate is None:
        raise dg.Failure("There is no certificate.json; materialize handoff/report first.", allow_retries=False)
    return certificate


@dg.asset_check(asset=REPORT, name="every_source_row_has_one_fate", blocking=True)
def every_source_row_has_one_fate(workspace: IntercomWorkspace) -> dg.AssetCheckResult:
    """Rows = loaded + merged + superseded + skipped + quarantined + failed, for every source object."""
    certificate = _certificate(workspace)
    wrong = {
        name: counts.rows - counts.accounted
        for name, counts in certificate.source.items()
        if counts.rows != counts.accounted
    }
    return dg.AssetCheckResult(
        passed=not wrong and bool(certificate.source),
        metadata={"objects": len(certificate.source), "rows_unaccounted": sum(abs(value) for value in wrong.values())},
        description=f"Rows without exactly one fate: {wrong}" if wrong else "Every source row has exactly one fate.",
    )


@dg.asset_check(asset=REPORT, name="no_contact_was_notified", blocking=True)
def no_contact_was_notified(workspace: IntercomWorkspace) -> dg.AssetCheckResult:
    """No customer was sent anything. A real workspace does not tell; the embedded one counts."""
    sent = _certificate(workspace).notifications_sent
    return dg.AssetCheckResult(
        passed=not sent,
        metadata={"notifications_sent": sent or 0},
        description="The workspace does not tell." if sent is None else f"{counted(sent, 'notification')} to contacts.",
    )


@dg.asset_check(asset=REPORT, name="nothing_needs_a_person", blocking=False)
def nothing_needs_a_person(workspace: IntercomWorkspace) -> dg.AssetCheckResult:
    """The verdict is complete: nothing is quarantined, blocked, failed or unmatched."""
    certificate = _certificate(workspace)
    return dg.AssetCheckResult(
        passed=certificate.verdict == "complete",
        severity=dg.AssetCheckSeverity.ERROR if certificate.verdict == "failed" else dg.AssetCheckSeverity.WARN,
        metadata={"reasons": len(certificate.reasons)},
        description=f"{certificate.verdict}: {' '.join(certificate.reasons)}",
    )


@dg.asset_check(asset=dg.AssetKey(["handoff", "handover"]), name="the_lists_are_whole", blocking=True)
def the_lists_are_whole(warehouse: Warehouse, workspace: IntercomWorkspace) -> dg.AssetCheckResult:
    """Each list of the hand-over has, read back from its file, as many lines as there are rows that belong into it."""
    folder = Path(workspace.state) / FOLDER
    with warehouse.connect() as connection:
        queries = list_queries(connection)
        wanted = {file: scalar(connection, f"SELECT count(*) FROM ({query})") for file, query in queries.items()}
    found = {file: lines(folder / file) for file in wanted}
    wrong = [f"{file} has {found[file]} lines, not {rows}" for file, rows in wanted.items() if found[file] != rows]
    return dg.AssetCheckResult(
        passed=not wrong,
        metadata={"lists": len(wanted), "rows": sum(wanted.values()), "lists_wrong": len(wrong)},
        description="; ".join(wrong) or f"{len(wanted)} lists, {sum(wanted.values())} rows.",
    )


CHECKS = [the_lists_are_whole, every_source_row_has_one_fate, no_contact_was_notified, nothing_needs_a_person]
