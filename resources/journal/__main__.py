"""The command line over the journal: `python -m resources.journal status | failures | pause | resume | stop | ...`.

Everything works while a load is going on in another process, but `restore`, which refuses then.
"""

import argparse
import getpass
import socket
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError
from rich.console import Console

from resources.journal.copies import back_up, restore
from resources.journal.database import open_database
from resources.journal.failures import write_failures
from resources.journal.journal import Journal
from resources.journal.lease import is_held
from resources.journal.records import JournalError
from resources.journal.run_command import Command
from resources.journal.shown import show_status
from resources.journal.status import read_status
from resources.wording import counted
from schemas.settings import Settings, wrong_settings

WISHES = {"pause": Command.PAUSE, "resume": Command.GO, "stop": Command.STOP}
SAID = {
    Command.PAUSE: "The load pauses within seconds; `make resume` lets it go on.",
    Command.GO: "The load goes on.",
    Command.STOP: "The load ends within seconds what is under way, and stops. `make migrate` goes on from there.",
}
NOTHING = "Nothing was written to Intercom from this state folder yet."


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0, or 1 with a sentence on stderr when it cannot be done."""
    parser = argparse.ArgumentParser(prog="resources.journal", description=__doc__.splitlines()[0])
    parser.add_argument("command", choices=["status", "failures", "backup", "restore", *WISHES])
    parser.add_argument("--file", type=Path, default=None, help="the backup: to be made, or to be restored")
    given = parser.parse_args(arguments)
    try:
        return _run(given.command, Settings(), given.file)
    except ValidationError as error:
        print(wrong_settings(error), file=sys.stderr)
        return 1
    except JournalError as error:
        print(error, file=sys.stderr)
        return 1


def _run(command: str, settings: Settings, file: Path | None) -> int:
    url = settings.journal
    if command == "restore":
        return _restore(settings, url, file)
    if settings.journal_url is None and not (settings.state / "journal.sqlite3").exists():
        print(NOTHING)
        return 0
    if command == "backup":
        return _back_up(settings, url, file)
    with Journal(url, "") as journal:
        names = journal.migrations()
    if not names:
        print(NOTHING)
        return 0
    if command in WISHES:
        return _ask(url, names[-1], WISHES[command])
    engine = open_database(url)
    try:
        if command == "failures":
            path = settings.state / "failures.csv"
            number = write_failures(engine, names[-1], path)
            print(f"{counted(number, 'write')} refused by Intercom: {path}")
        else:
            status = read_status(engine, names[-1])
            if status is not None:
                show_status(status, Console())
    finally:
        engine.dispose()
    return 0


def _ask(url: str, migration: str, wish: Command) -> int:
    with Journal(url, migration) as journal:
        held = journal.holder()
        if held is None or not is_held(held.beat_at, time.time()):
            print("No load is going on: nothing to tell.", file=sys.stderr)
            return 1
        journal.ask(wish, f"{getpass.getuser()} on {socket.gethostname()}")
    print(SAID[wish])
    return 0


def _back_up(settings: Settings, url: str, file: Path | None) -> int:
    target = file or _named(settings, "journal")
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = open_database(url)
    try:
        number = back_up(engine, target)
    finally:
        engine.dispose()
    print(f"{counted(number, 'write')} backed up to {target}")
    return 0


def _restore(settings: Settings, url: str, file: Path | None) -> int:
    if file is None:
        print("Name the backup with FILE=path.", file=sys.stderr)
        return 1
    aside = _named(settings, "before-restore")
    aside.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    number = restore(file, url, aside)
    print(f"{counted(number, 'write')} restored from {file}; what was there before is in {aside}.")
    print("The next run asks Intercom for what was written after that backup, before it writes anything of it again.")
    return 0


def _named(settings: Settings, name: str) -> Path:
    at = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    return settings.state / "backups" / f"{name}-{at}.sqlite3"


if __name__ == "__main__":
    raise SystemExit(main())
