"""The embedded workspace of tests/intercom, loaded, and read back in this process."""

from types import SimpleNamespace

import pytest

from migration_assets.accounting.load_figures import start_loads
from migration_assets.verified.fields import scope
from migration_assets.verified.fields.applied_writes import note_applied_writes
from migration_assets.verified.fields.groups import groups as all_groups
from migration_assets.verified.fields.step import GroupVerification
from resources.journal import Journal, Run
from resources.run import MigrationOptions


class Verifier:
    """Reads a site back as the assets of stage `verified` do, and says what was found."""

    def __init__(self, site):
        self.site = site

    def __call__(
        self, only="everything", sample="all", seed=1, groups=None, wrap=None, accepted=frozenset(), **options
    ):
        site = self.site
        site.runs += 1
        site.plan(**options)
        chosen = MigrationOptions(verify_only=only)
        workspace = SimpleNamespace(concurrency=8, settle_seconds=0.0)
        step = SimpleNamespace(warehouse=site.warehouse, run_id=f"run-{site.runs}", options=chosen, workspace=workspace)
        with site.warehouse.connect() as connection:
            if only == "everything":
                start_loads(connection)
                note_applied_writes(connection)
                scope.choose(connection, scope.VerificationSample.parse(sample), seed)
        self.calls = {}

        async def work(client):
            if wrap:
                wrap(client)
            with Journal(site.url, "m") as journal:
                journal.begin_run(Run(step.run_id, kind="verify"))
                for name in groups or all_groups():
                    before = client.calls.total
                    await GroupVerification(step, client, journal, name, accepted=accepted).run()
                    self.calls[name] = client.calls.total - before
                self.writes = client.calls.writes

        site.call(work)
        return self.differences()

    def differences(self):
        """Return {(object, key, field): (expected, found, reason)}."""
        rows = self.site.rows("SELECT object, source_key, field, expected, found, reason FROM verdict.differences")
        return {row[:3]: row[3:] for row in rows}

    def counts(self):
        """Return {(object, field): (compared, equal, explained, different, unverifiable)}."""
        rows = self.site.rows(
            "SELECT object, field, compared, equal, explained, different, unverifiable FROM verdict.fields"
        )
        return {row[:2]: row[2:] for row in rows}

    def explained(self):
        """Return {(object, field, normalisation): fields}."""
        return {row[:3]: row[3] for row in self.site.rows("SELECT * FROM verdict.explained")}


@pytest.fixture
def verifier():
    return Verifier


@pytest.fixture
def verify(small):
    return Verifier(small)


class Hand:
    """What somebody does in Intercom by hand."""

    def __init__(self, site):
        self.site = site

    def id(self, object_name, key):
        query = (
            f"SELECT intercom_id FROM plan.journal WHERE object = '{object_name}' AND source_key = '{key}' "
            "AND operation IN ('create', 'upsert', 'append')"
        )
        return self.site.rows(query)[0][0]

    def __call__(self, method, path, body=None, version="2.16"):
        async def call(client):
            answer = await client._http.request(method, path, json=body, headers={"Intercom-Version": version})
            assert answer.status_code in (200, 202), answer.text
            return answer.json()

        return self.site.call(call)


@pytest.fixture
def hand(small):
    return Hand(small)
