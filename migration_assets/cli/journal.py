"""The commands over the journal: how far a run is, what is wanted of it, backups. They do without Dagster."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from migration_assets.cli.asked import settings_or_exit
from migration_assets.cli.options import absolute_path
from resources.private_files import NotPrivateError

FAILED = 1
BackupFile = Annotated[
    Path | None,
    typer.Option(
        "--file",
        metavar="PATH",
        envvar="MIGRATION_FILE",
        parser=absolute_path,
        help="The backup: to be made, or to be restored.",
    ),
]


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    for command in (status, failures, pause, resume, stop, backup, restore):
        app.command()(command)


def status() -> int:
    """Show how far a migration is: progress, rate, time left, what failed."""
    from resources.journal.commands import show

    return call(show)


def failures() -> int:
    """List what Intercom refused, with its words and what to do, in the state folder's failures.csv."""
    from resources.journal.commands import list_failures

    return call(list_failures)


def pause() -> int:
    """Let the load that is going on in another terminal pause."""
    from resources.journal.commands import Command, tell

    return call(tell, Command.PAUSE)


def resume() -> int:
    """Let a paused load go on."""
    from resources.journal.commands import Command, tell

    return call(tell, Command.GO)


def stop() -> int:
    """End the load that is going on in another terminal, losing nothing."""
    from resources.journal.commands import Command, tell

    return call(tell, Command.STOP)


def backup(file: BackupFile = None) -> int:
    """Copy the journal to a file, or into the state folder's backups/; a load may go on meanwhile."""
    from resources.journal.commands import make_backup

    return call(make_backup, file)


def restore(file: BackupFile = None) -> int:
    """Put a backup in the journal's place; what was there is backed up first."""
    from resources.journal.commands import restore_backup

    return call(restore_backup, file)


def call(command: Callable[..., int], *arguments: Any) -> int:  # noqa: ANN401 - whatever the command takes
    """Do what the journal's own function does; what it refuses is a sentence on stderr."""
    from resources.journal import JournalError

    try:
        return command(settings_or_exit(FAILED), *arguments)
    except (JournalError, NotPrivateError) as error:
        print(error, file=sys.stderr)
        return FAILED
