"""What `make ui` does: Dagster's UI and its daemon over the state folder, until Ctrl-C or a signal to end.

The webserver is an application in this process and listens nowhere by itself: the only way to it is through the guard
(`resources.local_pages`). Dagster accepts any Host, any Origin and mutations by GET, so that any page in the same
browser could otherwise start runs.
"""

import asyncio
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from urllib.parse import urlsplit

import uvicorn
from dagster import DagsterInstance, __version__
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import WorkspaceFileTarget
from dagster_webserver.app import create_app_from_workspace_process_context
from starlette.types import ASGIApp

from migration_assets.ui.entrance import NAME, closed, root_of, welcome
from migration_assets.ui.reads_by_get import ReadsByGet
from resources.local_pages import ISOLATED, Door, Guard
from schemas.settings import PROJECT, Settings

HOST = "127.0.0.1"
WORKSPACE = PROJECT / "workspace.yaml"
POLL_MILLISECONDS = 2000
"""How often the UI asks for what has changed."""
LONGEST_BODY = 10_000_000
"""Bytes of a query: a launchpad's configuration is far below."""
LEAVE_SECONDS = 10.0
"""Seconds for the daemon to end by itself."""
TAKEN = 1


def serve(settings: Settings, port: int) -> int:
    """Serve the UI and run the daemon; 0 when it was ended, 1 with a sentence when the port is taken."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
        except OSError as error:
            said = f"Port {port} cannot be used ({error.strerror}). Take another one, such as make ui PORT={port + 1}."
            print(said, file=sys.stderr)
            return TAKEN
        # A signal to end is as Ctrl-C is: what was started is ended.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        with suppress(KeyboardInterrupt):
            _serve(settings, listener)
    return 0


def _serve(settings: Settings, listener: socket.socket) -> None:
    token = secrets.token_urlsafe(24)
    address = f"http://{HOST}:{listener.getsockname()[1]}"
    target = WorkspaceFileTarget([str(WORKSPACE)])
    with (
        DagsterInstance.get() as instance,
        _daemon(),
        WorkspaceProcessContext(
            instance, version=__version__, workspace_load_target=target, code_server_log_level="warning"
        ) as context,
    ):
        instance.optimize_for_webserver(-1, -1, -1)
        app = create_app_from_workspace_process_context(
            context, path_prefix=root_of(token), live_data_poll_rate=POLL_MILLISECONDS
        )
        print(f"Dagster's UI: {address}/?token={token}", flush=True)
        print("The address opens it once, in the browser that keeps its cookie. Ctrl-C ends it.", flush=True)
        server = uvicorn.Server(
            uvicorn.Config(
                behind_the_door(app, token, settings), log_level="warning", access_log=False, server_header=False
            )
        )
        asyncio.run(server.serve(sockets=[listener]))


def behind_the_door(app: ASGIApp, token: str, settings: Settings) -> ASGIApp:
    """Return the webserver's application as it is served: for who has the token, and never changed by a GET."""
    reached_as = urlsplit(settings.ui_url).hostname or HOST
    door = Door(
        token,
        closed,
        NAME,
        welcome=partial(welcome, token),
        hosts=(reached_as.lower(),),
        longest_body=LONGEST_BODY,
        headers=ISOLATED,
    )
    return Guard(ReadsByGet(app, root_of(token)), door)


@contextmanager
def _daemon() -> Iterator[None]:
    """Run Dagster's daemon, which starts schedules and sensors, in a process of its own until the end."""
    command = [sys.executable, "-m", "dagster._daemon", "run", "--workspace", str(WORKSPACE)]
    command += ["--log-level", "warning"]
    # In a group of its own: Ctrl-C is for this process, which then ends the daemon and what that has started.
    process = subprocess.Popen(command, start_new_session=True)  # noqa: S603 - our own words # nosec B603
    try:
        yield
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(LEAVE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        end_group(process.pid)


def end_group(group: int, patience: float = LEAVE_SECONDS) -> None:
    """End what a process has started and left behind: code servers, and runs, whose journal has what they wrote."""
    until = time.monotonic() + patience
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGTERM)
        while time.monotonic() < until:
            os.killpg(group, 0)
            time.sleep(0.05)
        os.killpg(group, signal.SIGKILL)
