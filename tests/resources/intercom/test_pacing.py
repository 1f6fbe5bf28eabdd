"""The decisions of the rate budget, one by one."""

import math
from email.utils import formatdate

import pytest

from resources.intercom.pacing import (
    CATCH_UP,
    DOWN,
    GENTLE,
    LONGEST_LOOK,
    PROBE,
    RateState,
    answered,
    came_through,
    delay,
    failed,
    failing_for,
    leave,
    rate,
)

START = 1_800_000_000.0


def quota(limit, remaining, reset, date=None):
    headers = {
        "x-ratelimit-limit": str(limit),
        "x-ratelimit-remaining": str(remaining),
        "x-ratelimit-reset": str(reset),
    }
    return headers if date is None else {**headers, "date": formatdate(date, usegmt=True)}


def test_starts_gently_until_headers_are_seen():
    pace = RateState()
    assert delay(pace, START) == 0
    leave(pace, START)
    assert delay(pace, START) == pytest.approx(1 / GENTLE, abs=0.051)
    assert rate(pace, START) == GENTLE


def test_rate_is_what_is_left_over_the_time_left():
    pace = RateState(limit=1667, remaining=1000, reset=START + 8.5, in_flight=40)
    assert rate(pace, START) == pytest.approx((1000 - 40) / 8)
    shared = RateState(share=0.6, limit=1000, remaining=1000, reset=START + 8.5)
    assert rate(shared, START) == pytest.approx(600 / 8)


def test_nothing_leaves_when_only_the_reserve_is_left():
    pace = RateState(share=0.9, limit=1000, remaining=100, reset=START + 4)
    assert rate(pace, START) == 0
    assert delay(pace, START) == pytest.approx(4)


def test_the_end_of_a_window_is_no_burst():
    pace = RateState(limit=1000, remaining=900, reset=START + 0.2)
    assert rate(pace, START) == 100 * CATCH_UP


def test_a_cap_per_minute_is_evenly_spaced():
    pace = RateState(calls_per_minute=60, limit=1667, remaining=1667, reset=START + 10)
    leave(pace, START)
    answered(pace, START, 200, {})
    assert delay(pace, START) == pytest.approx(1.0, abs=0.06)


def test_429_blocks_everybody_until_the_reset():
    pace = RateState(in_flight=3)
    answered(pace, START, 429, quota(1667, 0, START + 6))
    assert 6 <= delay(pace, START) <= 6.25
    answered(pace, START + 0.1, 429, quota(1667, 0, START + 6))
    assert pace.strikes == 1, "the calls already under way are no further strikes"


def test_429_without_headers_backs_off_exponentially_up_to_a_minute():
    pace, now, waits = RateState(), START, []
    for _ in range(9):
        answered(pace, now, 429, {})
        waits.append(delay(pace, now))
        now += waits[-1] + 0.001
    assert [math.floor(wait) for wait in waits] == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    answered(pace, now, 200, {})
    assert pace.strikes == 0


def test_after_a_used_up_window_few_calls_look_whether_the_next_is_open():
    pace = RateState(limit=1000, remaining=0, reset=START - 1)
    assert rate(pace, START) == PROBE
    pace = RateState(limit=1000, remaining=900, reset=START - 1, strikes=1)
    assert rate(pace, START) == PROBE
    answered(pace, START + 1, 200, quota(1000, 999, START + 11))
    assert rate(pace, START + 1) > GENTLE


def test_a_window_that_ends_later_than_stated_is_learned():
    pace = RateState(limit=100, remaining=0, reset=START - 0.2)
    answered(pace, START, 429, quota(100, 0, START - 0.2))
    assert delay(pace, START) < 0.5, "not the whole back-off: Reset is cut to a whole second"
    assert pace.late > 0


def test_answers_of_an_older_window_change_nothing():
    pace = RateState(limit=100, remaining=90, reset=START + 9)
    answered(pace, START, 200, quota(100, 2, START - 1))
    assert (pace.remaining, pace.reset) == (90, START + 9)
    answered(pace, START, 200, quota(100, 95, START + 9))
    assert pace.remaining == 90, "answers may overtake each other: the lowest counts"


def test_the_last_answers_of_a_window_count_after_its_stated_end_too():
    pace = RateState(limit=100, remaining=1, reset=START - 0.3, late=0.68)
    answered(pace, START, 200, quota(100, 0, START - 0.3))
    assert (pace.remaining, rate(pace, START)) == (0, 0)


def test_a_retry_after_is_kept_where_no_window_is_known():
    pace = RateState()
    answered(pace, START, 429, {"retry-after": "7"})
    assert 7 <= delay(pace, START) <= 7.25
    pace = RateState()
    answered(pace, START, 429, {"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT"})
    assert 1 <= delay(pace, START) <= 1.25
    pace = RateState(limit=100, remaining=0, reset=START + 9)
    answered(pace, START, 429, {"retry-after": "2"})
    assert delay(pace, START) >= 9, "the window is what is documented"


def test_calls_without_a_clear_answer_in_a_row_are_taken_for_an_outage():
    pace, now = RateState(limit=1667, remaining=1600, reset=START + 9), START
    for _ in range(DOWN - 1):
        failed(pace, now)
    assert (pace.down, failing_for(pace, now + 5)) == (False, 0)
    failed(pace, now)
    assert (pace.down, failing_for(pace, now + 5)) == (True, 5)
    failed(pace, now + 0.1)
    assert pace.failures == DOWN, "the calls that were under way count once"
    waits = []
    for _ in range(2000):
        waits.append(pace.blocked_until - now)
        now = pace.blocked_until
        failed(pace, now)
    assert waits[:6] == [1, 2, 4, 8, 16, LONGEST_LOOK]
    assert waits[-1] == LONGEST_LOOK
    came_through(pace)
    assert (pace.down, failing_for(pace, now)) == (False, 0)


def test_while_intercom_is_down_one_call_at_a_time_looks():
    pace = RateState(limit=1667, remaining=1600, reset=START + 9, failures=DOWN, failing_since=START - 9)
    assert delay(pace, START) == 0
    leave(pace, START)
    assert delay(pace, START + 1) > 0
    pace.in_flight = 0
    assert delay(pace, START + 1) == 0


def test_the_clock_is_corrected_by_the_date_header():
    pace = RateState()
    for step in range(40):
        now = START + step * 0.4
        answered(pace, now, 200, {"date": formatdate(now + 8, usegmt=True)})
    assert pace.offset == pytest.approx(8, abs=0.25)
    assert len(pace.offsets) == 20


def test_a_clock_that_is_set_back_does_not_stop_everything():
    pace = RateState(limit=1667, remaining=1600, reset=START + 9, next_at=START)
    assert delay(pace, START - 3600) < 1
