"""Verification forgives what the workspace may do, and no more than that where a probe has seen what it does."""

from types import SimpleNamespace

import pytest

from migration_assets.objects.probe.questions import answers
from migration_assets.workspace.probing import write_profile
from migration_assets.writing.environment import environment_of
from resources.intercom.client import Intercom
from resources.journal import Journal
from resources.journal.workspace_profiles import WorkspaceProfile
from tests.support import target_tables as tt
from tests.verified.fields.conftest import Verifier


def seen(site, **readings):
    with site.warehouse.connect() as connection:
        write_profile(connection, WorkspaceProfile(1.0, answers(readings), []), stops=True)


@pytest.fixture
def replied(small):
    """A loaded site in which c2 has replied in the ticket of c1, and is shown among its participants."""
    small.control("behaviours", "POST", {"replier_participates": "yes"})
    small.target(parts=[*small.tables["parts"], tt.part("m9", "t1", 4, "c2")])
    small.migrate()
    yield small
    small.control("behaviours", "POST", {})


@pytest.mark.parametrize(("readings", "named"), [({}, 0), ({"replier_participates": True}, 0),
                                                 ({"replier_participates": False}, 1)])  # fmt: skip
def test_a_participant_is_named_where_the_workspace_was_seen_to_make_none(replied, readings, named):
    seen(replied, **readings)
    differences = Verifier(replied)()
    assert len(differences) == named
    assert all("contact" in key for key in differences)


@pytest.mark.parametrize(("readings", "settle", "waited"), [({}, 3.0, 3.0), ({"search_finds": 4.0}, 3.0, 8.0),
                                                            ({"search_finds": 4.0}, 300.0, 300.0)])  # fmt: skip
def test_a_search_that_lags_is_waited_for_never_shorter_than_is_set(site, readings, settle, waited):
    seen(site, **readings)
    workspace = SimpleNamespace(concurrency=8, settle_seconds=settle)
    run = SimpleNamespace(warehouse=site.warehouse, workspace=workspace)
    with Journal(site.url, "m") as journal:
        env = environment_of(run, Intercom(site.server.url, site.server.token), journal)
    assert env.settle_seconds == waited
