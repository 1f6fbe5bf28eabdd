"""What a run's events say: whether a person stopped it is read from the failure's code, never from its sentence."""

import dagster as dg
import pytest

from migration_assets.ground.run_events import CheckResult, FaultCode, RunEvents, StepFault, read_events
from migration_assets.writing.failure import step_failure
from migration_assets.writing.records import Stopped
from resources.intercom.errors import IntercomError
from resources.intercom.outcomes import NOT_SENT


def events_of(failure):
    @dg.asset
    def broken():
        raise failure

    return read_events(dg.materialize([broken], raise_on_error=False).all_events)


NOT_CALLED = IntercomError(NOT_SENT.outcome, None, NOT_SENT.code, NOT_SENT.message, None, "GET /me")


@pytest.mark.parametrize(
    "error", [Stopped("Ann has had enough of it.", asked=True), NOT_CALLED], ids=["another terminal", "Intercom down"]
)
def test_a_run_that_a_person_stopped_is_known_whatever_its_sentence_says(error):
    found = events_of(step_failure(error, "Run again."))
    assert found.faults == (StepFault("broken", f"{error} Run again.", code=FaultCode.STOPPED),)
    assert found.was_stopped


@pytest.mark.parametrize(
    "failure",
    [
        step_failure(Stopped("Somebody was asked to stop the export, and did not."), "Run again."),
        dg.Failure("The disk was asked to stop."),
        ValueError("it was asked to stop"),
    ],
    ids=["a fault of Intercom", "a failure without a code", "an exception that nobody foresaw"],
)
def test_a_fault_is_no_stop_although_its_sentence_sounds_like_one(failure):
    found = events_of(failure)
    assert len(found.faults) == 1
    assert not found.was_stopped


def test_what_failed_first_is_said_first():
    events = RunEvents(
        checks=(CheckResult("b: counts", passed=False, stops=True, words="too few.", place=7),),
        faults=(StepFault("a", "no file.", place=3), StepFault("c", "no answer.", place=9)),
    )
    assert events.sentences() == ["a: no file.", "b: counts: too few.", "c: no answer."]


def test_what_a_resource_refuses_is_its_sentence_alone():
    @dg.resource
    def busy():
        raise dg.Failure("Another run uses the state folder.", allow_retries=False)

    @dg.asset(required_resource_keys={"busy"})
    def first():
        return None

    with dg.DagsterInstance.ephemeral() as instance:
        result = dg.materialize([first], resources={"busy": busy}, instance=instance, raise_on_error=False)
    assert read_events(result.all_events).sentences() == ["run: Another run uses the state folder."]
