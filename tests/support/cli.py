"""The command line as a person uses it: a process of its own, with a state folder and an environment."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from resources.warehouse import Warehouse, fetch_frame

PROJECT = Path(__file__).resolve().parents[2]
OURS = ("INTERCOM_", "MIGRATION_", "EMBEDDED_", "DAGSTER_")


@dataclass(frozen=True)
class Finished:
    """A process that has ended."""

    code: int
    out: str
    err: str
    certificate: dict | None

    @property
    def said(self):
        return self.out + self.err


class Cli:
    """Runs commands over one state folder; keyword arguments are the environment.

    No workspace is probed unless the test asks for it: many count calls, or let the n-th of them go wrong.
    """

    def __init__(self, state, **environment):
        self.state = Path(state)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        given = {name: str(value) for name, value in environment.items()}
        self.environment = kept | {"MIGRATION_STATE": str(state), "MIGRATION_PROBE": "never"} | given

    def start(self, *arguments):
        """Start a command and return its process; its output goes into pipes."""
        command = [sys.executable, "-m", "migration_assets", *arguments]
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        return subprocess.Popen(command, cwd=PROJECT, env=self.environment, **pipes)

    def __call__(self, *arguments):
        """Run a command to its end."""
        process = self.start(*arguments)
        try:
            out, err = process.communicate(timeout=900)
        finally:
            process.kill()
        return Finished(process.returncode, out, err, self.certificate())

    def certificate(self):
        path = self.state / "certificate.json"
        return json.loads(path.read_text()) if path.exists() else None


def query(state, sql, parameters=None):
    """Read the warehouse of a state folder."""
    with Warehouse(database=str(Path(state) / "warehouse.duckdb")).connect() as connection:
        return fetch_frame(connection, sql, parameters).to_dicts()
