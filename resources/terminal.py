"""What the terminal shows while records are loaded: progress with the time left. The end is in `closing_table.py`.

Everything goes to stderr; nothing of a customer's text is shown, only names of objects and counts.
"""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import rich.progress as live
from rich.console import Console
from rich.text import Text

from resources.throughput import ThroughputMeter
from resources.wording import duration, number

EVERY_SECONDS = 5.0
"""Without a live display, at most one line in this time."""
_own_stderr: int | None = None
"""What file descriptor 2 was before it was turned: a fact of the process, as the descriptor is, and of no run."""


def keep_stderr(others_to: Path | None = None) -> None:
    """Keep the terminal's stderr, before Dagster turns file descriptor 2 into a log file during a run.

    Without it the progress is still shown, in plain lines instead of live bars. With `others_to`, whatever else
    writes to stderr, helper processes of Dagster's included, writes to that file from now on.
    """
    global _own_stderr
    if _own_stderr is None:
        _own_stderr = os.dup(2)
    if others_to is not None:
        others_to.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        log = os.open(others_to, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(log, 2)
        os.close(log)


def stderr_console() -> Console:
    """Return a console on the terminal's stderr, or on what stderr is now if it was not kept.

    Brackets are no markup: paths and names that others have chosen may have some.
    """
    if _own_stderr is None:
        return Console(stderr=True, highlight=False, markup=False)
    stream = os.fdopen(os.dup(_own_stderr), "w", buffering=1, encoding="utf-8", errors="replace")
    return Console(file=stream, highlight=False, markup=False)


class Progress(Protocol):
    """What the load engine tells while it works. One stage at a time; called from one thread."""

    def stage(self, name: str, total: int) -> None:
        """Begin a stage of `total` records; the stage before it has ended."""

    def advance(self, n: int = 1, *, calls: int = 0) -> None:
        """Say that `n` more records are done, and that this took `calls` calls."""

    def done(self) -> None:
        """End the last stage."""


class PlainProgress:
    """Progress in lines, for a log: at most one in five seconds, and one at the end of each stage."""

    def __init__(self, console: Console, clock: Callable[[], float] = time.monotonic) -> None:
        self._console, self._clock = console, clock
        self._pace: ThroughputMeter | None = None
        self._shown = 0.0

    def stage(self, name: str, total: int) -> None:
        """Begin a stage."""
        self.done()
        self._pace, self._shown = ThroughputMeter(name, total, self._clock), self._clock()

    def advance(self, n: int = 1, *, calls: int = 0) -> None:
        """Count, and write a line if the last one is long enough ago."""
        if self._pace is None:
            raise RuntimeError("progress was told before any stage began")
        self._pace.add(n, calls)
        if self._clock() - self._shown >= EVERY_SECONDS:
            self._shown = self._clock()
            self._write(self._pace.line())

    def done(self) -> None:
        """End the stage, with a line that says how long it took."""
        if self._pace is not None:
            self._write(self._pace.line(ended=True))
            self._pace = None

    def _write(self, line: str) -> None:
        # Not folded to a width: a log has none.
        self._console.print(Text(line), soft_wrap=True)


class LiveProgress:
    """Progress as one bar per stage on a terminal, with the calls per second and the time left."""

    def __init__(self, console: Console, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._pace: ThroughputMeter | None = None
        self._task: live.TaskID | None = None
        self._bars = live.Progress(
            live.TextColumn("{task.description:<14}"),
            live.BarColumn(bar_width=None),
            live.TextColumn("{task.fields[counts]}", justify="right"),
            live.TextColumn("{task.fields[pace]}", style="dim", justify="right"),
            console=console,
            expand=True,
            refresh_per_second=4,
            # Dagster has its own hands on both during a run.
            redirect_stdout=False,
            redirect_stderr=False,
        )

    def stage(self, name: str, total: int) -> None:
        """Begin a stage with a bar of its own."""
        self._end_stage()
        self._bars.start()
        self._pace = ThroughputMeter(name, total, self._clock)
        self._task = self._bars.add_task(name, total=max(total, 1), counts=f"0/{number(total)}", pace="")

    def advance(self, n: int = 1, *, calls: int = 0) -> None:
        """Count, and move the bar."""
        if self._pace is None or self._task is None:
            raise RuntimeError("progress was told before any stage began")
        self._pace.add(n, calls)
        self._bars.update(
            self._task,
            completed=self._pace.done,
            counts=f"{number(self._pace.done)}/{number(self._pace.total)}",
            pace=self._pace.words(),
        )

    def done(self) -> None:
        """End the last stage and leave the bars as they are."""
        self._end_stage()
        self._bars.stop()

    def _end_stage(self) -> None:
        if self._pace is None or self._task is None:
            return
        took = f"in {duration(self._clock() - self._pace.started)}"
        full = self._pace.total if self._pace.total else 1
        ended_early = self._pace.done < self._pace.total
        self._bars.update(self._task, completed=self._pace.done if ended_early else full, pace=took)
        self._pace = self._task = None


def progress(console: Console | None = None) -> Progress:
    """Return live bars on a terminal, plain lines anywhere else."""
    console = console or stderr_console()
    if console.is_terminal and not console.is_dumb_terminal:
        return LiveProgress(console)
    return PlainProgress(console)


def telling(shown: Progress) -> Callable[[str, int, int, int], None]:
    """Return a function for engines that tell totals: (object, records done, records in all, calls so far).

    Another object begins another stage. `calls` may count from the run's beginning or from the object's.
    """
    before: dict[str, Any] = {"name": None, "done": 0, "calls": 0}

    def tell(name: str, done: int, total: int, calls: int) -> None:
        if name != before["name"]:
            shown.stage(name, total)
            # What was called before this stage is not its own, unless this counter began with it.
            before.update(name=name, done=0, calls=calls if done == 0 else min(calls, before["calls"]))
        more_calls = calls - before["calls"] if calls >= before["calls"] else calls
        shown.advance(done - before["done"], calls=more_calls)
        before.update(done=done, calls=calls)

    return tell
