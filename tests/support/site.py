"""A warehouse, a journal, an embedded workspace and a small target: the fixtures of every test that loads."""

import asyncio
import json
import urllib.request

import pytest

from embedded_intercom.process import EmbeddedProcess, Quotas
from migration_assets.intercom.load import load
from migration_assets.objects.registry import load_order, loader_of
from migration_assets.plan.observing import begin_observing, observe
from migration_assets.plan.plan import build_plan
from migration_assets.plan.plan_options import PlanOptions
from migration_assets.writing.conflicts import KEEPING
from migration_assets.writing.environment import Environment
from resources.intercom.budget import Budget
from resources.intercom.client import Intercom
from resources.journal import Journal, Run
from resources.warehouse import Warehouse, fetch_frame
from tests.support import target_tables as tt

SEED = {
    "workspace": {"name": "Test"},
    "admins": [
        {"name": "Migration", "email": "migration@example.com"},
        {"name": "Fallback", "email": "fallback@example.com"},
        {"name": "Agent a1", "email": "a1@agents.example"},
    ],
    "teams": [{"name": "First line"}],
}
TYPE = "ITCO ticket"


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("embedded")
    seed = folder / "seed.json"
    seed.write_text(json.dumps(SEED))
    with EmbeddedProcess(folder / "state", quotas=Quotas(100_000, 100_000), seed=seed) as process:
        yield process


class Site:
    """A warehouse, a journal and an embedded workspace, and short ways to load and to look."""

    def __init__(self, tmp_path, server):
        self.server = server
        self.warehouse = Warehouse(database=str(tmp_path / "w.duckdb"))
        self.url = f"sqlite:///{tmp_path / 'j.sqlite3'}"
        self.drop = tmp_path / "drop"
        self.name = "m"
        self.tables = {}
        self.options = {}
        self.runs = 0

    def control(self, path, method="GET", body=None):
        request = urllib.request.Request(  # noqa: S310
            f"{self.server.url}/__embedded/{path}",
            method=method,
            headers={"Authorization": f"Bearer {self.server.token}", "Content-Type": "application/json"},
            data=json.dumps(body or {}).encode() if method == "POST" else None,
        )
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            return json.loads(answer.read())

    def call(self, work):
        async def session():
            async with Intercom(self.server.url, self.server.token, budget=Budget()) as client:
                return await work(client)

        return asyncio.run(session())

    def target(self, **tables):
        self.tables.update(tables)

    def observe(self):
        """Let the rooms look at Intercom, as the plan of a run does before records are first written."""
        with self.warehouse.connect() as connection, Journal(self.url, self.name) as journal:
            tt.write_target(connection, **self.tables)
            rooms = begin_observing(connection, journal)
        self.call(lambda client: observe(client, self.warehouse, rooms))

    def plan(self, journal=None, observed=False, **options):
        chosen = {"run_id": f"run-{self.runs}", "route": "ticket", "unmatched": "hold", "ticket_type": TYPE,
                  "migration_admin": "migration@example.com", "fallback_admin": "fallback@example.com"}  # fmt: skip
        chosen |= self.options | options
        admins = self.call(lambda client: client.list_admins())
        teams = self.call(lambda client: client.list_teams())
        own = journal or Journal(self.url, self.name)
        with self.warehouse.connect() as connection:
            tt.write_target(connection, **self.tables)
            tt.write_people(
                connection, [(item.id, item.email) for item in admins], [(item.id, item.name) for item in teams]
            )
            made = build_plan(connection, own, PlanOptions(**chosen), observed=observed)
        if journal is None:
            own.close()
        return made

    def migrate(self, objects=None, wrap=None, settle=0.0, policy=KEEPING, accepted_answers=frozenset(), **options):
        """Plan and load; returns the results by object. `wrap` may replace the client's methods."""
        self.runs += 1
        route = (self.options | options).get("route", "ticket")
        results = {}

        async def work(client):
            with Journal(self.url, self.name) as journal:
                journal.begin_run(Run(f"run-{self.runs}"))
                if wrap:
                    wrap(client)
                env = Environment(self.warehouse, journal, client, settle_seconds=settle, page_size=3, drop=self.drop,
                                  policy=policy, accepted_answers=accepted_answers)  # fmt: skip
                for name in objects or load_order():
                    results[name] = await load(env, loader_of(name, route, TYPE))

        self.plan(**options)
        self.call(work)
        return results

    def rows(self, query):
        with self.warehouse.connect() as connection:
            return fetch_frame(connection, query).rows()

    def tickets(self):
        async def read(client):
            query = {"operator": "OR", "value": [{"field": "open", "operator": "=", "value": flag} for flag in
                                                 (True, False)]}  # fmt: skip
            found = [ticket async for page in client.search_tickets(query) for ticket in page]
            return {ticket.ticket_attributes.get("ITCO id"): ticket for ticket in found}

        return self.call(read)


@pytest.fixture
def site(tmp_path, server):
    made = Site(tmp_path, server)
    made.control("wipe", "POST")
    return made


@pytest.fixture
def small(site):
    """A target with a little of everything."""
    attribute = {"options": None, "description": "From ITCO"}
    site.target(
        attributes=[
            {"source_key": "contact.ITCO id", "model": "contact", "name": "ITCO id",
             "data_type": "string", **attribute},
            {"source_key": "company.ITCO company id", "model": "company", "name": "ITCO company id",
             "data_type": "string", **attribute},
            {"source_key": "ticket.ITCO id", "model": "ticket", "name": "ITCO id", "data_type": "string", **attribute},
            {"source_key": "ticket.Priority", "model": "ticket", "name": "Priority", "data_type": "list",
             "options": ["Urgent", "High", "Medium", "Low"], "description": "Priority in ITCO"},
        ],
        contacts=[tt.contact("c1"), tt.contact("c2", phone="+15551234567")],
        companies=[tt.company("k1", custom_attributes={"ITCO company id": "k1"})],
        contact_companies=[tt.link("c1", "k1")],
        admins=[tt.admin("a1")],
        teams=[{"source_key": "g1", "name": "First line", "path": "First line", "tickets": 1}],
        tags=[{"source_key": "vip", "name": "VIP"}, {"source_key": "late", "name": "Late"}],
        conversations=[
            tt.conversation("t1", company_key="k1", agent_id="a1", team_id="g1", priority="high", tags=["VIP", "Late"],
                            state="closed", ticket_state="Resolved",
                            attributes={"ITCO id": "t1", "Priority": "High"}),
            tt.conversation("t2", "c2", state="snoozed", ticket_state="Waiting on customer",
                            snoozed_until=2_100_000_000, created_at=1_600_100_000),
            tt.conversation("t3", "c2", created_at=1_600_200_000),
            tt.conversation("t4", "c1", created_at=1_600_300_000),
        ],
        parts=[
            tt.part("m1", "t1", 1, "a1", "admin"),
            tt.part("m2", "t1", 2, "c1"),
            tt.part("m3", "t1", 3, None, "admin", kind="note", body="<p>Internal <b>note</b> &amp; more</p>"),
            tt.part("m4", "t2", 1, "c2"),
            tt.part("m5", "t4", 1, "a1", "admin", kind="note"),
        ],
    )  # fmt: skip
    return site
