"""A clock that somebody sets shortens no wait and stops nothing."""

import time

import pytest

from resources.clock import steady
from resources.intercom.budget import BELIEVED, Budget

HOUR = 3600


@pytest.mark.parametrize("jump", [HOUR, -HOUR])
def test_a_clock_that_is_set_changes_nothing(monkeypatch, jump):
    before = steady()
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + jump)
    assert before <= steady() < before + HOUR / 2
    assert abs(Budget().intercom_time() - before) < HOUR / 2


def test_it_is_the_unix_time():
    assert abs(steady() - time.time()) < 60


@pytest.mark.parametrize(("offset", "believed"), [(0.4, 0.0), (-BELIEVED, 0.0), (HOUR, HOUR), (-HOUR, -HOUR)])
def test_what_another_process_reads_is_by_intercoms_clock_when_this_one_is_wrong(offset, believed):
    budget = Budget(clock=lambda: 1_800_000_000.0)
    assert budget.settled_time() == 1_800_000_000.0
    budget.pace.offsets.append(offset)
    assert budget.settled_time() == 1_800_000_000.0 + believed
