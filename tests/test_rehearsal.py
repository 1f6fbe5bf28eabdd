"""A rehearsal: the whole command line while everything that a run survives without a person goes wrong."""

import json

import pytest

from tests.support.cli import Cli
from tests.support.workspace import read_workspace

pytestmark = [pytest.mark.slow, pytest.mark.rehearsal]

TICKETS = 40

FAULTS = (
    "before=0.02 after=0.02 reset=0.02 reset_before=0.02 malformed=0.02 slow=0.02,seconds=0.2 never=0.01 "
    "limited=0.01,seconds=1,in_a_row=3 outage,nth=200,seconds=2 outage_cut,nth=350,seconds=1"
)
"""More than 1% of each, so that a small extract is really struck."""

SEED = 22
"""One that spares GET /companies/scroll: Intercom lets it begin anew only after a minute, and so do we wait."""


@pytest.fixture(scope="module")
def rehearsal(small_extract, tmp_path_factory):
    """Return (state folder, the run, what struck) of a migration under faults."""
    state = tmp_path_factory.mktemp("rehearsal") / "state"
    run = Cli(
        state,
        MIGRATION_EXTRACT=small_extract,
        MIGRATION_CALL_DEADLINE=2,
        # Less than the run could use, so that its own pacing is what keeps it from 429s.
        EMBEDDED_APP_QUOTA=250,
        EMBEDDED_FAULTS=FAULTS,
        EMBEDDED_FAULT_SEED=SEED,
    )
    finished = run("migrate")
    return state, finished, json.loads((state / "embedded" / "faults.json").read_text())


def test_the_rehearsal_was_one(rehearsal):
    """Every kind struck, and most of them writes."""
    _, _, struck = rehearsal
    assert {rule["kind"]: rule["struck"] > 0 for rule in struck["rules"]} == dict.fromkeys(struck["calls_hit"], True)
    assert struck["seed"] == SEED


def test_it_ends_complete_in_one_run(rehearsal):
    _, finished, _ = rehearsal
    assert finished.code == 0, finished.err
    assert (finished.certificate["verdict"], finished.certificate["reasons"]) == ("complete", [])
    for name, counts in finished.certificate["intercom"].items():
        assert (counts["present"], counts["failed"]) == (counts["planned"], 0), name
    assert finished.certificate["notifications_sent"] == 0
    assert "Traceback" not in finished.said


def test_no_429_beyond_those_that_were_injected(rehearsal):
    _, finished, struck = rehearsal
    assert finished.certificate["calls"]["rate_limited"] == struck["calls_hit"]["limited"] > 0


def test_nothing_is_there_twice_and_nothing_is_missing(rehearsal):
    state, finished, _ = rehearsal
    content = read_workspace(state)
    planned = {name: counts["planned"] for name, counts in finished.certificate["intercom"].items()}
    assert {key for key, found in content.threads.items() if len(found) != 1} == set()
    assert (len(content.threads), content.counts["threads"]) == (TICKETS, TICKETS)
    parts = [part for found in content.threads.values() for part in found[0].parts]
    assert len(parts) == len({part.id for part in parts}) == planned["parts"]
    # read_workspace itself fails when two contacts or companies have one key.
    assert (len(content.contacts), len(content.companies)) == (planned["contacts"], planned["companies"])
    assert len(content.tags) == content.counts["tags"] == planned["tags"]
    assert content.notifications["total"] == 0
