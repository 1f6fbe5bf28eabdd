"""What a person may ask of the journal: how far the load is, what was refused, to pause or stop it, backups.

Everything works while a load is going on in another process, but restoring, which refuses then. Each function prints
what there is to say and returns the exit code.
"""

import getpass
import socket
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from sqlalchemy import Engine

from resources.complete_commands import complete, folders_of
from resources.journal.copies import back_up, restore
from resources.journal.database import open_database
from resources.journal.failures import write_failures
from resources.journal.journal import Journal
from resources.journal.lease import is_held
from resources.journal.run_command import Command
from resources.journal.shown import show_status
from resources.journal.status import read_status
from resources.journal.workspace_profiles import WorkspaceProfiles
from resources.private_files import require_safe_place
from resources.wording import counted
from schemas.settings import Settings

SAID = {
    Command.PAUSE: "The load pauses within seconds; `make resume` lets it go on.",
    Command.GO: "The load goes on.",
    Command.STOP: "The load ends within seconds what is under way, and stops. `make migrate` goes on from there.",
}
PROBING = (
    "A probe is at work in the workspace {app_id}, or was killed within the last minute: {records} of it there. "
    "Where it was killed, `make probe` or `make rollback` takes {them} away."
)
LEFT = "A probe left {records} in the workspace {app_id}; `make probe` or `make rollback` takes {them} away."
NOTHING = "Nothing was written to Intercom from this state folder yet."


def show(settings: Settings) -> int:
    """Show how far the migration that began last is."""

    def look(engine: Engine, migration: str) -> None:
        status = read_status(engine, migration)
        if status is not None:
            show_status(status, Console(), folders_of(settings))

    left = _left_by_probes(settings)
    if not left or _latest(settings) is not None:
        _over_latest(settings, look)
    for app_id, (number, at_work) in left.items():
        words = {"records": counted(number, "record"), "app_id": app_id, "them": "it" if number == 1 else "them"}
        print(complete((PROBING if at_work else LEFT).format(**words), folders_of(settings)))
    return 0


def _left_by_probes(settings: Settings) -> dict[str, tuple[int, bool]]:
    """Return how many records of probes are there, by workspace, and whether a probe is at work."""
    if not _is_there(settings):
        return {}
    profiles = WorkspaceProfiles(settings.journal)
    try:
        return profiles.leftovers()
    finally:
        profiles.close()


def list_failures(settings: Settings) -> int:
    """Write what was refused into a file and say how much it is."""

    def write(engine: Engine, migration: str) -> None:
        path = settings.state / "failures.csv"
        number = write_failures(engine, migration, path, folders_of(settings))
        print(f"{counted(number, 'write')} refused: {path}" if number else "Intercom refused nothing.")

    return _over_latest(settings, write)


def tell(settings: Settings, command: Command) -> int:
    """Tell the load that is going on what is wanted of it; 1 where none is."""
    migration = _latest(settings)
    if migration is None:
        print(NOTHING)
        return 0
    with Journal(settings.journal, migration) as journal:
        held = journal.holder()
        if held is None or not is_held(held.beat_at, time.time()):
            print("No load is going on: nothing to tell.", file=sys.stderr)
            return 1
        journal.ask(command, f"{getpass.getuser()} on {socket.gethostname()}")
    print(complete(SAID[command], folders_of(settings)))
    return 0


def make_backup(settings: Settings, file: Path | None) -> int:
    """Copy the journal to `file`, or into the state folder's backups."""
    if not _is_there(settings):
        print(NOTHING)
        return 0
    target = file or _named(settings, "journal")
    require_safe_place(target)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = open_database(settings.journal)
    try:
        number = back_up(engine, target)
    finally:
        engine.dispose()
    print(f"{counted(number, 'write')} backed up to {target}")
    return 0


def restore_backup(settings: Settings, file: Path) -> int:
    """Put the backup `file` in the journal's place."""
    aside = _named(settings, "before-restore")
    aside.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    number = restore(file, settings.journal, aside)
    print(f"{counted(number, 'write')} restored from {file}; what was there before is in {aside}.")
    print("The next run asks Intercom for what was written after that backup, before it writes anything of it again.")
    return 0


def _over_latest(settings: Settings, work: Callable[[Engine, str], None]) -> int:
    migration = _latest(settings)
    if migration is None:
        print(NOTHING)
        return 0
    engine = open_database(settings.journal)
    try:
        work(engine, migration)
    finally:
        engine.dispose()
    return 0


def _latest(settings: Settings) -> str | None:
    if not _is_there(settings):
        return None
    with Journal(settings.journal, "") as journal:
        names = journal.migrations()
    return names[-1] if names else None


def _is_there(settings: Settings) -> bool:
    return settings.journal_url is not None or (settings.state / "journal.sqlite3").exists()


def _named(settings: Settings, name: str) -> Path:
    at = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    return settings.state / "backups" / f"{name}-{at}.sqlite3"
