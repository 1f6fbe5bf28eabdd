"""What the chaos tests work with: the driver, an embedded workspace, and a migration of one target between them."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time

import httpx

from embedded_intercom.process import EmbeddedProcess, Quotas
from schemas.settings import PROJECT
from tests.chaos.driver import BROKEN, DONE

SEED = {
    "workspace": {"name": "Test"},
    "admins": [
        {"name": "Migration", "email": "migration@example.com"},
        {"name": "Fallback", "email": "fallback@example.com"},
        {"name": "Agent a1", "email": "a1@agents.example"},
        {"name": "Agent a2", "email": "a2@agents.example"},
    ],
    "teams": [{"name": "First line"}],
}
ROUNDS = int(os.environ.get("CHAOS_ROUNDS") or 10)
"""How many rounds of each kind are made."""
JOURNAL = os.environ.get("CHAOS_JOURNAL") or "sqlite"
"""sqlite, or postgresql for every test; a part of them has its journal in PostgreSQL by itself."""
if JOURNAL not in ("sqlite", "postgresql"):
    raise ValueError(f"CHAOS_JOURNAL is sqlite or postgresql, not {JOURNAL!r}")
KILLED = -signal.SIGKILL
MOST_RUNS = 8
"""Runs without a fault that may be needed until nothing is left; more mean that it does not go on."""


class Driver:
    """The driver's process; one configuration at a time."""

    def __init__(self):
        environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "tests.chaos.driver"],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )

    def __call__(self, config, while_it_runs=None):
        """Have a child do it and return how it ended; `while_it_runs` is called with its process id."""
        self._process.stdin.write(json.dumps(config) + "\n")
        self._process.stdin.flush()
        child = json.loads(self._process.stdout.readline())["pid"]
        if while_it_runs is not None:
            while_it_runs(child)
        return json.loads(self._process.stdout.readline())

    def close(self):
        """End the process."""
        self._process.stdin.close()
        self._process.wait(30)


class Server:
    """An embedded workspace at one address, also after it was killed and started again."""

    def __init__(self, folder, port):
        seed = folder / "seed.json"
        seed.write_text(json.dumps(SEED))
        self._process = EmbeddedProcess(
            folder / "state", quotas=Quotas(100_000, 100_000), seed=seed, options=("--port", str(port))
        )
        self._ways = {}
        self._process.start()
        self.url, self.token = self._process.url, self._process.token

    def control(self, path, method="GET", body=None):
        """Call one of the workspace's control endpoints."""
        answer = httpx.request(
            method,
            f"{self.url}/__embedded/{path}",
            headers={"Authorization": f"Bearer {self.token}"},
            json=body if body is not None else ({} if method == "POST" else None),
            timeout=30,
            trust_env=False,
        )
        return answer.raise_for_status().json()

    def faults(self, rules, seed=1):
        """Let these things go wrong; nothing any more if there are none."""
        self.control("faults", "POST", {"seed": seed, "rules": rules})

    def behave(self, ways):
        """Take these ways of what Intercom does not document, also after the next start."""
        self._ways = ways
        self.control("behaviours", "POST", ways)

    def kill_and_start(self, pause=0.0):
        """End the workspace as a power cut would, and start it again over its state."""
        self._process.kill()
        time.sleep(pause)
        self._process.start()
        self.behave(self._ways)

    def close(self):
        """Stop the workspace."""
        self._process.stop()


class Migration:
    """One target on its way into an emptied workspace, with a warehouse and a journal of its own."""

    def __init__(self, driver, server, folder, target, route, template=None, journal=None):
        self._driver = driver
        self.server = server
        self.folder = folder
        self.target = target
        self.route = route
        self.journal = journal or f"sqlite:///{folder / 'journal.sqlite3'}"
        self.warehouse_file = folder / "warehouse.duckdb"
        self.server.control("wipe", "POST")
        self.server.behave({})
        folder.mkdir(parents=True, exist_ok=True)
        if template is None:
            ended = self._driver(self.config(do="prepare", target=target))
            assert ended["code"] == DONE, ended
        else:
            shutil.copyfile(template, self.warehouse_file)

    def discard(self):
        """Remove its files: there may be thousands of rounds."""
        shutil.rmtree(self.folder)

    def config(self, **more):
        """Return the driver's configuration."""
        return {
            "url": self.server.url,
            "token": self.server.token,
            "route": self.route,
            "journal": self.journal,
            "warehouse": str(self.warehouse_file),
            **more,
        }

    def run(self, while_it_runs=None, **more):
        """Plan and load once and return how that ended; a fault of the program itself is a failure at once."""
        ended = self._driver(self.config(do="migrate", **more), while_it_runs)
        assert ended["code"] != BROKEN, ended["reason"]
        return ended

    def finish(self):
        """Run without any fault until nothing is left to be done, and return the last run's figures."""
        for _ in range(MOST_RUNS):
            ended = self.run()
            if ended["code"] == DONE and ended["open"] == ended["left"] == 0:
                return ended
        raise AssertionError(f"After {MOST_RUNS} runs without a fault something is left: {ended}")
