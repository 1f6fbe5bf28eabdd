"""Runs the workspace as a server: lock, token, endpoint file, uvicorn, a clean stop."""

import json
import os
import secrets
import signal
import socket
from pathlib import Path

import uvicorn
from filelock import FileLock, Timeout

from embedded_intercom.api.workspace import Options, open_workspace
from embedded_intercom.app import create_app
from embedded_intercom.faults.plan import FaultPlan
from embedded_intercom.faults.wire import Connections
from embedded_intercom.inbox.access import invitation
from embedded_intercom.state.folder import ENDPOINT, FAULTS, LOCK, TOKEN, StateInUse

HOST = "127.0.0.1"


class PortInUse(Exception):
    """Another program listens on the port."""


def serve(options: Options, port: int, plan: FaultPlan, *, quiet: bool = False) -> None:
    """Serve until SIGTERM or SIGINT; prints its address when it listens, and unless `quiet` how to get in.

    Raises:
        PortInUse: another program listens on the port.
        StateInUse: another server holds the state folder's lock.
        FaultPlanError: the fault plan names an endpoint that there is not.
    """
    options.state.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = FileLock(str(options.state / LOCK))
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise StateInUse(f"another embedded workspace serves {options.state}") from None
    try:
        _run(options, port, plan, quiet=quiet)
    finally:
        lock.release()


def _run(options: Options, port: int, plan: FaultPlan, *, quiet: bool) -> None:
    token = _token(options.state)
    workspace = open_workspace(options, token)
    application = create_app(workspace, plan)
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError as error:
        raise PortInUse(f"port {port} cannot be listened on ({error.strerror})") from None
    listener.listen(512)
    workspace.base_url = f"http://{HOST}:{listener.getsockname()[1]}"
    endpoint = options.state / ENDPOINT
    _write_private(endpoint, json.dumps({"url": workspace.base_url, "pid": os.getpid(), "token": token}))
    # The queue of the listening socket holds callers until the loop runs, so that the line is true already.
    print(f"listening on {workspace.base_url}", flush=True)
    if not quiet:
        print(f"access token: {token}\nthe inbox: {invitation(workspace.base_url, token)}", flush=True)
    config = uvicorn.Config(
        application,
        log_level="warning",
        access_log=False,
        date_header=False,
        server_header=False,
        http=Connections,
        lifespan="off",
        timeout_graceful_shutdown=5,
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        # uvicorn raises the signal once more after its own clean stop; that one must not end the process early.
        signal.signal(number, lambda *_: None)
    try:
        uvicorn.Server(config).run(sockets=[listener])
    finally:
        endpoint.unlink(missing_ok=True)
        if (report := workspace.faults.report())["rules"]:
            _write_private(options.state / FAULTS, json.dumps(report, indent=2))
        workspace.store.close()


def _token(state: Path) -> str:
    path = state / TOKEN
    if not path.exists():
        _write_private(path, f"embedded_{secrets.token_hex(24)}")
    return path.read_text().strip()


def _write_private(path: Path, text: str) -> None:
    # Made readable for the owner only before it holds anything, and put in place whole.
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    draft.replace(path)
