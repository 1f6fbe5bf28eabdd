"""The process that has the project's code, which the UI and its daemon ask for it: one for both of them.

Left to themselves, each starts its own, and the daemon a new one every minute: the project is imported again each time,
and the old one says on the terminal that it is shutting down.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml
from dagster._grpc.client import DagsterGrpcClient
from dagster._grpc.server import wait_for_grpc_server

from schemas.settings import PROJECT

START_SECONDS = 180
"""Seconds to import the project, on a busy machine too."""
END_SECONDS = 10.0
"""Seconds to end by itself."""
HOST = "localhost"


@contextmanager
def code_server() -> Iterator[Path]:
    """Start the code server and yield a workspace file that names it; it ends afterwards.

    The module and the location's name are those of the project's workspace.yaml, which is for other tools of Dagster.

    Raises:
        Exception: it ended, or did not answer in `START_SECONDS`; with its command.
    """
    (location,) = yaml.safe_load((PROJECT / "workspace.yaml").read_text(encoding="utf-8"))["load_from"]
    module, name = location["python_module"]["module_name"], location["python_module"]["location_name"]
    # A socket's path has to be short, which that of a state folder may not be. The folder is its owner's alone.
    with TemporaryDirectory(prefix="code") as folder:
        socket = str(Path(folder) / "socket")
        server = {"host": HOST, "socket": socket, "location_name": name}
        workspace = Path(folder) / "workspace.yaml"
        workspace.write_text(json.dumps({"load_from": [{"grpc_server": server}]}), encoding="utf-8")
        command = [sys.executable, "-m", "dagster", "code-server", "start", "--socket", socket, "-m", module]
        command += ["--location-name", name, "--log-level", "warning", "--inject-env-vars-from-instance"]
        command += ["--use-python-environment-entry-point"]
        process = subprocess.Popen(command)  # noqa: S603 - our own words # nosec B603
        try:
            wait_for_grpc_server(process, DagsterGrpcClient(socket=socket, host=HOST), command, START_SECONDS)
            yield workspace
        finally:
            end(process, END_SECONDS)


def end(process: subprocess.Popen[bytes], patience: float) -> None:
    """Ask a process of Dagster's to end, and kill it where it has not in `patience` seconds."""
    # Not as Ctrl-C does: while it still imports, that is answered with a traceback.
    process.terminate()
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
