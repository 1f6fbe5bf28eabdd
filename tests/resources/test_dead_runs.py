"""A run that was killed holds up no other: its pool's slots are freed, and Dagster learns that it has ended."""

import dagster as dg
import pytest

from resources.dead_runs import DIED, end_dead_runs
from resources.occupancy import Holding

POOL = "intercom_api"


@pytest.fixture
def instance():
    with dg.instance_for_test() as made:
        made.event_log_storage.set_concurrency_slots(POOL, 1)
        yield made


def begun(instance, *, claims):
    """A run that is going on, as far as Dagster knows, and may hold the pool's only slot."""

    @dg.op
    def nothing():
        pass

    @dg.job
    def work():
        nothing()

    run = instance.create_run_for_job(work, status=dg.DagsterRunStatus.STARTED)
    if claims:
        assert instance.event_log_storage.claim_concurrency_slot(POOL, run.run_id, "step").is_claimed
    return run.run_id


def may_claim(instance, run_id):
    return instance.event_log_storage.claim_concurrency_slot(POOL, run_id, "step").is_claimed


def test_a_slot_of_a_killed_run_is_free_again(instance):
    dead, mine = begun(instance, claims=True), begun(instance, claims=False)
    assert not may_claim(instance, mine)
    assert end_dead_runs(instance, mine, None) == [dead]
    assert may_claim(instance, mine)
    run = instance.get_run_by_id(dead)
    assert run.status is dg.DagsterRunStatus.FAILURE
    events = [record.event_log_entry.dagster_event for record in instance.get_records_for_run(dead).records]
    assert DIED in [event.message for event in events]


def test_the_last_holder_of_the_folder_is_ended_and_nobody_else(instance):
    dead, other, mine = (begun(instance, claims=False) for _ in range(3))
    assert end_dead_runs(instance, mine, Holding(1, "here", "then", dead)) == [dead]
    assert instance.get_run_by_id(other).status is dg.DagsterRunStatus.STARTED
    assert end_dead_runs(instance, mine, Holding(1, "here", "then", dead)) == []


def test_this_run_keeps_its_own(instance):
    mine = begun(instance, claims=True)
    assert end_dead_runs(instance, mine, Holding(1, "here", "then", mine)) == []
    assert instance.get_run_by_id(mine).status is dg.DagsterRunStatus.STARTED
