"""Dagster's UI and its daemon over the state folder, until a signal to end; `supervisor` starts this and ends the rest.

The webserver is an application in this process and listens nowhere by itself: the only way to it is through the guard
(`resources.local_pages`). Dagster accepts any Host, any Origin and mutations by GET, so that any page in the same
browser could otherwise start runs.
"""

import asyncio
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import uvicorn
from dagster import DagsterInstance, __version__
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import WorkspaceFileTarget
from dagster._daemon.auto_run_reexecution import event_log_consumer
from dagster_webserver.app import create_app_from_workspace_process_context
from starlette.types import ASGIApp

from migration_assets.ui.code_server import code_server, end
from migration_assets.ui.entrance import NAME, closed, root_of, welcome
from migration_assets.ui.reads_by_get import ReadsByGet
from resources.local_pages import ISOLATED, Door, Guard
from schemas.settings import Settings

POLL_MILLISECONDS = 2000
"""How often the UI asks for what has changed."""
LONGEST_BODY = 10_000_000
"""Bytes of a query: a launchpad's configuration is far below."""
DAEMON_SECONDS = 10.0
"""Seconds for the daemon to end by itself."""
ANSWER_SECONDS = 3
"""Seconds for answers that are being given when it is to end."""


def serve_on(settings: Settings, listener: socket.socket) -> None:
    """Serve the UI on a socket and run the daemon, until a signal to end."""
    # A signal to end is as Ctrl-C is: what was started is ended.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt):
        _serve(settings, listener)


def _serve(settings: Settings, listener: socket.socket) -> None:
    token = secrets.token_urlsafe(24)
    host, port = listener.getsockname()
    with (
        DagsterInstance.get() as instance,
        code_server() as workspace,
        _daemon(instance, workspace),
        WorkspaceProcessContext(
            instance, version=__version__, workspace_load_target=WorkspaceFileTarget([str(workspace)])
        ) as context,
    ):
        instance.optimize_for_webserver(-1, -1, -1)
        app = create_app_from_workspace_process_context(
            context, path_prefix=root_of(token), live_data_poll_rate=POLL_MILLISECONDS
        )
        print(f"Dagster's UI: http://{host}:{port}/?token={token}", flush=True)
        print("The address opens it once, in the browser that keeps its cookie. Ctrl-C ends it.", flush=True)
        server = uvicorn.Server(
            uvicorn.Config(
                behind_the_door(app, token, settings, host),
                log_level="warning",
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=ANSWER_SECONDS,
            )
        )
        asyncio.run(server.serve(sockets=[listener]))


def behind_the_door(app: ASGIApp, token: str, settings: Settings, host: str) -> ASGIApp:
    """Return the webserver's application as it is served: for who has the token, and never changed by a GET."""
    reached_as = urlsplit(settings.ui_url or "").hostname or host
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
def _daemon(instance: DagsterInstance, workspace: Path) -> Iterator[None]:
    """Run Dagster's daemon, which starts schedules and sensors, in a process of its own until the end."""
    begin_cursors(instance)
    command = [sys.executable, "-m", "dagster._daemon", "run", "--workspace", str(workspace)]
    command += ["--log-level", "warning"]
    process = subprocess.Popen(command)  # noqa: S603 - our own words # nosec B603
    try:
        yield
    finally:
        end(process, DAEMON_SECONDS)


def begin_cursors(instance: DagsterInstance) -> None:
    """Let the daemon look at runs that end from now on, where it has never looked: it would do so with a warning."""
    keys = {event_log_consumer._create_cursor_key(kind) for kind in event_log_consumer.DAGSTER_EVENT_TYPES}
    storage = instance.daemon_cursor_storage
    newest = str(instance.event_log_storage.get_maximum_record_id() or 0)
    missing = dict.fromkeys(keys - set(storage.get_cursor_values(keys)), newest)
    if missing:
        storage.set_cursor_values(missing)
