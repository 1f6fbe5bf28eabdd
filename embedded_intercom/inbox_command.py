"""The command `inbox`: serves what a state folder holds, for reading it, and prints the address of its inbox."""

import signal
import sqlite3
import time
from pathlib import Path

import httpx

from embedded_intercom.asking import ask
from embedded_intercom.inbox.access import invitation
from embedded_intercom.inbox.reading import reading
from embedded_intercom.process import EmbeddedProcess, EmbeddedProcessError, Quotas
from embedded_intercom.settings import ServerSettings
from embedded_intercom.state.folder import DATABASE, LOG, is_served

RECORDS = ("threads", "contacts", "companies")
LOOK_SECONDS = 2.0
"""How often it is looked whether the server still answers."""


def serve_inbox(settings: ServerSettings) -> int:
    """Serve the workspace until Ctrl-C, or say where it is served already; 0, or 1 when that fails.

    Whose names are in it comes from the same seed as for whoever wrote to it: a server without that seed would add
    people of its own. Nothing goes wrong on purpose while it is read.
    """
    # A closed terminal or a kill must end the server too, which has a session of its own.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    folder = settings.state
    if not is_served(folder) and not holds_anything(folder / DATABASE):
        print(f"Nothing was written to the embedded workspace in {folder} yet.")
        return 0
    quotas = Quotas(app=settings.app_quota, workspace=settings.workspace_quota)
    options = ("--known-by", settings.known_by) if settings.known_by else ()
    try:
        with EmbeddedProcess(folder, quotas, settings.seed, options=options) as process:
            print(f"The inbox: {invitation(process.url, process.token)}", flush=True)
            if process.reused:
                print("It is served by a server that was there already, for as long as that one runs.")
                return 0
            print("Ctrl-C ends it. A program that starts one for this folder meanwhile uses this server.", flush=True)
            while answers(process):
                time.sleep(LOOK_SECONDS)
    except KeyboardInterrupt:
        return 0
    except EmbeddedProcessError as error:
        print(error)
        return 1
    print(f"The server ended by itself; its log is {folder / LOG}.")
    return 1


def holds_anything(file: Path) -> bool:
    """Whether the state has a record that somebody wrote; False also where there is no state."""
    if not file.exists():
        return False
    try:
        with reading(file) as reader:
            return any(reader.scalar(f"SELECT EXISTS (SELECT 1 FROM {table})") for table in RECORDS)
    except sqlite3.OperationalError:
        return False  # a start that was cut off before it made its tables


def answers(process: EmbeddedProcess) -> bool:
    """Whether the server is still there; asking takes no call off the quota."""
    try:
        ask(process.url, process.token, "GET", "/__embedded/alive")
    except httpx.HTTPError:
        return False
    return True
