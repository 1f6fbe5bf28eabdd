"""When the next call may leave: decisions about the rate budget, as functions over what was last seen. No waiting.

Intercom counts calls in windows of ten seconds that begin at a call, not at a full clock second, and says in each
answer how many calls are left and when the window ends. The rest of a window is spread over its remaining time:
`(remaining - in flight - reserve) / (reset - now)`. Other apps share the workspace's quota, so what is left is
believed from the answers and never counted here. Times are seconds; `now` is this machine's clock.
"""

import math
import random
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from statistics import median

from resources.intercom.ceiling import Ceiling

WINDOW = 10.0
"""Seconds of Intercom's window."""
GENTLE = 20.0
"""Calls per second until a window's first answer has shown its quota."""
PROBE = 2.0
"""Calls per second that look whether a new window is open, after the last one was used up."""
CATCH_UP = 2.0
"""At most this many times the even rate, when a window has more left than time."""
EARLY = 0.5
"""A window's calls are spent this many seconds before its end: Reset and Date are whole seconds."""
SLACK = 0.05
"""Seconds of lateness that are made up for: sleeping overshoots, and the average must not suffer."""
SKEW_EVERY = 0.37
"""Seconds between two looks at the Date header; not a divisor of a second, so that all phases are met."""
LONGEST_WAIT = 60.0
"""Seconds; a Reset farther away than this is not believed."""
UNFORESEEN = 0.1
"""A 429 while more than this share of the limit seemed left: a quota that the headers do not show."""
LATE_STEP = 0.34
"""Seconds by which a window is taken to end later when a call was refused after its stated end."""
LATEST = 1.02
"""Seconds by which Reset, cut to a whole second, can be too early."""
DOWN = 5
"""Calls in a row without a clear answer, after which Intercom is taken to be down."""
DOUBLINGS = 10
"""A pause that doubles each time has long reached its limit after as many."""
LONGEST_LOOK = 30.0
"""Seconds; the longest pause between two calls that look whether Intercom is back."""


@dataclass
class RateState:
    """What is known about the budget."""

    share: float = 1.0
    """The share of the limit that may be used."""
    calls_per_minute: int | None = None
    """A cap on top, evenly spaced."""
    limit: int | None = None
    """Calls per window, as Intercom said last."""
    remaining: int = 0
    """Calls left in the window, as Intercom said last."""
    reset: float | None = None
    """When the window ends, by Intercom's clock; None until the first answer."""
    late: float = 0.0
    """How much later than stated windows have been seen to end, in seconds."""
    in_flight: int = 0
    """Calls that have left and are not answered."""
    next_at: float = 0.0
    """When the next call may leave, by this clock."""
    blocked_until: float = 0.0
    """No call leaves before this, by this clock: a 429 came."""
    strikes: int = 0
    """Waits after 429s since the last call that was let through."""
    let_through: deque[float] = field(default_factory=deque)
    """When calls of the last `WINDOW` seconds were let through, by this clock."""
    ceiling: Ceiling = field(default_factory=Ceiling)
    """Calls per `WINDOW` seconds, wherever they begin, after which 429s came that the headers did not announce."""
    failures: int = 0
    """Calls in a row without a clear answer; once that is taken for a fault, those under way count once."""
    failing_since: float | None = None
    reached: bool = False
    """When the first of them ended, by this clock."""
    offsets: deque[float] = field(default_factory=lambda: deque(maxlen=20))
    """Intercom's clock minus this one, last 20 looks."""
    looked_at: float = 0.0

    @property
    def offset(self) -> float:
        """Intercom's clock minus this one, in seconds."""
        return median(self.offsets) if self.offsets else 0.0

    @property
    def down(self) -> bool:
        """Whether Intercom seems to be down, so that one call at a time looks whether it is back."""
        return self.failures >= DOWN

    @property
    def reserve(self) -> int:
        """Calls per window that are left to others."""
        return math.ceil((1 - self.share) * (self.limit or 0) - 1e-6)


def window_left(pace: RateState, now: float) -> float:
    """Return the seconds until the window ends; 0 when no answer of the window that is open now has been seen."""
    if pace.reset is None:
        return 0.0
    left = pace.reset + pace.late - now - pace.offset
    return left if 0 < left <= LONGEST_WAIT else 0.0


def rate(pace: RateState, now: float) -> float:
    """Return how many calls per second may leave now; 0 when none may."""
    left = window_left(pace, now)
    allowed = _rate_inside(pace, left) if left else _rate_between(pace)
    if pace.calls_per_minute is not None:
        allowed = min(allowed, pace.calls_per_minute / 60)
    if pace.ceiling.calls is not None:
        allowed = min(allowed, pace.ceiling.calls / WINDOW)
    return allowed


def _even(pace: RateState) -> float:
    return (pace.limit - pace.reserve) / WINDOW if pace.limit else GENTLE


def _rate_inside(pace: RateState, left: float) -> float:
    available: float = pace.remaining - pace.in_flight - pace.reserve
    time = max(min(left - pace.late, WINDOW) - EARLY, EARLY)
    return min(max(available, 0.0) / time, _even(pace) * CATCH_UP)


def _rate_between(pace: RateState) -> float:
    used_up = pace.limit is not None and pace.remaining - pace.in_flight < GENTLE
    return min(PROBE if pace.strikes or used_up else GENTLE, max(_even(pace), 1 / LONGEST_WAIT))


def delay(pace: RateState, now: float) -> float:
    """Return the seconds until the next call may leave; 0 when it may leave now."""
    if pace.blocked_until > now:
        return pace.blocked_until - now
    if pace.down and pace.in_flight:
        return 1 / PROBE
    allowed = rate(pace, now)
    if allowed <= 0:
        return window_left(pace, now)
    # The clock may have been set back: never wait longer than the spacing itself.
    return max(min(pace.next_at - now, 1 / allowed), 0.0)


def leave(pace: RateState, now: float) -> None:
    """Note that a call leaves now."""
    allowed = rate(pace, now) or GENTLE
    slack = min(SLACK, 1 / allowed) if pace.calls_per_minute is not None else SLACK
    pace.next_at = max(min(pace.next_at, now), now - slack) + 1 / allowed
    pace.in_flight += 1


def answered(pace: RateState, now: float, status: int, headers: Mapping[str, str]) -> None:
    """Take in an answer's headers, and what a 429 means for everybody.

    Args:
        pace: what is known; it is changed.
        now: when the answer came.
        status: the HTTP status.
        headers: the answer's headers; looked up by lower-case name.
    """
    _look_at_clock(pace, now, headers.get("date"))
    seemed_left = pace.remaining - pace.in_flight
    known = window_left(pace, now) > 0
    _take_quota(pace, now, headers)
    if status == 429:
        foretold = not known or seemed_left <= UNFORESEEN * (pace.limit or 0)
        _refused(pace, now, foretold=foretold, retry_after=_number(headers.get("retry-after")))
    elif now >= pace.blocked_until:
        pace.strikes = 0
        pace.let_through.append(now)
        pace.ceiling.since_wait += 1
    while pace.let_through and pace.let_through[0] <= now - WINDOW:
        pace.let_through.popleft()


def came_through(pace: RateState) -> None:
    """Note that Intercom gave a clear answer, whatever it was."""
    pace.failures, pace.failing_since, pace.reached = 0, None, True


def failed(pace: RateState, now: float) -> None:
    """Note that a call that was sent had no clear answer: none, a 5xx, or something that is not Intercom's.

    Each write that ends so is ambiguous and has to be looked up later, so an Intercom that is down must not be sent
    hundreds of them: after a few in a row one call at a time looks whether it is back, ever more rarely.
    """
    if pace.blocked_until > now and pace.down:
        return  # One of the calls that were already under way when it went down.
    pace.failures += 1
    pace.failing_since = now if pace.failing_since is None else pace.failing_since
    if pace.down:
        pace.blocked_until = max(
            pace.blocked_until, now + min(2.0 ** min(pace.failures - DOWN, DOUBLINGS), LONGEST_LOOK)
        )


def failing_for(pace: RateState, now: float) -> float:
    """Return for how many seconds Intercom has given nothing but failures; 0 when it seems to be up."""
    return now - pace.failing_since if pace.down and pace.failing_since is not None else 0.0


def _look_at_clock(pace: RateState, now: float, date: str | None) -> None:
    if date is None or (pace.offsets and 0 <= now - pace.looked_at < SKEW_EVERY):
        return
    try:
        theirs = parsedate_to_datetime(date).timestamp()
    except ValueError:
        return
    pace.offsets.append(theirs + 0.5 - now)  # Date is cut to a whole second: half a second on average.
    pace.looked_at = now


def _take_quota(pace: RateState, now: float, headers: Mapping[str, str]) -> None:
    limit, remaining, reset = (_number(headers.get(f"x-ratelimit-{name}")) for name in ("limit", "remaining", "reset"))
    if limit is None or remaining is None or reset is None:
        return
    pace.limit = int(limit)
    if pace.reset is None or reset > pace.reset:
        if pace.reset is None or reset - pace.reset > WINDOW / 2:
            pace.ceiling.new_window(pace.limit)
        pace.reset, pace.remaining = reset, int(remaining)
    elif remaining < pace.remaining and (
        reset == pace.reset or reset > now + pace.offset or not window_left(pace, now)
    ):
        # The same window, also after its stated end, or the workspace's, which ends at another time and has less left.
        pace.reset, pace.remaining = reset, int(remaining)


def _refused(pace: RateState, now: float, *, foretold: bool, retry_after: float | None) -> None:
    if now < pace.blocked_until:
        return  # One of the calls that were already under way when the first 429 came.
    if not foretold:
        pace.ceiling.refused(len(pace.let_through), pace.limit)
    if pace.reset is not None and not window_left(pace, now):
        pace.late = min(pace.late + LATE_STEP, LATEST)
    # Intercom documents no Retry-After; something in front of it may send one.
    ends_in = max(window_left(pace, now), min(retry_after or 0.0, LONGEST_WAIT))
    ends_in = ends_in or min(2.0 ** min(pace.strikes, DOUBLINGS), LONGEST_WAIT)
    # Not a secret: the jitter only keeps several programs from coming back at the same moment.
    pace.blocked_until = now + ends_in + random.uniform(0, 0.25)  # noqa: S311
    pace.strikes += 1
    pace.ceiling.since_wait = 0


def _number(text: str | None) -> float | None:
    try:
        return float(text) if text is not None else None
    except ValueError:
        return None
