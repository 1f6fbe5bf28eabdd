"""What the terminal shows: progress with the time left while records are loaded, and one table at the end.

Everything goes to stderr; nothing of a customer's text is shown, only names of objects, counts and the verdict's
own sentences.
"""

import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

import rich.progress as live
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.measure import Measurement
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from resources.pace import Pace
from resources.wording import counted, duration, number

EVERY_SECONDS = 5.0
"""Without a live display, at most one line in this time."""
REASONS_SHOWN = 12

FATES = ("loaded", "merged", "superseded", "skipped", "quarantined", "failed")
LOADS = ("planned", "failed", "present")
BECOMES = {
    "companies": "companies",
    "customers": "contacts",
    "tickets": "conversations",
    "messages": "parts",
    "custom_fields": "attributes",
    "tags": "tags",
}
"""The Intercom object that stands beside an ITCO object in the table."""
COLOURS = {"complete": "green", "partial": "yellow", "failed": "red"}

_own_stderr: int | None = None


def keep_stderr(others_to: Path | None = None) -> None:
    """Keep the terminal's stderr, before Dagster turns file descriptor 2 into a log file during a run.

    Without it the progress is still shown, in plain lines instead of live bars. With `others_to`, whatever else
    writes to stderr, helper processes of Dagster's included, writes to that file from now on.
    """
    global _own_stderr
    if _own_stderr is None:
        _own_stderr = os.dup(2)
    if others_to is not None:
        others_to.parent.mkdir(parents=True, exist_ok=True)
        log = os.open(others_to, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(log, 2)
        os.close(log)


def stderr_console() -> Console:
    """Return a console on the terminal's stderr, or on what stderr is now if it was not kept."""
    if _own_stderr is None:
        return Console(stderr=True, highlight=False)
    stream = os.fdopen(os.dup(_own_stderr), "w", buffering=1, encoding="utf-8", errors="replace")
    return Console(file=stream, highlight=False)


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
        self._pace: Pace | None = None
        self._shown = 0.0

    def stage(self, name: str, total: int) -> None:
        """Begin a stage."""
        self.done()
        self._pace, self._shown = Pace(name, total, self._clock), self._clock()

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
        self._pace: Pace | None = None
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
        self._pace = Pace(name, total, self._clock)
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


def summary_table(certificate: Mapping[str, Any], folder: Path | str = ".migration") -> RenderableType:
    """Return what the run came to: one table, the verdict with its reasons, and where to look next.

    Args:
        certificate: the content of certificate.json.
        folder: where the certificate and the report are.
    """
    return Group(
        Padding(_Table(certificate), (1, 0), expand=False),
        _verdict(certificate),
        *_reasons(certificate["reasons"]),
        Padding(_where_next(Path(folder), certificate), (1, 0, 0, 0), expand=False),
    )


def closing(certificate: Mapping[str, Any], folder: Path | str = ".migration", console: Console | None = None) -> None:
    """Print `summary_table` to the terminal's stderr."""
    console = console or stderr_console()
    if not console.is_terminal:
        # A log has no width; the table is not to be folded to 80 columns.
        console.width = max(console.width, 140)
    console.print(summary_table(certificate, folder))


class _Table:
    """The table, which fits itself to the terminal: beside each other where there is room, else one below."""

    def __init__(self, certificate: Mapping[str, Any]) -> None:
        self.source, self.intercom = certificate["source"], certificate["intercom"]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        wide = self._table(beside=True)
        if Measurement.get(console, options.update(width=1000), wide).maximum <= options.max_width:
            yield wide
            return
        yield self._table(beside=False)
        yield ""
        yield self._loads()

    def _table(self, *, beside: bool) -> Table:
        table = _grid("ITCO", "rows", *FATES, *(("Intercom", *LOADS) if beside else ()))
        left = dict(self.intercom)
        for name, counts in self.source.items():
            loaded = left.pop(BECOMES.get(name, ""), None)
            if counts["rows"] or (loaded and beside):
                right = _loaded(BECOMES.get(name, ""), loaded) if beside else []
                table.add_row(_words(name), *_numbers(counts, ("rows", *FATES)), *right)
        for name, loaded in left.items() if beside else ():
            table.add_row("", *[""] * (1 + len(FATES)), *_loaded(name, loaded))
        return table

    def _loads(self) -> Table:
        table = _grid("Intercom", *LOADS)
        for name, loaded in self.intercom.items():
            table.add_row(*_loaded(name, loaded))
        return table


def _grid(*headings: str) -> Table:
    table = Table(box=None, padding=(0, 1), pad_edge=False, header_style="dim", collapse_padding=True)
    for heading in headings:
        table.add_column(heading, justify="left" if heading in ("ITCO", "Intercom") else "right", no_wrap=True)
    return table


def _words(name: str) -> Text:
    return Text(name.replace("_", " "))


def _numbers(counts: Mapping[str, int], names: tuple[str, ...]) -> list[Text]:
    styles = {"failed": "bold red", "quarantined": "yellow"}
    return [Text(number(counts[name]), style=styles.get(name, "") if counts[name] else "dim") for name in names]


def _loaded(name: str, counts: Mapping[str, int] | None) -> list[Text]:
    if not counts:
        return [Text("")] * 4
    return [_words(name), *_numbers(counts, LOADS)]


def _verdict(certificate: Mapping[str, Any]) -> Text:
    word = certificate["verdict"]
    calls = certificate["calls"]
    told = certificate["notifications_sent"]
    line = Text(word, style=f"bold {COLOURS[word]}")
    line.append(f"  {counted(calls['total'], 'call')}, {number(calls['writes'])} writes", style="default not bold")
    silent = "notifications are not told" if told is None else f"{counted(told, 'notification')} to contacts"
    return line.append(f", {silent}", style="default not bold")


def _reasons(reasons: list[str]) -> list[RenderableType]:
    shown: list[RenderableType] = [
        Padding(Text(f"- {reason}"), (0, 0, 0, 2), expand=False) for reason in reasons[:REASONS_SHOWN]
    ]
    if len(reasons) > REASONS_SHOWN:
        shown.append(
            Padding(Text(f"- and {len(reasons) - REASONS_SHOWN} more: see the report"), (0, 0, 0, 2), expand=False)
        )
    return shown


def _where_next(folder: Path, certificate: Mapping[str, Any]) -> Table:
    table = Table(box=None, padding=(0, 1), pad_edge=False, show_header=False)
    quarantined = sum(counts["quarantined"] for counts in certificate["source"].values())
    places = [
        (str(folder / "report.html"), "the whole story, for people"),
        (str(folder / "certificate.json"), "the same numbers, for machines"),
        (str(folder / "rejects"), f"{counted(quarantined, 'quarantined row')} to correct") if quarantined else None,
        ("make ui", "every step and check, in the browser"),
    ]
    for place in places:
        if place:
            table.add_row(Text(place[0], style="bold"), Text(place[1]))
    return table
