"""What the terminal shows while records are loaded: progress with the time left. The end is in `closing_table.py`.

Everything goes to stderr; nothing of a customer's text is shown, only names of objects and counts.
"""

import os
import time
from collections.abc import Callable
from pathlib import Path

import rich.progress as live
from rich.console import Console
from rich.text import Text

from resources.progress import ProgressListener, RunLogProgress, Several
from resources.throughput import ThroughputMeter
from resources.wording import counted, duration, number

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

    def advance(self, n: int = 1, *, calls: int = 0, failed: int = 0) -> None:
        """Count, and write a line if the last one is long enough ago."""
        if self._pace is None:
            raise RuntimeError("progress was told before any stage began")
        self._pace.add(n, calls, failed)
        if self._clock() - self._shown >= EVERY_SECONDS:
            self._write(self._pace.line())

    def pause(self, why: str) -> None:
        """Write that it is paused, and who wants it so."""
        if self._pace is not None:
            self._pace.pause(why)
            self._write(self._pace.line())

    def resume(self) -> None:
        """Write that it goes on."""
        if self._pace is not None:
            self._pace.resume()
            self._write(f"goes on: {self._pace.line()}")

    def tick(self) -> None:
        """Write nothing: a log needs no line where nothing moves."""

    def done(self) -> None:
        """End the stage, with a line that says how long it took."""
        if self._pace is not None:
            self._write(self._pace.line(ended=True))
            self._pace = None

    def _write(self, line: str) -> None:
        self._shown = self._clock()
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

    def advance(self, n: int = 1, *, calls: int = 0, failed: int = 0) -> None:
        """Count, and move the bar."""
        if self._pace is None or self._task is None:
            raise RuntimeError("progress was told before any stage began")
        self._pace.add(n, calls, failed)
        self._move()

    def pause(self, why: str) -> None:
        """Show beside the bar that it is paused, and who wants it so."""
        if self._pace is not None:
            self._pace.pause(why)
            self._move()

    def resume(self) -> None:
        """Show the pace again."""
        if self._pace is not None:
            self._pace.resume()
            self._move()

    def tick(self) -> None:
        """Do nothing: the bars are drawn by a thread of their own."""

    def _move(self) -> None:
        if self._pace is None or self._task is None:
            return
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
        took = f"in {duration(self._pace.took)}, {counted(self._pace.calls, 'call')}"
        full = self._pace.total if self._pace.total else 1
        ended_early = self._pace.done < self._pace.total
        self._bars.update(self._task, completed=self._pace.done if ended_early else full, pace=took)
        self._pace = self._task = None


def progress(console: Console | None = None, log: Callable[[str], object] | None = None) -> ProgressListener:
    """Return live bars on a terminal, plain lines anywhere else; with `log`, lines in the run's own log as well."""
    console = console or stderr_console()
    live_bars = console.is_terminal and not console.is_dumb_terminal
    shown: ProgressListener = LiveProgress(console) if live_bars else PlainProgress(console)
    return shown if log is None else Several(shown, RunLogProgress(log))
