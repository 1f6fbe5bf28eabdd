"""A migration into the embedded workspace with its counts and its sweep, as a run's steps do them."""

import asyncio
from types import SimpleNamespace

import pytest

from migration_assets.accounting.load_figures import start_loads
from migration_assets.accounting.sweep_tables import figures, start_sweep
from migration_assets.intercom import load_step as stepping
from migration_assets.intercom.load import load
from migration_assets.objects.registry import load_order, loader_of
from migration_assets.verified.final_count import calls_at_the_end, count_at_the_end
from migration_assets.verified.sweep_workspace import sweep
from migration_assets.writing.environment import Environment
from resources.intercom.budget import Budget
from resources.intercom.client import Intercom
from resources.journal import Journal, Run
from resources.warehouse import fetch_frame
from tests.support.site import TYPE, server, site, small


class Migration:
    """A target on its way into the workspace, by one of the two routes."""

    def __init__(self, site, route):
        self.site = site
        self.route = route
        self.calls = None
        self.made = []
        """The arguments of every call that made a conversation or a part."""

    def run(self, wrap=None, settle=0.0, deadline=30.0, deduplicate=True):
        """Plan, load, count and sweep; returns the sweep's figures. `wrap` may replace the client's methods.

        From the second run on only conversations are loaded, as the others have nothing to do.
        """
        objects = load_order() if self.calls is None else ("conversation",)
        self.site.runs += 1
        step = SimpleNamespace(warehouse=self.site.warehouse, run_id=f"run-{self.site.runs}")
        self.site.plan(route=self.route)
        with self.site.warehouse.connect() as connection:
            start_loads(connection)
            start_sweep(connection)

        async def work():
            async with Intercom(self.site.server.url, self.site.server.token, budget=Budget(), deadline=deadline) as c:
                with Journal(self.site.url, "m") as journal:
                    journal.begin_run(Run(step.run_id))
                    self._record(c)
                    if wrap:
                        wrap(c)
                    env = Environment(
                        self.site.warehouse, journal, c, settle_seconds=settle, page_size=3, drop=self.site.drop
                    )
                    for name in objects:
                        await load(env, loader_of(name, self.route, TYPE))
                        await stepping.count_what_stands(step, env, name, TYPE)
                    await sweep(env, deduplicate=deduplicate)
                    self.calls = c.calls.snapshot()

        asyncio.run(work())
        with self.site.warehouse.connect() as connection:
            return figures(connection)

    def end(self):
        """Sweep and count once more what Intercom shows, as the sweep's step does; returns what is present, by object.

        `told` is what was said of the calls before, `calls` are those that were made.
        """

        async def work(client):
            with Journal(self.site.url, "m") as journal:
                journal.begin_run(Run(f"run-{self.site.runs}"))
                step = SimpleNamespace(warehouse=self.site.warehouse, run_id=f"run-{self.site.runs}")
                env = Environment(self.site.warehouse, journal, client, settle_seconds=0.0)
                await sweep(env)
                await count_at_the_end(step, env)
                self.calls = client.calls.snapshot()

        with self.site.warehouse.connect() as connection:
            self.told = calls_at_the_end(connection)
        self.site.call(work)
        return self.present()

    def present(self):
        """What is present as the run has it, by object."""
        return dict(self.site.rows("SELECT object, present FROM verdict.loads"))

    def _record(self, client):
        for name in ("create_ticket", "create_conversation", "reply_ticket", "reply_conversation"):
            self._record_calls(client, name)

    def _record_calls(self, client, name):
        real = getattr(client, name)

        async def noting(*args):
            self.made.append((name, args))
            return await real(*args)

        setattr(client, name, noting)

    def again(self, kind, number=0):
        """Make the same call once more that made a conversation (create) or a part (reply), and return the new id."""
        name, args = [call for call in self.made if call[0].startswith(kind)][number]
        # By the time it arrives the conversation may be a ticket.
        answer = self.site.call(lambda client: getattr(client, name)(*args))
        if name == "reply_conversation":
            return max((part.id for part in answer.parts if part.body), key=int)
        return getattr(answer, "conversation_id", answer.id)

    def strays(self):
        """What the latest sweep found, as rows."""
        with self.site.warehouse.connect() as connection:
            return fetch_frame(connection, "SELECT * FROM verdict.strays ORDER BY kind, object, intercom_id").to_dicts()

    def id_of(self, object_name, key):
        """Intercom's id of what the journal knows."""
        ((found,),) = self.site.rows(
            f"SELECT intercom_id FROM plan.journal WHERE object = '{object_name}' AND source_key = '{key}' "
            "AND operation IN ('create', 'append')"
        )
        return found

    def threads(self):
        """The ids of all conversations and tickets."""

        async def read(client):
            query = {"field": "created_at", "operator": ">", "value": 0}
            return {item.id async for page in client.search_conversations(query) for item in page}

        return self.site.call(read)

    def parts(self, key):
        """The parts of one of our conversations that somebody wrote."""
        found = self.site.call(lambda client: client.get_conversation(self.id_of("conversation", key)))
        return [part for part in found.parts if part.body]


@pytest.fixture
def ticket_route(small):
    return Migration(small, "ticket")


@pytest.fixture(params=["ticket", pytest.param("conversation", marks=pytest.mark.rehearsal)])
def migration(small, request):
    """A migration on either route."""
    return Migration(small, request.param)


def doubling(name, nth=1):
    """Return a wrap that delivers the n-th call of a method twice, as a proxy may."""

    def wrap(client):
        real = getattr(client, name)
        seen = []

        async def twice(*args):
            answer = await real(*args)
            seen.append(args)
            if len(seen) == nth:
                await real(*args)
            return answer

        setattr(client, name, twice)

    return wrap
