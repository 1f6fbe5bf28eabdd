"""The commands that run a job, the settings, and Dagster's home.

They run the same jobs as the UI, on the same Dagster instance, so that a run started here is seen there.
"""

import os
import shutil
import sys
from collections.abc import Callable
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from migration_assets.cli import options
from migration_assets.cli.asked import settings_or_exit
from schemas.run_options import ONE_BY_ONE
from schemas.settings import PROJECT, Settings, absolute_paths, settings_table

COULD_NOT_START = 2
DIFFERENCES = "differences"
JOBS = {
    "migrate": "Run the main job: extract -> Intercom (the embedded workspace unless a token is set).",
    "dry-run": "Show in plan.html what a load would do; writes nothing to Intercom, leaves the last report as it is.",
    "probe": "Ask the workspace what Intercom leaves undocumented, by records of its own that it removes.",
    "verify": "Read Intercom back and compare every field with the target.",
    "resync": "As migrate, and what differed when it was last verified is sent again.",
    "rebuild-journal": "The journal was lost: as migrate, but Intercom is asked for every ticket and message first.",
    "delta": "Load what changed since: as migrate, over a later drop.",
    "cutover": "The last delta, over a drop that was exported after the freeze, and the hand-over documents.",
    "hypercare": "Look at what was migrated: what was deleted or changed in Intercom since, who has written.",
}


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    for name, says in JOBS.items():
        app.command(name, help=says)(running(name))
    app.command(cls=Confirmable)(rollback)
    app.command("settings")(show_settings)


def running(command: str) -> Callable[..., int]:
    """Return what runs the job of a command, with what the person who starts it has chosen."""
    alone = ONE_BY_ONE.get(command)
    job = "migrate" if alone else command.replace("-", "_")

    @options.taking_options(command)
    def run(**chosen: Any) -> int:  # noqa: ANN401 - fields of the options
        if alone:
            chosen[alone.field] = True
        settings = settings_to_run_with(job, chosen.get("freeze"))

        def start() -> int:
            # Dagster takes seconds to import; the other commands do without it.
            from migration_assets.launch import launch
            from resources.assembly import options_of

            if chosen.get("verify_only"):
                chosen["verify_only"] = DIFFERENCES
            return launch(job, settings, options_of(settings, **chosen))

        return telling_faults(start, settings)

    return run


class Confirmable(TyperCommand):
    """A command whose `--confirm` may stand without a value, which means `yes`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - typer's context
        """Give a bare `--confirm` its value: typer's options either always have one or never."""
        following = [*args[1:], "--"]
        given = [
            "--confirm=yes" if word == "--confirm" and after.startswith("-") else word
            for word, after in zip(args, following, strict=False)
        ]
        return super().parse_args(ctx, given)


def rollback(
    confirm: Annotated[
        str,
        typer.Option(
            metavar="[WORKSPACE]",
            envvar="MIGRATION_CONFIRM",
            help="Do it, and not only show it; the exact name of the workspace, or yes for the embedded one.",
        ),
    ] = "",
    run: Annotated[
        str | None, typer.Option(metavar="ID", envvar="MIGRATION_RUN", help="Only what this run wrote.")
    ] = None,
    only: Annotated[
        str | None,
        typer.Option(metavar="OBJECT[:KEY]", envvar="MIGRATION_ONLY", help="Only this object, or this record of it."),
    ] = None,
) -> int:
    """Show what taking the migration back would come to; with --confirm, do it."""
    settings = settings_to_run_with("rollback")

    def start() -> int:
        from migration_assets.launch_rollback import launch_rollback
        from resources.run import RollbackOptions

        return launch_rollback(settings, RollbackOptions(confirm=confirm, run=run or None, only=only or None))

    return telling_faults(start, settings)


def telling_faults(start: Callable[[], int], settings: Settings) -> int:
    """Run a job to its exit code; says where the details are if the program itself fails.

    Raises:
        Exception: whatever the program did not foresee, once that was said.
    """
    from migration_assets.launch import FAILED
    from resources.disk import disk_fault
    from resources.terminal import stderr_console

    try:
        return start()
    except Exception as error:
        full = disk_fault(error)
        if full is not None:
            stderr_console().print(
                f"The disk of {settings.state} cannot be written ({full}). Make room on its disk, then run again: "
                "what was sent is not lost.",
                style="red",
            )
            return FAILED
        # Its traceback goes where Dagster's own output goes, and would be missed there.
        log = settings.state / "console.log"
        stderr_console().print(
            f"The program itself failed ({type(error).__name__}); the details end {log}.", style="red"
        )
        raise


def settings_to_run_with(job: str, freeze: str | None = None) -> Settings:
    """Return the settings once Dagster's home is made and nothing keeps the job from starting.

    Raises:
        typer.Exit: something does; it was said in a sentence.
    """
    settings = settings_or_exit(COULD_NOT_START)
    prepare_home(settings)
    problem = cannot_start(settings, job, freeze)
    if problem:
        print(problem, file=sys.stderr)
        raise typer.Exit(COULD_NOT_START)
    return settings


def show_settings() -> int:
    """Show every setting, its value and its meaning."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title="Settings: environment variable, value in force, meaning", show_lines=True)
    for heading in ("variable", "value", "meaning"):
        table.add_column(heading, overflow="fold")
    for row in settings_table(settings_or_exit(COULD_NOT_START, looks_only=True)):
        table.add_row(*map(Text, row))
    Console(width=None if sys.stdout.isatty() else 140).print(table)
    return 0


def prepare_home(settings: Settings) -> None:
    """Make DAGSTER_HOME inside the state folder, with the project's instance settings in it.

    Dagster refuses a relative DAGSTER_HOME, and its processes have other working directories: they read from the
    environment the paths that this process has made absolute.
    """
    home = settings.state / "dagster"
    settings.state.mkdir(parents=True, exist_ok=True, mode=0o700)
    home.mkdir(exist_ok=True, mode=0o700)
    shutil.copyfile(PROJECT / "dagster.yaml", home / "dagster.yaml")
    os.environ |= {"DAGSTER_HOME": str(home), **absolute_paths(settings)}


def cannot_start(settings: Settings, job: str, freeze: str | None) -> str | None:
    """Say in a sentence what keeps a run from starting, or None."""
    from resources.occupancy import occupied
    from schemas.mapping import MappingError, load_mapping

    if job == "cutover" and freeze is None:
        from resources.run import NO_FREEZE

        return NO_FREEZE
    if not settings.extract.is_dir():
        return f"The extract folder {settings.extract} does not exist. Name it with EXTRACT=folder."
    try:
        load_mapping(settings.map)
    except MappingError as error:
        return f"The mapping cannot be used:\n{error}"
    if settings.intercom_base_url and not settings.intercom_access_token:
        return "INTERCOM_BASE_URL is set, but INTERCOM_ACCESS_TOKEN is not: whatever speaks the API needs a token."
    if settings.embedded_faults:
        from resources.embedded_launcher import FaultPlanError, fault_plan

        try:
            fault_plan(settings)
        except FaultPlanError as error:
            return f"EMBEDDED_FAULTS: {error}"
    # Asked here too, so that a run that cannot start leaves the report of the one that is going on alone.
    return occupied(settings.state)
