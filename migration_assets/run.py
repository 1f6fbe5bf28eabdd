"""The command line: `python -m migration_assets.run JOB | settings | home`; JOB is one of `JOBS` below.

It runs the same jobs as the UI, on the same Dagster instance, so that a run started here is seen there.
Exit codes: 0 the run ended (complete or partial), 1 it failed, 2 it could not start, 130 it was stopped.
"""

import argparse
import os
import shutil
import sys
from typing import TYPE_CHECKING

from pydantic import ValidationError
from rich.console import Console
from rich.table import Table

from resources.occupancy import occupied
from schemas.mapping import MappingError, load_mapping
from schemas.settings import PROJECT, Settings, settings_table, wrong_settings

if TYPE_CHECKING:
    from resources.run import MigrationOptions

COULD_NOT_START = 2
DIFFERENCES = "differences"
JOBS = ("migrate", "dry_run", "verify", "delta", "cutover", "hypercare", "rollback")


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    parser = command_line()
    options = parser.parse_args(arguments)
    if options.command == "verify" and options.only not in (None, DIFFERENCES):
        parser.error(f"verify can be told --only {DIFFERENCES}, and nothing else")
    try:
        settings = Settings()
    except ValidationError as error:
        print(wrong_settings(error), file=sys.stderr)
        return COULD_NOT_START
    if options.command == "settings":
        show_settings(settings)
        return 0
    prepare_home(settings)
    if options.command == "home":
        return 0
    problem = cannot_start(settings, options)
    if problem:
        print(problem, file=sys.stderr)
        return COULD_NOT_START
    return run_job(settings, options)


def command_line() -> argparse.ArgumentParser:
    """Return the parser of the commands and their options."""
    parser = argparse.ArgumentParser(prog="migration_assets.run", description=__doc__.splitlines()[0])
    parser.add_argument("command", choices=[*JOBS, "settings", "home"])
    parser.add_argument("--limit", type=at_least_one, default=None, help="load at most this many tickets, oldest first")
    parser.add_argument("--route", choices=["ticket", "conversation"], default=None, help="overrides the mapping")
    parser.add_argument("--retry-failed", action="store_true", help="send again what was rejected before")
    parser.add_argument(
        "--restore-deleted", action="store_true", help="write again what was deleted in Intercom after it was loaded"
    )
    parser.add_argument(
        "--complete-journal",
        action="store_true",
        help="the journal was lost: ask Intercom for every ticket and message before it is sent",
    )
    parser.add_argument(
        "--accept-vanished", action="store_true", help="load a drop in which much of what was loaded is missing"
    )
    parser.add_argument(
        "--accept-older", action="store_true", help="load a drop that was exported before the one loaded last"
    )
    parser.add_argument(
        "--freeze", type=with_zone, default=None, help="since when nobody works in ITCO, for the cutover: a time"
    )
    parser.add_argument(
        "--confirm",
        nargs="?",
        const="yes",
        default="",
        metavar="WORKSPACE",
        help="rollback: do it, and not only show it; the exact name of the workspace, or yes for the embedded one",
    )
    parser.add_argument("--run", default=None, metavar="ID", help="rollback: only what this run wrote")
    parser.add_argument(
        "--only",
        default=None,
        metavar="OBJECT[:KEY]",
        help="rollback: only this object, or this record of it; verify: `differences`, what differed the last time",
    )
    parser.add_argument(
        "--resync", action="store_true", help="migrate: send again what differed when it was last verified"
    )
    return parser


def run_job(settings: Settings, options: argparse.Namespace) -> int:
    """Run the job that was asked for and return the exit code; says where the details are if the program itself fails.

    Raises:
        Exception: whatever the program did not foresee, once that was said.
    """
    # Dagster takes seconds to import; the other commands do without it.
    from migration_assets.launch import FAILED, launch
    from migration_assets.launch_rollback import launch_rollback
    from resources.disk import disk_fault
    from resources.run import RollbackOptions
    from resources.terminal import stderr_console

    try:
        if options.command == "rollback":
            back = RollbackOptions(confirm=options.confirm, run=options.run or None, only=options.only or None)
            return launch_rollback(settings, back)
        return launch(options.command, settings, chosen(settings, options))
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


def chosen(settings: Settings, options: argparse.Namespace) -> "MigrationOptions":
    """Return what the person who starts the run has chosen."""
    from resources.run import MigrationOptions

    return MigrationOptions(
        dry_run=options.command == "dry_run",
        limit=options.limit,
        route=options.route or "from_mapping",
        retry_failed=options.retry_failed,
        restore_deleted=options.restore_deleted,
        complete_journal=options.complete_journal,
        accept_vanished=options.accept_vanished,
        accept_older=options.accept_older,
        freeze=options.freeze,
        resync=options.resync,
        verify_only="differences" if options.command == "verify" and options.only else "everything",
        verify_sample=settings.verify_sample,
        verify_seed=settings.verify_seed,
    )


def at_least_one(text: str) -> int:
    """Read a number of tickets from the command line."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"a whole number from 1 on is expected, not {text!r}")
    return int(text)


def with_zone(text: str) -> str:
    """Read a time with its zone from the command line."""
    from resources.run import moment

    try:
        moment(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return text


def show_settings(settings: Settings) -> None:
    """Print every setting with the value in force and what it means."""
    table = Table(title="Settings: environment variable, value in force, meaning", show_lines=True)
    for heading in ("variable", "value", "meaning"):
        table.add_column(heading, overflow="fold")
    for row in settings_table(settings):
        table.add_row(*row)
    Console(width=None if sys.stdout.isatty() else 140).print(table)


def prepare_home(settings: Settings) -> None:
    """Make DAGSTER_HOME inside the state folder, with the project's instance settings in it."""
    home = settings.state / "dagster"
    settings.state.mkdir(parents=True, exist_ok=True, mode=0o700)
    home.mkdir(exist_ok=True)
    shutil.copyfile(PROJECT / "dagster.yaml", home / "dagster.yaml")
    os.environ["DAGSTER_HOME"] = str(home)


def cannot_start(settings: Settings, options: argparse.Namespace) -> str | None:
    """Say in a sentence what keeps a run from starting, or None."""
    if options.command == "cutover" and options.freeze is None:
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


if __name__ == "__main__":
    sys.exit(main())
