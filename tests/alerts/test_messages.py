"""What is told of a run's end: decided from what happened in it and what failed before."""

import pytest

from migration_assets.alerts.messages import EndedRun, tell_of
from migration_assets.ground.run_events import CheckResult, FaultCode, RunEvents, StepFault
from resources.notifier import Failing

COUNTS = "intercom/contacts: row_counts_reconcile"
OPEN = "handoff/report: nothing_needs_a_person"
WHERE = ["Run: http://127.0.0.1:3000/runs/r2"]
BEFORE = Failing(since="r1", at=1.0)


def failed(name=COUNTS, stops=True, words="contact: 12 should be in Intercom, but 11 were found there.", **numbers):
    return CheckResult(name, passed=False, stops=stops, words=words, numbers=numbers)


def told(checks=(), faults=(), done=(), status="failure", failing=None, was_stuck=False, at=2.0):
    run = EndedRun("r2", "migrate", status, RunEvents(tuple(checks), tuple(faults), frozenset(done)), at, was_stuck)
    return tell_of(run, failing or {}, WHERE)


def test_a_failed_check_is_told_with_its_numbers_its_reason_and_the_link():
    message = told([failed(planned=12, present=11, share=0.5), CheckResult(OPEN, True, True, "fine")])
    assert message.title == "ITCO to Intercom: migrate failed: 1 failed check"
    assert message.body.splitlines() == [
        "Failed checks:",
        f"- {COUNTS}: contact: 12 should be in Intercom, but 11 were found there.",
        "  planned 12, present 11, share 0.5",
        "",
        "Run: http://127.0.0.1:3000/runs/r2",
    ]
    assert message.kind == "failure"
    assert message.failing == {COUNTS: Failing(since="r2", at=2.0)}


def test_a_warning_is_told_apart_and_does_not_need_a_failed_run():
    message = told([failed(OPEN, stops=False, words="partial: 3 rows wait.")], status="success")
    assert message.title == "ITCO to Intercom: migrate ended: 1 warning"
    assert message.body.startswith(f"Warnings:\n- {OPEN}: partial: 3 rows wait.\n")
    assert "Failed" not in message.body
    assert message.kind == "warning"


def test_a_failed_check_that_stops_nothing_is_a_failure_all_the_same():
    message = told([failed()], status="success")
    assert message.title == "ITCO to Intercom: migrate ended: 1 failed check"
    assert message.kind == "failure"


def test_what_fails_again_is_said_to_fail_still():
    message = told([failed()], failing={COUNTS: BEFORE})
    assert f"- {COUNTS} (still): " in message.body
    assert message.failing == {COUNTS: Failing(since="r1", at=2.0)}


def test_what_holds_again_is_told_once():
    good = CheckResult(COUNTS, True, True, "All numbers agree.")
    message = told([good], status="success", failing={COUNTS: BEFORE})
    assert message.title == "ITCO to Intercom: migrate ended: 1 well again"
    assert message.body.startswith(f"Well again:\n- {COUNTS}: the check holds again\n")
    assert message.kind == "success"
    assert message.failing == {}
    assert not told([good], status="success", failing=message.failing).is_something


def test_what_was_not_tried_is_not_well_again():
    message = told(status="success", failing={COUNTS: BEFORE, "intercom/tags": BEFORE})
    assert not message.is_something
    assert set(message.failing) == {COUNTS, "intercom/tags"}


def test_an_older_run_that_is_told_of_late_makes_nothing_well():
    later = Failing(since="r3", at=3.0)
    message = told([CheckResult(COUNTS, True, True, "")], status="success", failing={COUNTS: later})
    assert not message.is_something
    assert message.failing == {COUNTS: later}


def test_a_step_and_the_run_itself_go_well_again_too():
    before = {"intercom/tags": BEFORE, "run": BEFORE}
    message = told(done=["intercom/tags"], status="success", failing=before)
    assert "- intercom/tags: it went through again" in message.body
    assert "- run: it went through again" in message.body
    assert message.failing == {}


def test_a_run_that_went_well_is_not_told():
    assert not told([CheckResult(COUNTS, True, True, "")], status="success").is_something


def test_a_run_that_failed_or_was_cancelled_is_told_without_any_check():
    assert told(faults=[StepFault("run", "Another run uses it.")]).title == "ITCO to Intercom: migrate failed"
    assert told(status="cancelled").title == "ITCO to Intercom: migrate was cancelled"


def test_a_run_that_a_person_stopped_says_so():
    stop = StepFault("intercom/tags", "The load was asked to stop by ann. Run again.", code=FaultCode.STOPPED)
    assert told(faults=[stop]).title == "ITCO to Intercom: migrate was stopped by a person"


def test_a_run_that_was_said_to_be_stuck_is_told_when_it_ends_well():
    message = told(status="success", was_stuck=True)
    assert message.is_something
    assert "It was said to be stuck; it has ended." in message.body


@pytest.mark.parametrize("secret", ["ann@example.com", "+44 20 7946 0958", "Bearer abcdefghijk"])
def test_no_address_and_no_token_is_told(secret):
    message = told([failed(words=f"It said {secret} here.")], [StepFault("clean/customers", f"{secret} twice")])
    assert secret not in message.body


def test_the_words_of_an_unforeseen_exception_are_not_told():
    message = told(faults=[StepFault("clean/customers", "could not cast 'My dog died' to INT", "ConversionException")])
    assert "- clean/customers: ConversionException; its words are on the run's page" in message.body
    assert "dog" not in message.body


def test_a_long_sentence_and_a_long_list_are_cut():
    message = told([failed(f"intercom/x: check_{n}", words="word " * 400) for n in range(23)])
    lines = message.body.splitlines()
    assert lines[21] == "- and 3 more"
    assert max(map(len, lines)) < 700
    assert len(message.failing) == 23
