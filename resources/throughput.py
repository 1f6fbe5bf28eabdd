"""How fast a stage goes, and how long it will still take."""

from collections import deque
from collections.abc import Callable

from resources.wording import counted, duration, number

WINDOW_SECONDS = 30.0
"""The rate is taken over this time, so that the time left follows a change of pace."""


class ThroughputMeter:
    """Counts of one stage, with the rates of the last half minute."""

    def __init__(self, name: str, total: int, clock: Callable[[], float]) -> None:
        self.name, self.total, self.done, self.calls = name, total, 0, 0
        self._clock = clock
        self.started = clock()
        self._samples: deque[tuple[float, int, int]] = deque([(self.started, 0, 0)])

    def add(self, n: int, calls: int) -> None:
        """Count records and calls."""
        self.done += n
        self.calls += calls
        now = self._clock()
        # One sample a second is enough; the list stays short however fast the load is.
        if now - self._samples[-1][0] >= 1.0:
            self._samples.append((now, self.done, self.calls))
        # Of the samples before the window the last one stays, as the window's beginning.
        while len(self._samples) > 2 and now - self._samples[1][0] >= WINDOW_SECONDS:
            self._samples.popleft()

    def rates(self) -> tuple[float, float]:
        """Return records and calls per second of late; 0 before any time has passed."""
        at, done, calls = self._samples[0]
        span = self._clock() - at
        return ((self.done - done) / span, (self.calls - calls) / span) if span > 0 else (0.0, 0.0)

    def left(self) -> float | None:
        """Return the seconds left at that rate, or None while nothing is known."""
        records, _ = self.rates()
        return (self.total - self.done) / records if records > 0 else None

    def line(self, *, ended: bool = False) -> str:
        """Return the stage in one line: contacts 120/150, 62 calls/s, about 5 s left."""
        if ended:
            span = self._clock() - self.started
            share = number(self.total) if self.done == self.total else f"{number(self.done)} of {number(self.total)}"
            with_calls = f", {counted(self.calls, 'call')}" if self.calls else ""
            return f"{self.name} {share} done in {duration(span)}{with_calls}"
        return f"{self.name} {number(self.done)}/{number(self.total)}, {self.words()}"

    def words(self) -> str:
        """Return the pace and the time left: 62 calls/s, about 5 s left."""
        records, calls = self.rates()
        left = self.left()
        about = f", about {duration(left)} left" if left is not None else ""
        return (f"{number(calls)} calls/s" if self.calls else f"{number(records)}/s") + about
