"""An embedded workspace that is probed, and what is left in it."""

import asyncio

import pytest

from embedded_intercom.protocol.unknowns import UNKNOWNS
from migration_assets.objects.probe.canary_rows import TYPE_NAME
from migration_assets.objects.probe.ledger import ProbeLedger
from migration_assets.objects.probe.run_probe import OwnAdmins, run_probe
from resources.intercom.budget import Budget
from resources.intercom.client import Intercom
from resources.journal.workspace_profiles import WorkspaceProfiles
from tests.support.site import server, site

APP = "app1"


def behaviours(number):
    """The n-th of five sets of ways: together they have every way of everything."""
    return {
        name: unknown.ways[(number + place) % len(unknown.ways)]
        for place, (name, unknown) in enumerate(UNKNOWNS.items())
    }


class Probed:
    """A workspace, and short ways to probe it and to look what is left."""

    def __init__(self, site):
        self.site = site
        self.profiles = WorkspaceProfiles(site.url)
        self.company_ids = set()

    def behave(self, **ways):
        self.site.control("behaviours", "POST", ways)

    def told(self):
        return self.site.control("notifications")["by"]

    def probe(self, wrap=None, settle=0.0, patience=6.0):
        async def session():
            async with Intercom(self.site.server.url, self.site.server.token, budget=Budget()) as client:
                self._note_companies(client)
                if wrap:
                    wrap(client)
                ledger = ProbeLedger(client, self.profiles, APP, settle_seconds=settle)
                me, admins = await client.me(), await client.list_admins()
                writer = next(admin.id for admin in admins if admin.id != me.id)
                return await run_probe(client, ledger, OwnAdmins(writer, me.id), patience=patience)

        return asyncio.run(session())

    def _note_companies(self, client):
        real = client.upsert_company

        async def upsert(body):
            self.company_ids.add(body["company_id"])
            return await real(body)

        client.upsert_company = upsert

    def left(self):
        """Everything that is in the workspace now, but for ticket types that are archived."""

        async def read(client):
            anything = {"operator": "OR", "value": [{"field": "open", "operator": "=", "value": flag}
                                                    for flag in (True, False)]}  # fmt: skip
            return {
                "contacts": [one.name async for page in client.iter_contacts() for one in page],
                "companies": [one.name async for page in client.iter_companies() for one in page],
                "tickets": [one.id async for page in client.search_tickets(anything) for one in page],
                "tags": [tag.name for tag in await client.list_tags()],
                "types": [one.name for one in await client.list_ticket_types() if not one.archived],
                # One without contacts is in no list.
                "unlisted": [key for key in sorted(self.company_ids) if await client.find_company(key)],
            }

        found = self.site.call(read)
        return {name: rows for name, rows in found.items() if rows}

    def types(self):
        return [one for one in self.site.call(lambda client: client.list_ticket_types()) if one.name == TYPE_NAME]


@pytest.fixture
def probed(site):
    made = Probed(site)
    yield made
    made.behave()
    made.profiles.close()
