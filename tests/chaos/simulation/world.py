"""A simulated world: one Intercom, one journal, one warehouse, and processes of the program that come and go in it."""

import asyncio
import random
import shutil
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from functools import partial

import duckdb

from migration_assets.intercom.load import load
from migration_assets.objects.registry import load_order, loader_of
from migration_assets.plan.plan import build_plan
from migration_assets.plan.plan_options import PlanOptions
from migration_assets.writing.environment import Environment
from migration_assets.writing.records import Stopped
from resources.intercom.budget import Budget
from resources.intercom.client import Intercom
from resources.intercom.errors import IntercomError
from resources.journal import Journal, JournalError, Run
from resources.warehouse import SCHEMAS, Warehouse
from schemas.source import source_macros
from tests.chaos import oracle
from tests.chaos.simulation.fake_intercom import ADMINS, TEAMS, FakeIntercom
from tests.chaos.simulation.late_writer import LATER, LateWriter, Life
from tests.chaos.simulation.network import CALM, Network, Transport
from tests.chaos.simulation.virtual_time import Clock, run
from tests.support import target_tables

TYPE = "ITCO ticket"
PREPARED = ("attribute", "ticket_type", "ticket_attribute", "tag")
"""What is the same in every target: most worlds begin with it."""
SETTLE = 300.0
MOST_RUNS = 8
"""Calm runs that may be needed until nothing is left; more mean that it does not go on."""


class MemoryWarehouse(Warehouse):
    """A warehouse in memory that stays open: a file is what costs most of a run, and DuckDB's own files are not at
    issue here. As with a file, everything that was committed is still there after a process has died."""

    def model_post_init(self, context):
        super().model_post_init(context)
        self._engine = duckdb.connect(config={"threads": "1", "memory_limit": "256MB"})
        for statement in ("ATTACH ':memory:' AS warehouse", "USE warehouse", *(f"CREATE SCHEMA {x}" for x in SCHEMAS)):
            self._engine.execute(statement)

    @contextmanager
    def connect(self):
        with self._engine.cursor() as connection:
            connection.execute("USE warehouse")
            connection.execute(source_macros())
            yield connection

    def close(self):
        """Give its memory back."""
        self._engine.close()


@dataclass(frozen=True)
class Ended:
    """How a process ended: done, stopped (and why) or killed; and how many steps it took."""

    how: str
    reason: str
    steps: int
    left: int = 0
    """Records that are not done."""


class World:
    """Everything that there is, from one seed. `prepared` is another world whose workspace this one begins with."""

    def __init__(self, folder, target, seed, prepared=None, settle=SETTLE):
        self.clock = Clock()
        self.dice = random.Random(seed)  # noqa: S311 - it is to be repeatable
        self.target = target
        self.settle = settle
        self.prepared = prepared
        self.intercom = FakeIntercom() if prepared is None else deepcopy(prepared.intercom)
        self.network = Network(self.intercom, self.clock, self.dice)
        self.journal_file = folder / "journal.sqlite3"
        if prepared is not None:
            shutil.copyfile(prepared.journal_file, self.journal_file)
        self.warehouse = MemoryWarehouse(database=":memory:")
        self.runs = 0
        self._planned = False
        with self.warehouse.connect() as connection:
            target_tables.write_target(connection, **target)
            target_tables.write_people(
                connection, list(zip("1234", ADMINS, strict=True)), [(str(n), name) for n, name in enumerate(TEAMS, 51)]
            )

    def process(self, weather, trouble=None, objects=None, plan_anew=True):
        """Let one process plan and load `objects` in that weather; `trouble` is what strikes it at which step."""
        self.runs += 1
        life = Life()
        self.network.become(weather)
        state = random.getstate()
        random.seed(self.dice.random())
        try:
            work = self._work(life, objects or load_order(), plan_anew=plan_anew or not self._planned)
            lived, ended, steps = run(self.clock, work, trouble, life.end)
        finally:
            random.setstate(state)
        return Ended(*ended[:2], steps, ended[2]) if lived else Ended("killed", "", steps)

    async def _work(self, life, objects, *, plan_anew):
        url, later = f"sqlite:///{self.journal_file}", partial(asyncio.get_running_loop().call_later, LATER)
        try:
            with Journal(url, "m", make_writer=partial(LateWriter, life, later)) as journal:
                return "done", "", await self._migrate(journal, life, objects, plan_anew=plan_anew)
        except (Stopped, JournalError, IntercomError) as error:
            return "stopped", str(error), 0

    async def _migrate(self, journal, life, objects, *, plan_anew):
        run_id = f"run-{self.runs}"
        if plan_anew:
            self._plan(journal, run_id)
        journal.begin_run(Run(run_id))
        async with self._client(life) as client:
            env = Environment(self.warehouse, journal, client, settle_seconds=self.settle, page_size=3, concurrency=4)
            results = [await load(env, loader_of(name, "ticket", TYPE)) for name in objects]
        journal.end_run("complete")
        return sum(found.ambiguous + found.failed + found.blocked + found.unsent for found in results)

    def _client(self, life):
        budget, transport = Budget(clock=self.clock.time), Transport(self.network, life)
        return Intercom("https://api.intercom.io", "token", budget=budget, transport=transport)

    def _plan(self, journal, run_id):
        options = PlanOptions(run_id, "ticket", "hold", ADMINS[0], TYPE, fallback_admin=ADMINS[1])
        self._planned = True
        with self.warehouse.connect() as connection:
            return build_plan(connection, journal, options)

    def finish(self, objects=None):
        """Let processes load `objects` in calm weather until nothing is left, then one plan anew and load everything.

        Returns what is wrong.
        """
        for _ in range(MOST_RUNS):
            ended = self.process(CALM, None, objects, plan_anew=False)
            if ended.how == "done" and not ended.left:
                break
        else:
            return [f"After {MOST_RUNS} calm runs something is left: {ended}"]
        self.clock.elapsed += 2 * SETTLE
        self.network.deliver()
        before = self.intercom.writes
        self.process(CALM)
        wrong = (
            [] if self.intercom.writes == before else [f"A further run wrote {self.intercom.writes - before} times."]
        )
        return wrong + self.judge()

    def judge(self):
        """Return what is wrong with everything, by the oracle of the real-process rounds."""
        self.network.become(CALM)
        content = run(self.clock, self._read())[1]
        wrong = oracle.compare(content, self.target, "ticket")
        writes = oracle.read_journal(f"sqlite:///{self.journal_file}")
        return wrong + oracle.compare_journal(content, writes) + self._strangers()

    def _strangers(self):
        """Nobody but us wrote here: what is taken for somebody else's would never be rolled back."""
        with Journal(f"sqlite:///{self.journal_file}", "m") as journal:
            rows = [row for frame in journal.record_states() for row in frame.to_dicts() if row["adopted"]]
        return [f"The {row['object']} {row['source_key']} is taken for somebody else's." for row in rows]

    async def _read(self):
        async with self._client(Life()) as client:
            content = await oracle._read(client, self.target)
        content.counts, content.told = self.intercom.counts(), self.intercom.notifications()
        return content
