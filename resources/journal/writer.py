"""The journal's only writing thread: it takes what is queued, commits it once, then tells who waits.

Grouping costs nothing where commits are fast (what queued up during one commit forms the next group) and is
what makes a slow disk bearable.
"""

import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from resources.journal.database import WRITER, describe
from resources.journal.records import IllegalTransitionError, JournalError

GROUP_WAIT = 0.005
GROUP_SIZE = 500
BEAT_LOOK = 1.0
"""Seconds between two looks at what is wanted of the run."""


@dataclass
class Job:
    """One thing to do in a transaction. `urgent` jobs are waited for, so that they are not held back."""

    work: Callable[[Connection], Any]
    urgent: bool = True
    future: "Future[Any]" = field(default_factory=Future)


class JobTaker(Protocol):
    """Where a journal's jobs go."""

    def put(self, job: Job) -> "Future[Any]":
        """Take `job`; its future is resolved once it is durable."""

    def close(self) -> None:
        """Write what was taken; nothing more comes."""


class Committer:
    """Runs jobs in transactions on the thread that calls it; what a writer is made of.

    `guard` runs first in every transaction; when it raises, nothing of the group is written.
    """

    def __init__(self, engine: Engine, guard: Callable[[Connection], None], beat: Callable[[Connection], None]) -> None:
        self._engine = engine
        self._guard = guard
        self._beat = beat

    def look(self) -> None:
        """Beat. What goes wrong here goes wrong for the next group too, which has somebody to be told."""
        with (
            suppress(SQLAlchemyError, JournalError),
            self._engine.connect().execution_options(**WRITER) as connection,
            connection.begin(),
        ):
            self._beat(connection)

    def commit(self, group: list[Job]) -> None:
        """Run `group` in one transaction and resolve its futures; where it fails, each job in one of its own."""
        try:
            results = self._transaction(group)
        except (SQLAlchemyError, JournalError) as error:
            if len(group) > 1:
                # One bad statement spoils a transaction: find it by giving each job its own.
                for job in group:
                    self.commit([job])
                return
            group[0].future.set_exception(_translated(error))
            return
        except BaseException as error:  # whoever waits must learn of it, whatever it is
            for job in group:
                job.future.set_exception(error)
            return
        for job, result in zip(group, results, strict=True):
            job.future.set_result(result)

    def _transaction(self, group: list[Job]) -> list[Any]:
        with self._engine.connect().execution_options(**WRITER) as connection, connection.begin():
            self._guard(connection)
            return [job.work(connection) for job in group]


class Writer(Committer):
    """A thread that runs jobs in grouped transactions, in the order they came.

    `beat` runs in a transaction of its own every second, whatever else there is to do.
    """

    def __init__(self, engine: Engine, guard: Callable[[Connection], None], beat: Callable[[Connection], None]) -> None:
        super().__init__(engine, guard, beat)
        self._beat_due = time.monotonic() + BEAT_LOOK
        self._queue: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._closed = False
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="journal-writer", daemon=True)
        self._thread.start()

    def put(self, job: Job) -> "Future[Any]":
        """Queue `job`; its future is resolved once its group is committed."""
        with self._lock:
            if self._closed:
                raise JournalError("The journal is closed.")
            self._queue.put(job)
        return job.future

    def close(self) -> None:
        """Write what is queued, then end the thread."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        ended = False
        while not ended:
            group, ended = self._next_group()
            if time.monotonic() >= self._beat_due:
                self._beat_due = time.monotonic() + BEAT_LOOK
                self.look()
            # A waiter that was cancelled has given up: what it asked for is not begun.
            wanted = [job for job in group if job.future.set_running_or_notify_cancel()]
            if wanted:
                self.commit(wanted)

    def _next_group(self) -> tuple[list[Job], bool]:
        """Return the next jobs, and whether it was the end; waits a little only if nobody waits for us."""
        try:
            job = self._queue.get(timeout=max(0.0, self._beat_due - time.monotonic()))
        except queue.Empty:
            return [], False
        if job is None:
            return [], True
        group = [job]
        until = time.monotonic() + GROUP_WAIT
        while len(group) < GROUP_SIZE:
            patience = 0.0 if any(waiting.urgent for waiting in group) else max(0.0, until - time.monotonic())
            try:
                job = self._queue.get(timeout=patience) if patience else self._queue.get_nowait()
            except queue.Empty:
                break
            if job is None:
                return group, True
            group.append(job)
        return group, False


def _translated(error: Exception) -> JournalError:
    if isinstance(error, JournalError):
        return error
    if isinstance(error, IntegrityError):
        return IllegalTransitionError(
            f"The journal refuses this write: it is under way or stands already ({describe(error)})"
        )
    return JournalError(
        f"The journal cannot be written, so that nothing more is sent: {describe(error)}. "
        "Make room on its disk, or make it reachable."
    )
