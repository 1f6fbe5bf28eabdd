"""How far a step is, as the engines tell it, and the run's own log as one of those who hear of it.

The terminal's bars and lines are in `terminal.py`. Only names of objects and counts are told.
"""

import time
from collections.abc import Callable
from typing import Protocol

from resources.throughput import ThroughputMeter

LOG_SECONDS = 30.0
"""The run's log has a line at least this often, whether anything moved or not."""


class ProgressListener(Protocol):
    """Who hears how far a load is. One stage at a time; called from one thread."""

    def stage(self, name: str, total: int) -> None:
        """Begin a stage of `total` records; the stage before it has ended."""

    def advance(self, n: int = 1, *, calls: int = 0, failed: int = 0) -> None:
        """Hear that `n` more records are done, `failed` of them refused, and that this took `calls` calls."""

    def pause(self, why: str) -> None:
        """Hear that nothing more is sent for now, and who wants it so; while it is paused no time passes."""

    def resume(self) -> None:
        """Hear that it goes on."""

    def tick(self) -> None:
        """Hear that time has passed; called every fraction of a second, whatever moves."""

    def done(self) -> None:
        """End the last stage."""


class RunLogProgress:
    """Progress in the run's own log: each stage's beginning and end, each pause, and a line every half minute.

    Args:
        log: writes one line, as `context.log.info` does.
        clock: seconds.
    """

    def __init__(self, log: Callable[[str], object], clock: Callable[[], float] = time.monotonic) -> None:
        self._log, self._clock = log, clock
        self._pace: ThroughputMeter | None = None
        self._told = 0.0

    def stage(self, name: str, total: int) -> None:
        """Begin a stage."""
        self.done()
        self._pace = ThroughputMeter(name, total, self._clock)
        self._tell(self._pace.begins())

    def advance(self, n: int = 1, *, calls: int = 0, failed: int = 0) -> None:
        """Count, and write a line if the last one is long enough ago."""
        if self._pace is None:
            raise RuntimeError("progress was told before any stage began")
        self._pace.add(n, calls, failed)
        self.tick()

    def pause(self, why: str) -> None:
        """Say that it is paused."""
        if self._pace is not None:
            self._pace.pause(why)
            self._tell(self._pace.line())

    def resume(self) -> None:
        """Say that it goes on."""
        if self._pace is not None:
            self._pace.resume()
            self._tell(f"goes on: {self._pace.line()}")

    def tick(self) -> None:
        """Write a line if the last one is long enough ago."""
        if self._pace is not None and self._clock() - self._told >= LOG_SECONDS:
            self._tell(self._pace.line())

    def done(self) -> None:
        """End the stage, with a line that says how long it took."""
        if self._pace is not None:
            self._tell(self._pace.line(ended=True))
            self._pace = None

    def _tell(self, line: str) -> None:
        self._told = self._clock()
        self._log(line)


class Several:
    """Hands what it hears on to each of several listeners."""

    def __init__(self, *listeners: ProgressListener) -> None:
        self._listeners = listeners

    def stage(self, name: str, total: int) -> None:
        """Begin a stage."""
        for one in self._listeners:
            one.stage(name, total)

    def advance(self, n: int = 1, *, calls: int = 0, failed: int = 0) -> None:
        """Count."""
        for one in self._listeners:
            one.advance(n, calls=calls, failed=failed)

    def pause(self, why: str) -> None:
        """Say that it is paused."""
        for one in self._listeners:
            one.pause(why)

    def resume(self) -> None:
        """Say that it goes on."""
        for one in self._listeners:
            one.resume()

    def tick(self) -> None:
        """Say that time has passed."""
        for one in self._listeners:
            one.tick()

    def done(self) -> None:
        """End the stage."""
        for one in self._listeners:
            one.done()


class StageTotals:
    """What engines call with totals: (object, records done, records in all, calls so far, records refused so far).

    Another object begins another stage, and so does the same one from its beginning. The calls of a stage are those
    from its beginning to its end, whatever they were for: engines tell of a stage before its first call, with what was
    called until then.
    """

    def __init__(self, shown: ProgressListener) -> None:
        self._shown = shown
        self._name: str | None = None
        self._done = self._calls = self._failed = 0
        self._paused: str | None = None

    def __call__(self, name: str, done: int, total: int, calls: int, failed: int = 0) -> None:
        """Hear how far it is."""
        if name != self._name or (done == 0 and self._done > 0):
            self._shown.stage(name, total)
            self._name, self._done, self._calls, self._failed = name, 0, calls, 0
            if self._paused is not None:
                self._shown.pause(self._paused)
        self._shown.advance(done - self._done, calls=calls - self._calls, failed=failed - self._failed)
        self._done, self._calls, self._failed = done, calls, failed

    def attend(self, paused: str | None) -> None:
        """Hear that time has passed, and who wants a pause, if anybody does."""
        if paused is not None and self._paused is None:
            self._shown.pause(paused)
        elif paused is None and self._paused is not None:
            self._shown.resume()
        self._paused = paused
        self._shown.tick()

    def end(self) -> None:
        """End the last stage."""
        self._shown.done()
