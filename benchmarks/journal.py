"""The load loop with the journal and without it, against a sink in the same process: `python -m benchmarks.journal`.

The sink answers after a moment, takes writes at a rate or as fast as they come, and keeps nothing. What is
measured is what the journal takes from the load: every intent is on disk before its write leaves.
"""

import asyncio
import itertools
import statistics
import time
from collections.abc import AsyncIterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from benchmarks.table import scratch, show
from migration_assets.writing.engine import Engine
from migration_assets.writing.records import Ids, Record, Sent, Step
from resources.journal import Journal, Run, RunCommand, State, Write

OFFERED = 416.0
"""Writes per second: all that Intercom lets the apps of one workspace do together."""
ANSWER_SECONDS = 0.02
RECORDS, STEPS, ROUNDS = 250, 8, 3
LATE = 0.05
"""Seconds of lateness that the sink lets its callers make up for."""


class NoJournal:
    """Takes what the engine tells a journal and keeps nothing."""

    run_command = RunCommand()

    def __init__(self) -> None:
        """Number writes from 1."""
        self._ids = itertools.count(1)
        self._done: Future[None] = Future()
        self._done.set_result(None)

    async def intent(self, _write: Write) -> int:
        """Return the next number."""
        return next(self._ids)

    def outcome(self, _write_id: int, _state: State, **_values: object) -> "Future[None]":
        """Forget it."""
        return self._done

    async def flush(self) -> None:
        """Have nothing to write."""


class Sink:
    """Answers every write; with a `rate`, evenly spaced."""

    def __init__(self, rate: float | None) -> None:
        """Take writes from now on, `rate` per second if given."""
        self._gap = 1 / rate if rate else 0.0
        self._next = time.monotonic()

    async def send(self, _ids: Ids) -> Sent:
        """Wait for the turn and for the answer."""
        now = time.monotonic()
        self._next = max(self._next, now - LATE) + self._gap
        await asyncio.sleep(max(0.0, self._next - now) + ANSWER_SECONDS)
        return Sent("1")


async def load(journal: Any, rate: float | None) -> float:  # noqa: ANN401 - a Journal, or what stands in for it
    """Return the writes per second that the load loop reaches."""
    sink = Sink(rate)

    async def pages() -> AsyncIterator[list[Record]]:
        for number in range(RECORDS):
            key = f"T{number}"
            writes = [Write("part", f"{key}-{step}", "append", "0" * 64, key) for step in range(STEPS)]
            yield [Record(key, tuple(Step(write, sink.send) for write in writes))]

    started = time.monotonic()
    await Engine(journal).run(pages())
    return RECORDS * STEPS / (time.monotonic() - started)


def with_journal(file: Path, rate: float | None) -> float:
    """Load into a new journal and return the writes per second."""
    with Journal(f"sqlite:///{file}", "benchmark") as journal:
        journal.begin_run(Run(run_id="benchmark"))
        return asyncio.run(load(journal, rate))


def main() -> None:
    """Measure and print."""
    rows = []
    for name, rate in ((f"offered {OFFERED:.0f}/s", OFFERED), ("as fast as possible", None)):
        without, having = [], []
        # In turns, so that whatever else the machine does falls on both.
        for turn in range(ROUNDS):
            without.append(asyncio.run(load(NoJournal(), rate)))
            with scratch() as folder:
                having.append(with_journal(folder / f"{turn}.sqlite3", rate))
        ratio = statistics.median(b / a for a, b in zip(without, having, strict=True))
        rows.append((name, f"{statistics.median(without):.0f}", f"{statistics.median(having):.0f}", f"{ratio:.1%}"))
    show("Writes per second through the load loop", ("", "without journal", "with journal", "ratio"), rows)


if __name__ == "__main__":
    main()
