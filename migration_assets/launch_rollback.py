"""Rolls back from the terminal, and shows at the end what came of it: one table, what remains, where to look."""

from collections.abc import Mapping
from pathlib import Path

import dagster as dg
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from migration_assets.accounting.nouns import noun
from migration_assets.ground.paths import relative
from migration_assets.launch import FAILED, STOPPED, execute, failures, open_console, target, was_stopped
from migration_assets.rollback.rollback_ending import end_rollback
from migration_assets.rollback.rollback_report import HTML, RollbackReport, read_report
from migration_assets.undoing.fates import UndoFate
from resources.complete_commands import complete, folders_of
from resources.pasting import assignment, unpasteable
from resources.run import RollbackOptions
from resources.warehouse import table_exists
from resources.wording import counted, duration
from resources.workspace import IntercomWorkspace
from schemas.settings import Settings

COLOURS = {"complete": "green", "partial": "yellow", "failed": "red"}
HEADINGS = {
    "keep": "cannot be undone",
    "still_there": "still there",
    "unknown": "not known",
    "unreached": "not reached",
}


def launch_rollback(settings: Settings, options: RollbackOptions) -> int:
    """Run the job `rollback` in this process and return the exit code: 0 also when something was refused."""
    from resources.assembly import build_resources

    resources = build_resources(settings, rollback=options, confirmed=True)
    console = open_console(settings)
    doing = "rollback" if options.confirm else "rollback (only looking)"
    console.print(Text.assemble((doing, "bold"), f"  {target(settings)}, state in {relative(settings.state)}"))
    result = execute("rollback", settings, resources, console)
    if result is None:
        return STOPPED
    report = read_report(settings.state)
    if report is None or report.run_id != result.run_id:
        report = _end(result, settings, resources)
    if report is not None:
        _show(report, settings, console)
    if not result.success and was_stopped(result):
        return STOPPED
    return 0 if result.success else FAILED


def _end(
    result: dg.ExecuteInProcessResult, settings: Settings, resources: dict[str, dg.ConfigurableResource]
) -> RollbackReport | None:
    """Write the report of a rollback that did not come to its end; None where it had not even a plan."""
    workspace = resources["workspace"]
    assert isinstance(workspace, IntercomWorkspace)  # noqa: S101 - for types
    if not workspace.figures.begun:
        return None
    with resources["warehouse"].connect() as connection:  # type: ignore[attr-defined]
        if not table_exists(connection, "rollback.about"):
            return None
        (run_id,) = connection.execute("SELECT run_id FROM rollback.about").fetchall()[0]
        if run_id != result.run_id:
            return None
        return end_rollback(connection, workspace, settings.state, failures(result))


def _show(report: RollbackReport, settings: Settings, console: Console) -> None:
    if not console.is_terminal:
        # A log has no width; the table is not to be folded to 80 columns.
        console.width = max(console.width, 140)
    console.print(summary(report, Path(relative(settings.state)), folders_of(settings)))


def summary(report: RollbackReport, folder: Path, folders: Mapping[str, str] | None = None) -> RenderableType:
    """Return what the rollback came to; names of objects and counts only, nothing of a customer's."""
    typed = folders or {}
    parts: list[RenderableType] = [Padding(_table(report), (1, 0), expand=False), _verdict(report)]
    parts += [Padding(Text(f"- {complete(reason, typed)}"), (0, 0, 0, 2), expand=False) for reason in report.reasons]
    places = Table(box=None, padding=(0, 1), pad_edge=False, show_header=False)
    places.add_row(Text(str(folder / HTML), style="bold"), Text("every record that remains, with the reason"))
    places.add_row(Text(str((folder / HTML).with_suffix(".json")), style="bold"), Text("the same, for machines"))
    parts.append(Padding(places, (1, 0, 0, 0), expand=False))
    if report.dry_run and report.verdict != "failed":
        name = "yes" if report.target == "embedded" else report.workspace.name
        parts.append(Text(f"Carrying it out takes {takes(report)}."))
        parts.append(Text(f"Nothing was sent. {complete(how_to_confirm(name), typed)}"))
    return Group(*parts)


def how_to_confirm(name: str) -> str:
    """Say what to type so that the rollback is carried out; the name is Intercom's."""
    line = assignment("CONFIRM", name)
    return f"To do it: make rollback {line}" if line else unpasteable("CONFIRM", name)


def takes(report: RollbackReport) -> str:
    """Say what carrying out a rollback that was looked at takes."""
    span = duration(report.seconds_to_undo or 0.0)
    return f"at most {counted(report.calls_to_undo or 0, 'call')}, at the pace that Intercom grants {span}"


def _table(report: RollbackReport) -> Table:
    total = report.total
    always = tuple(UndoFate)[:6]
    columns = [fate for fate in (*UndoFate, "still_there") if fate in always or getattr(total, fate)]
    table = Table(box=None, padding=(0, 1), pad_edge=False, header_style="dim", collapse_padding=True)
    for heading in ("Intercom", "records", *(HEADINGS.get(fate, fate) for fate in columns), "remaining"):
        table.add_column(heading, justify="left" if heading == "Intercom" else "right", no_wrap=True)
    for name, counts in report.objects.items():
        numbers = [counts.records, *(getattr(counts, fate) for fate in columns), counts.remaining]
        table.add_row(noun(name), *(Text(f"{value:,}", style="" if value else "dim") for value in numbers))
    return table


def _verdict(report: RollbackReport) -> Text:
    line = Text(report.verdict, style=f"bold {COLOURS[report.verdict]}")
    total, calls = report.total, report.calls
    undone = total.records - total.remaining
    would = "would be " if report.dry_run else ""
    line.append(
        f"  {undone:,} of {total.records:,} records {would}undone, {total.remaining:,} remain, "
        f"{calls.total:,} calls, {calls.writes:,} writes",
        style="default not bold",
    )
    return line
