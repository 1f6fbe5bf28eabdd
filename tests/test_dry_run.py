"""A dry run: everything up to the plan, into a workspace that lacks an agent; and what a plan can refuse."""

import json

import pytest

from schemas.settings import Settings
from tests.support.cli import Cli, query
from tests.support.steps import steps
from tests.support.workspace import read_workspace

TICKETS = 40
PROOF = ("report.html", "certificate.json", "certificate.html", "reconciliation.html", "handover")
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def dry(small_extract, seed_without_an_agent, tmp_path_factory):
    """A dry run into a workspace that lacks an agent: (how it ended, its state folder)."""
    state = tmp_path_factory.mktemp("dry") / "state"
    run = Cli(state, MIGRATION_EXTRACT=small_extract, EMBEDDED_SEED=seed_without_an_agent[0])
    return run("dry-run"), state


def overview(state):
    return json.loads((state / "plan.json").read_text())


def test_a_dry_run_plans_everything_and_writes_nothing(dry):
    finished, state = dry
    assert finished.code == 0, finished.err
    plan = overview(state)["objects"]
    assert {plan[name][action] for name in plan for action in ("adopt", "update", "append", "unchanged")} == {0}
    assert plan["conversations"]["create"] + plan["conversations"]["blocked"] == TICKETS
    content = read_workspace(state, warehouse=state / "dry-run")
    for table in ("contacts", "companies", "threads", "parts", "tags", "data_attributes", "ticket_types"):
        assert content.counts[table] == 0, table


def test_what_it_shows_is_the_plan(dry):
    finished, state = dry
    found = overview(state)
    rows = query(
        state / "dry-run", "SELECT object, action, count(*) AS n, sum(calls) AS calls FROM plan.actions GROUP BY ALL"
    )
    assert sum(row["calls"] for row in rows) == found["calls"] > 0
    for action in ("create", "blocked"):
        planned = sum(row["n"] for row in rows if row["action"] == action)
        assert sum(plan[action] for plan in found["objects"].values()) == planned
    assert found["time"]["seconds_granted"] > 0 and found["time"]["seconds_documented"] > 0
    (waits, *_) = [one for one in found["objects"]["conversations"]["first"] if one["action"] == "blocked"]
    assert waits["reason"] == "waits for an agent who is not in Intercom"
    for said in (finished.err, (state / "plan.html").read_text()):
        assert f"{found['calls']:,} calls would be made" in said
        assert waits["source_key"] in said and waits["reason"] in said


def test_it_leaves_no_proof_of_what_it_did_not_do(dry):
    finished, state = dry
    assert [name for name in PROOF if (state / name).exists()] == []
    assert finished.certificate is None
    checked = Cli(state, MIGRATION_EXTRACT="nowhere")("verify-certificate")
    assert checked.code == 1
    assert "There is no certificate" in checked.err and "holds" not in checked.said


def test_unmatched_stop_stops_at_the_plan(dry, small_extract, seed_without_an_agent, changed_mapping):
    """The plan stands before every write, so a plan that fails is a run that writes nothing."""
    _, state = dry
    seed, email, name = seed_without_an_agent
    chosen = changed_mapping(unmatched="stop")
    settings = Settings(state=state / "dry-run", extract=small_extract, map=chosen, embedded_seed=seed)
    (said,) = steps(settings, "plan/reconciliation_queue", "plan/writes", "plan/actions")
    assert "1 agents and 0 teams with tickets are not in Intercom, and settings.unmatched is stop" in said
    assert email not in said
    assert name not in said
