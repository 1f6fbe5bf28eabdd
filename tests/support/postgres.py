"""A PostgreSQL of the tests' own, from Debian's packages: installed if need be, in a folder of its own, thrown away."""

import os
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

USER = "postgres"
START_SECONDS = 60


class NoPostgresError(RuntimeError):
    """There is no PostgreSQL here and none can be installed; the message says why."""


def programs():
    """Return the folder of PostgreSQL's programs, installing them first where that is possible."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        raise NoPostgresError("PostgreSQL is not installed, and only root can install it from Debian's packages.")
    done = subprocess.run(
        ["apt-get", "install", "-y", "-q", "--no-install-recommends", "postgresql"],
        env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
        capture_output=True,
        text=True,
        check=False,
    )
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if done.returncode or not found:
        raise NoPostgresError(f"PostgreSQL cannot be installed here: {done.stderr.strip().splitlines()[-1:]}")
    return found[-1].parent


@contextmanager
def server(folder):
    """Start a server whose data is in `folder` and yield the start of its SQLAlchemy URLs; stop it at the end."""
    bin_ = programs()
    # It refuses to run as root, so that it runs as its own user where the tests do.
    as_user = ["runuser", "-u", USER, "--"] if os.geteuid() == 0 else []
    data = Path(folder) / "data"
    data.mkdir(parents=True)
    if as_user:
        for path in (data, *[parent for parent in data.parents if parent.owner() != USER and len(parent.parts) > 2]):
            path.chmod(path.stat().st_mode | 0o011)
        shutil.chown(data, USER, USER)
    _run([*as_user, bin_ / "initdb", "-D", data, "-A", "trust", "-U", USER, "-E", "UTF8", "--no-sync"])
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = f"-h 127.0.0.1 -p {port} -k {data} -c fsync=off"
    _run([*as_user, bin_ / "pg_ctl", "-D", data, "-o", options, "-w", "-t", START_SECONDS, "-l", data / "log", "start"])
    try:
        yield f"postgresql+psycopg://{USER}@127.0.0.1:{port}"
    finally:
        _run([*as_user, bin_ / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop"])


def make_database(start):
    """Make an empty database and return its SQLAlchemy URL."""
    import psycopg

    name = f"journal_{time.time_ns()}"
    with psycopg.connect(f"{start.replace('+psycopg', '')}/{USER}", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{start}/{name}"


def _run(command):
    done = subprocess.run(
        [str(part) for part in command], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False, cwd="/"
    )
    if done.returncode:
        raise NoPostgresError(f"PostgreSQL cannot be started here: {command[-1]} ended with {done.returncode}.")
