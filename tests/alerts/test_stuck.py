"""When a run counts as stuck."""

import pytest

from migration_assets.alerts.stuck import Signs, why_stuck

NOW, PATIENCE = 100_000.0, 1800.0


@pytest.mark.parametrize(
    "signs",
    [
        Signs(last_event=NOW - PATIENCE + 1),
        Signs(last_event=0.0, beat=NOW - 30),  # a load of many hours
    ],
)
def test_a_run_with_a_sign_of_life_is_not_stuck(signs):
    assert why_stuck(signs, NOW, PATIENCE) is None


@pytest.mark.parametrize(
    ("signs", "why"),
    [
        (Signs(last_event=NOW - 7200), "There was no event for 2 h."),
        (Signs(last_event=NOW, beat=NOW - 120), "There was no sign of life in the journal for 2 min."),
        (Signs(last_event=NOW, beat=NOW, process_gone=True), "Its process has ended without saying so"),
    ],
)
def test_a_stuck_run_says_why(signs, why):
    assert why_stuck(signs, NOW, PATIENCE).startswith(why)
