"""A quota that no header shows: what is concluded from a 429 that nothing announced, and what is not."""

import pytest

from resources.intercom.ceiling import FEW, GROW, QUIET, STEP_BACK, Ceiling


def learned(after=400):
    ceiling = Ceiling()
    ceiling.refused(after, 1667)
    return ceiling


def test_the_first_refusal_after_many_calls_sets_a_ceiling_below_them():
    assert learned(400).calls == 400 * STEP_BACK


def test_a_refusal_after_a_few_calls_tells_nothing():
    """A run that has hardly begun would go on at a call in ten seconds, for hours."""
    assert learned(FEW - 1).calls is None


def test_a_refusal_after_as_many_calls_again_lowers_it():
    ceiling = learned(400)
    ceiling.since_wait = 390
    ceiling.refused(390, 1667)
    assert ceiling.calls == 390 * STEP_BACK


def test_a_refusal_too_soon_after_a_wait_contradicts_it():
    ceiling = learned(400)
    ceiling.since_wait = 100
    ceiling.refused(100, 1667)
    assert ceiling.calls == 2 * 400 * STEP_BACK
    ceiling.refused(100, 700)
    assert ceiling.calls is None, "as much as the headers allow is no ceiling"


def test_it_grows_slowly_at_first_and_ever_faster_while_nothing_is_refused():
    ceiling = learned(400)
    for _ in range(QUIET):
        ceiling.new_window(1667)
    assert ceiling.calls == pytest.approx(400 * STEP_BACK * (1 + GROW) ** QUIET)
    windows = 0
    while ceiling.calls is not None:
        ceiling.new_window(1667)
        windows += 1
    assert windows < 10, "GROW alone would take 150"
