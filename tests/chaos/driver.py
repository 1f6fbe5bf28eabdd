"""A program that plans and loads a prepared target, and kills itself where its configuration says.

It reads one JSON configuration per line and answers with one JSON object per line: first the process id of the child
that does the work, then how it ended. The child is forked before any thread, event loop or connection exists, so that
a round costs no imports. The product itself is not changed: the crash points are laid around its methods.
"""

import asyncio
import json
import os
import resource
import signal
import sys
import time
import traceback
from contextlib import suppress
from pathlib import Path

import numpy  # noqa: F401 - imported by others only when it is needed; here once for all children
import pyarrow  # noqa: F401

import resources.warehouse
from migration_assets.intercom.load import load
from migration_assets.objects.conversation.conversations import ConversationFinder
from migration_assets.objects.registry import load_order, loader_of
from migration_assets.plan.plan import build_plan
from migration_assets.plan.plan_options import PlanOptions
from migration_assets.writing.environment import Environment
from migration_assets.writing.records import Stopped
from resources.intercom.budget import Budget
from resources.intercom.client import Intercom
from resources.intercom.errors import IntercomError
from resources.intercom.http import Connection
from resources.journal import Journal, JournalError, Run
from resources.journal.writer import Writer
from resources.warehouse import Warehouse, WarehouseError
from tests.support import target_tables

TYPE = "ITCO ticket"
DONE, STOPPED, BROKEN = 0, 3, 4
"""Exit codes of a child: it ended, it ended in order before its end, it failed as no run should."""

POINTS = ("before commit", "after commit", "before send", "after send")
"""Where a child may kill itself: around a transaction of the journal, around one attempt of a call.

After a send means: the answer has come and nothing of it is journalled.
"""


class Counter:
    """Counts how often a point is passed and calls `happen` at the n-th time; 0 never does."""

    def __init__(self, n, happen):
        self.n = n
        self.happen = happen
        self.passed = 0

    def __call__(self):
        self.passed += 1
        if self.passed == self.n:
            self.happen()


def fill_disk(file):
    """Let no file grow beyond half of what `file` has now, or beyond all of it where that is a log: EFBIG as ENOSPC."""
    size = Path(file).stat().st_size
    limit = size if str(file).endswith("-wal") else size // 2
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))


def set_clock(seconds):
    """Let this machine's clock jump by so many seconds; nothing else has it."""
    real = time.time
    time.time = lambda: real() + seconds


def happening(config):
    """Return what happens at the point that the configuration names."""
    if "disk" in config:
        return lambda: fill_disk(config["disk"])
    if "clock" in config:
        return lambda: set_clock(config["clock"])
    return lambda: os.kill(os.getpid(), config.get("signal", signal.SIGKILL))


def lay_points(config):
    """Lay a counter around the journal's transactions and the client's attempts, and return them by point."""
    crash, happen = config.get("crash", {}), happening(config)
    counters = {point: Counter(crash.get(point, 0), happen) for point in POINTS}
    transaction, exchange = Writer._transaction, Connection._exchange

    def counted_transaction(self, group):
        counters["before commit"]()
        result = transaction(self, group)
        counters["after commit"]()
        return result

    async def counted_exchange(self, endpoint, request):
        counters["before send"]()
        answer = await exchange(self, endpoint, request)
        counters["after send"]()
        return answer

    Writer._transaction, Connection._exchange = counted_transaction, counted_exchange
    return counters


def go_blind():
    """Find nothing of what became of conversations and parts: the fault that the kills are there to find."""

    async def nothing(_finder, _env, _write):
        return []

    ConversationFinder.find = nothing


def prepare(config):
    """Write the target and the workspace's people into the warehouse."""

    async def people():
        async with Intercom(config["url"], config["token"], budget=Budget()) as client:
            return await client.list_admins(), await client.list_teams()

    admins, teams = asyncio.run(people())
    with Warehouse(database=config["warehouse"]).connect() as connection:
        target_tables.write_target(connection, **config["target"])
        target_tables.write_people(
            connection, [(item.id, item.email) for item in admins], [(item.id, item.name) for item in teams]
        )
    return {}


def plan(config, journal, run_id):
    """Plan everything anew and return the plan."""
    options = PlanOptions(
        run_id=run_id,
        route=config["route"],
        unmatched="hold",
        ticket_type=TYPE,
        migration_admin="migration@example.com",
        fallback_admin="fallback@example.com",
    )
    with Warehouse(database=config["warehouse"]).connect() as connection:
        return build_plan(connection, journal, options)


async def _load(config, journal):
    deadline = config.get("deadline", 1.0)
    async with Intercom(
        config["url"], config["token"], budget=Budget(), deadline=deadline, patience=config.get("patience", 3.0),
        backoff=0.05, outage=config.get("outage", 20.0),
    ) as client:  # fmt: skip
        env = Environment(
            Warehouse(database=config["warehouse"]),
            journal,
            client,
            settle_seconds=config.get("settle", 0.2),
            page_size=3,
            stop_deadline=5.0,
        )
        results = [await load(env, loader_of(name, config["route"], TYPE)) for name in load_order()]
    return {result.object: result.ambiguous + result.failed + result.blocked + result.unsent for result in results}


def migrate(config):
    """Plan and load all objects in order, and say what is left: records, and calls of a new plan."""
    counters = lay_points(config)
    if config.get("blind"):
        go_blind()
    run_id = f"run-{os.getpid()}-{os.urandom(4).hex()}"
    with Journal(config["journal"], "m") as journal:
        planned = plan(config, journal, run_id)
        journal.begin_run(Run(run_id))
        open_records = asyncio.run(_load(config, journal))
        journal.end_run("complete")
        left = plan(config, journal, run_id).calls
    passed = {point: counter.passed for point, counter in counters.items()}
    return {"planned": planned.calls, "open": sum(open_records.values()), "left": left, "passed": passed}


def work(config):
    """Do what the configuration says in this process; return (exit code, what to tell)."""
    resources.warehouse.THREADS = 1
    try:
        return DONE, {"prepare": prepare, "migrate": migrate}[config["do"]](config)
    except (Stopped, JournalError, IntercomError, WarehouseError) as error:
        return STOPPED, {"reason": str(error)}
    except BaseException:
        # Told to the test, which fails with it.
        return BROKEN, {"reason": traceback.format_exc()}


def serve_one(config):
    """Fork a child for one configuration, tell its id, wait for it, and tell how it ended."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        code, told = work(config)
        with suppress(OSError):
            os.write(writing, json.dumps(told).encode()[:60_000])
        # Nothing of the parent's, such as its buffered output, is to be ended twice.
        os._exit(code)
    os.close(writing)
    print(json.dumps({"pid": child}), flush=True)
    with os.fdopen(reading) as pipe:
        told = pipe.read()
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    print(json.dumps({"code": code, **(json.loads(told) if told else {})}), flush=True)


def main():
    """Serve configurations until there are no more."""
    for line in sys.stdin:
        serve_one(json.loads(line))


if __name__ == "__main__":
    main()
