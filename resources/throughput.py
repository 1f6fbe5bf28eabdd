"""How fast a stage goes, and how long it will still take."""

from collections import deque
from collections.abc import Callable

from resources.wording import counted, duration, number

WINDOW_SECONDS = 30.0
"""The rate is taken over this time, so that the time left follows a change of pace."""


class ThroughputMeter:
    """Counts of one stage, with the rates of the last half minute. While it is paused, no time passes for it."""

    def __init__(self, name: str, total: int, clock: Callable[[], float]) -> None:
        self.name, self.total, self.done, self.calls, self.failed = name, total, 0, 0, 0
        self._clock = clock
        self._stood = 0.0
        """Seconds of pauses that are over."""
        self._paused_at: float | None = None
        self._why = ""
        self.started = self._now()
        self._samples: deque[tuple[float, int, int]] = deque([(self.started, 0, 0)])

    def _now(self) -> float:
        """Return the seconds of work: the clock without the pauses."""
        return (self._clock() if self._paused_at is None else self._paused_at) - self._stood

    @property
    def took(self) -> float:
        """Seconds since it began, without the pauses."""
        return self._now() - self.started

    def pause(self, why: str) -> None:
        """Let no time pass until it goes on."""
        self._why = why
        if self._paused_at is None:
            self._paused_at = self._clock()

    def resume(self) -> None:
        """Let time pass again."""
        if self._paused_at is not None:
            self._stood += self._clock() - self._paused_at
            self._paused_at = None

    def add(self, n: int, calls: int, failed: int = 0) -> None:
        """Count records and calls."""
        self.done += n
        self.calls += calls
        self.failed += failed
        now = self._now()
        # One sample a second is enough; the list stays short however fast the load is.
        if now - self._samples[-1][0] >= 1.0:
            self._samples.append((now, self.done, self.calls))
        # Of the samples before the window the last one stays, as the window's beginning.
        while len(self._samples) > 2 and now - self._samples[1][0] >= WINDOW_SECONDS:
            self._samples.popleft()

    def rates(self) -> tuple[float, float]:
        """Return records and calls per second of late; 0 before any time has passed."""
        at, done, calls = self._samples[0]
        span = self._now() - at
        return ((self.done - done) / span, (self.calls - calls) / span) if span > 0 else (0.0, 0.0)

    def left(self) -> float | None:
        """Return the seconds left at that rate, or None while nothing is known or nothing is left."""
        records, _ = self.rates()
        return (self.total - self.done) / records if records > 0 and self.done < self.total else None

    def begins(self) -> str:
        """Return the line of its beginning: contacts: 150 records to go."""
        return f"{self.name}: {counted(self.total, 'record')} to go"

    def line(self, *, ended: bool = False) -> str:
        """Return the stage in one line: contacts 120/150, 248 calls, 62 calls/s, about 5 s left.

        `calls` are those of this stage so far, on every line.
        """
        if ended:
            share = number(self.total) if self.done == self.total else f"{number(self.done)} of {number(self.total)}"
            return f"{self.name} {share} done in {duration(self.took)}, {self._counts()}"
        return f"{self.name} {number(self.done)}/{number(self.total)}, {self._counts()}, {self.words()}"

    def _counts(self) -> str:
        failed = f", {number(self.failed)} failed" if self.failed else ""
        return counted(self.calls, "call") + failed

    def words(self) -> str:
        """Return the pace and the time left: 62 calls/s, about 5 s left. Or who wants it to pause."""
        if self._paused_at is not None:
            return f"paused ({self._why}); `make resume` lets it go on"
        left = self.left()
        about = f", about {duration(left)} left" if left is not None else ""
        return f"{number(self.rates()[1])} calls/s{about}"
