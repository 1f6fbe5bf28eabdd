"""The command behind `make inbox`: `python -m resources.embedded.inbox` serves the migrated workspace to read it.

Which state folder, and whose names are in it, comes from the settings, as for a migration: a server that was started
without the seed of the workspace would add people of its own to it.
"""

import signal
import sqlite3
import time
from pathlib import Path

import httpx
from filelock import FileLock, Timeout

from resources.embedded.inbox.access import invitation
from resources.embedded.inbox.reading import reading
from resources.embedded.process import EmbeddedProcess, EmbeddedProcessError, Quotas
from resources.embedded.server import LOCK
from schemas.settings import Settings

STATE_FILE = "workspace.sqlite3"
RECORDS = ("threads", "contacts", "companies")
LOOK_SECONDS = 2.0
"""How often it is looked whether the server still answers."""


def main() -> int:
    """Serve the workspace until Ctrl-C, or say where it is served already; 0, or 1 when that fails."""
    # A closed terminal or a kill must end the server too, which has a session of its own.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    settings = Settings()
    folder = settings.state / "embedded"
    if not is_served(folder) and not holds_anything(folder / STATE_FILE):
        print(f"Nothing was migrated into the embedded workspace in {settings.state} yet: run make migrate first.")
        return 0
    quotas = Quotas(app=settings.embedded_app_quota, workspace=settings.embedded_workspace_quota)
    try:
        with EmbeddedProcess(folder, quotas, settings.embedded_seed) as process:
            print(f"The inbox: {invitation(process.url, process.token)}", flush=True)
            if process.reused:
                print("It is served by a server that was there already, for as long as that one runs.")
                return 0
            print(
                "Ctrl-C ends it. A migration that starts meanwhile uses this server: let it finish first.", flush=True
            )
            while answers(process):
                time.sleep(LOOK_SECONDS)
    except KeyboardInterrupt:
        return 0
    except EmbeddedProcessError as error:
        print(error)
        return 1
    print(f"The server ended by itself; its log is {folder / 'server.log'}.")
    return 1


def is_served(folder: Path) -> bool:
    """Whether a server has the state folder."""
    if not (folder / LOCK).exists():
        return False
    try:
        with FileLock(str(folder / LOCK), timeout=0):
            return False
    except Timeout:
        return True


def holds_anything(file: Path) -> bool:
    """Whether the state has a record that a migration makes; False also where there is no state."""
    if not file.exists():
        return False
    try:
        with reading(file) as reader:
            return any(reader.scalar(f"SELECT EXISTS (SELECT 1 FROM {table})") for table in RECORDS)
    except sqlite3.OperationalError:
        return False  # a start that was cut off before it made its tables


def answers(process: EmbeddedProcess) -> bool:
    """Whether the server is still there; asking takes no call off the quota."""
    headers = {"Authorization": f"Bearer {process.token}"}
    try:
        return httpx.get(f"{process.url}/__embedded/alive", headers=headers, timeout=30, trust_env=False).is_success
    except httpx.TransportError:
        return False


if __name__ == "__main__":
    raise SystemExit(main())
