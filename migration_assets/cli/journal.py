"""The commands over the journal: how far a run is, what is wanted of it, backups. They do without Dagster."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from migration_assets.cli.asked import settings_or_exit
from migration_assets.cli.guarding import FAILED, NOT_CONFIRMED, Confirm, guarded
from migration_assets.cli.options import absolute_path
from resources.pasting import assignment, unpasteable
from resources.private_files import NotPrivateError

NOT_RESTORED = "Nothing was restored."
RESTORE = "make restore FILE=path CONFIRM=yes"
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


def restore(file: BackupFile = None, confirm: Confirm = "") -> int:
    """Put a backup in the journal's place; what was there is backed up first."""
    settings = settings_or_exit(FAILED)
    if file is None:
        print(f"{NOT_RESTORED} Name the backup: {RESTORE}", file=sys.stderr)
        return NOT_CONFIRMED
    from resources.journal.commands import restore_backup

    named = assignment("FILE", str(file))
    how = RESTORE.replace("FILE=path", named) if named else unpasteable("MIGRATION_FILE", str(file))
    why = (
        f"The journal of {settings.state} would no longer know what was written after that backup; the next "
        f"run would ask Intercom for it. To restore it all the same: {how}"
    )
    return guarded(settings.state, confirm, NOT_RESTORED, why, lambda: call(restore_backup, file))


def call(command: Callable[..., int], *arguments: Any) -> int:  # noqa: ANN401 - whatever the command takes
    """Do what the journal's own function does; what it refuses is a sentence on stderr."""
    from resources.journal import JournalError

    try:
        return command(settings_or_exit(FAILED), *arguments)
    except (JournalError, NotPrivateError) as error:
        print(error, file=sys.stderr)
        return FAILED
