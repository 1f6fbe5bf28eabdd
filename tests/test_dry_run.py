"""A dry run: everything up to the plan, into a workspace that lacks an agent; and what a plan can refuse."""

import pytest

from schemas.settings import Settings
from tests.support.cli import Cli, query
from tests.support.steps import steps
from tests.support.workspace import read_workspace

TICKETS = 40
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def dry(small_extract, seed_without_an_agent, tmp_path_factory):
    """A dry run into a workspace that lacks an agent: (how it ended, its state folder)."""
    state = tmp_path_factory.mktemp("dry") / "state"
    run = Cli(state, MIGRATION_EXTRACT=small_extract, EMBEDDED_SEED=seed_without_an_agent[0])
    return run("dry-run"), state


def test_a_dry_run_plans_everything_and_writes_nothing(dry):
    finished, state = dry
    assert finished.code == 0, finished.err
    assert finished.certificate["calls"]["writes"] == 0
    called = finished.certificate["calls"]["by_endpoint"]
    # A search is a read, though it is a POST.
    assert [name for name in called if not name.startswith("GET") and not name.endswith("/search")] == []
    assert finished.certificate["migration"]["dry_run"] is True
    rows = query(state, "SELECT object, action, count(*) AS n FROM plan.actions GROUP BY ALL")
    actions = {(row["object"], row["action"]): row["n"] for row in rows}
    assert {action for _, action in actions} == {"create", "blocked"}
    assert actions["conversation", "create"] + actions["conversation", "blocked"] == TICKETS
    content = read_workspace(state)
    for table in ("contacts", "companies", "threads", "parts", "tags", "data_attributes", "ticket_types"):
        assert content.counts[table] == 0, table


def test_unmatched_stop_stops_at_the_plan(dry, small_extract, seed_without_an_agent, changed_mapping):
    """The plan stands before every write, so a plan that fails is a run that writes nothing."""
    _, state = dry
    seed, email, name = seed_without_an_agent
    chosen = changed_mapping(unmatched="stop")
    settings = Settings(state=state, extract=small_extract, map=chosen, embedded_seed=seed)
    (said,) = steps(settings, "plan/reconciliation_queue", "plan/writes", "plan/actions")
    assert "1 agents and 0 teams with tickets are not in Intercom, and settings.unmatched is stop" in said
    assert email not in said
    assert name not in said
