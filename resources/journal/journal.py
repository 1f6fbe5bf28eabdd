"""The journal itself: intents, outcomes, runs, and what is known of every record.

Reading needs nothing; writing needs `begin_run`, which fences off every older run.
"""

import asyncio
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from functools import partial
from typing import Any

from sqlalchemy import Connection, Engine

from resources.clock import steady
from resources.journal import applied_writes, lease, merges, recovery, run_command, run_figures, statements
from resources.journal.codes import WriteCode
from resources.journal.database import WRITER, open_database
from resources.journal.lease import Holder
from resources.journal.reading import JournalReading
from resources.journal.records import (
    JournalError,
    JournalFencedError,
    Run,
    State,
    Undoes,
    Write,
    WriteOutcome,
)
from resources.journal.run_command import Command, RunCommand
from resources.journal.writer import Job, JobTaker, Writer

MESSAGE_LENGTH = 500
MakeWriter = Callable[[Engine, Callable[[Connection], None], Callable[[Connection], None]], JobTaker]


class Journal(JournalReading):
    """What was done to Intercom for one migration. Safe to use from several threads."""

    def __init__(self, url: str, migration: str, *, make_writer: MakeWriter = Writer) -> None:
        """Open the journal at the SQLAlchemy `url`, for the migration of that name.

        `make_writer` makes what its jobs are given to, of the engine, the guard and the beat; a simulation has its own.

        Raises:
            JournalError: it cannot be opened, or is of another version.
        """
        self.migration = migration
        self._engine = open_database(url)
        self._make_writer = make_writer
        self._writer: JobTaker | None = None
        self._fence = 0
        self._beaten = 0.0
        self._run_id = ""
        self.clock: Callable[[], float] = steady
        """What the times of writes are taken from, in unix seconds. A load gives it Intercom's own clock, so that
        they can be compared by another process, on another machine, after this one's clock was set."""
        self.calls: Callable[[], run_figures.CallsMade] | None = None
        """What tells how often the run has called until now, which is noted with its signs of life."""
        self.run_command = RunCommand()
        """What somebody at another terminal wants of this run; looked up every second while it is written."""
        self._failure: BaseException | None = None
        self._failure_lock = threading.Lock()

    def __enter__(self) -> "Journal":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- runs ---------------------------------------------------------------------------------------------

    def begin_run(self, run: Run) -> None:
        """Take the journal for writing and note the run; calling it again for the same run is harmless.

        Raises:
            JournalBusyError: another process, or another journal of this one, is writing.
        """
        held = self.holder()
        if held is not None:
            # Read first: a holder that stands still within a write keeps SQLite's own lock, which names nobody.
            place = (self._engine.url, self.migration)
            lease.require_free(held, place, Holder.this_process(), self._fence, time.time())
        if self._writer is None:
            self._writer = self._make_writer(self._engine, self._guard, self._beat)
        self._run_id = run.run_id
        self._put(lambda connection: self._take_over(connection, run)).result()

    def end_run(self, status: str) -> None:
        """Note how the run ended: complete, stopped or failed."""
        values = {"run": self._run_id, "status": status, "ended": time.time()}
        self._put(lambda connection: connection.execute(statements.END_RUN, values)).result()

    def note_end(self, run_id: str, calls: run_figures.CallsMade, seconds: float, *, job: str, verdict: str) -> None:
        """Note what a run has come to that ends with a certificate. It is its own row, so it needs no lease for it.

        Raises:
            JournalError: it cannot be noted.
        """
        run_figures.note_end(self._engine, run_id, calls, seconds, job, verdict)

    def _take_over(self, connection: Connection, run: Run) -> None:
        mine = self._fence
        self._fence = lease.take(connection, self.migration, run.run_id, Holder.this_process(), mine)
        if statements.begin_run(connection, self.migration, run):
            run_command.forget(connection, self.migration)
        if not mine:
            # Whoever was sending has ended: the settle time of what was under way begins now, at the latest.
            connection.execute(statements.ABANDON, {"of": self.migration, "at": time.time()})
        self.run_command = run_command.command_of(connection, self.migration)

    def _guard(self, connection: Connection) -> None:
        if not self._fence:
            return
        current = connection.execute(lease.FENCE, {"migration": self.migration}).scalar()
        if current != self._fence:
            raise JournalFencedError("A newer run has taken the journal over; this one stops writing.")

    def _beat(self, connection: Connection) -> None:
        """Hear what is wanted of the run, and now and then give a sign of life."""
        if not self._fence:
            return
        self.run_command = run_command.command_of(connection, self.migration)
        now = time.time()
        # Also when the clock was set back, or others would take a living run for dead.
        if not 0 <= now - self._beaten < lease.BEAT_SECONDS:
            self._guard(connection)
            lease.beat(connection, self.migration, self._fence, now)
            self._note_calls(connection, now)
            self._beaten = now

    def _note_calls(self, connection: Connection, now: float) -> None:
        if self.calls is not None:
            run_figures.note_calls(connection, self._run_id, self.calls(), now)

    # -- writes -------------------------------------------------------------------------------------------

    async def intent(self, write: Write) -> int:
        """Record that `write` is about to be sent and return its number, once that is durable.

        Raises:
            JournalError: it is not recorded, so the request must not be sent.
            IllegalTransitionError: the same write is under way, or stands already.
        """
        self._raise_failure()
        values = {
            "migration": self.migration,
            "run_id": self._run_id,
            "object": write.object,
            "source_key": write.source_key,
            "parent_key": write.parent_key,
            "operation": write.operation,
            "fingerprint": write.fingerprint,
            "intent_at": self.clock(),
        }
        job = self._put(lambda connection: connection.execute(statements.INTENT, values).scalar_one())
        return int(await asyncio.wrap_future(job))

    def outcome(
        self,
        write_id: int,
        state: State,
        *,
        intercom_id: str | None = None,
        adopted: bool = False,
        before_image: Mapping[str, Any] | None = None,
        last_written: Mapping[str, str] | None = None,
        http_status: int | None = None,
        error_code: str | None = None,
        error_message: str | None = None,
        remark: Mapping[str, Any] | None = None,
        request_id: str | None = None,
        undoes: Undoes | None = None,
    ) -> "Future[None]":
        """Record what became of a write; need not be waited for.

        A failure is kept and raised by the next `intent`, `flush` or `close`. An `adopted` write found its
        record in Intercom; `before_image` is what the record held before it was changed, `last_written` a mark for each
        field as it was left. `error_code` and `remark` say more of any outcome, as values (tables.py).
        What it `undoes` no longer stands, from the same moment on.
        """
        message = error_message[:MESSAGE_LENGTH] if error_message else None
        code = str(error_code) if error_code else None
        outcome = WriteOutcome(
            state, intercom_id, adopted, before_image, last_written, http_status, code, message, remark, request_id
        )
        at = self.clock()

        def record(connection: Connection) -> None:
            statements.record_outcome(connection, write_id, outcome, at)
            if undoes is not None:
                applied_writes.undo(connection, self.migration, undoes, WriteCode.ROLLED_BACK.value, at)

        future: Future[None] = self._put(record, urgent=False)
        future.add_done_callback(self._keep_failure)
        return future

    async def flush(self) -> None:
        """Return once everything queued is durable; raises what failed."""
        await asyncio.wrap_future(self._put(lambda _: None))
        self._raise_failure()

    def close(self) -> None:
        """Write what is queued and give the journal back; raises what could not be written."""
        try:
            if self._writer is not None:
                self._give_back(self._writer)
                self._writer.close()
                self._writer = None
        finally:
            lease.forget(self._engine, self.migration, self._fence)
            self._engine.dispose()
        self._raise_failure()

    async def undo(self, what: Undoes, code: str) -> None:
        """Note that nothing of a record stands in Intercom any more, for the reason `code`; so of what hangs on it."""
        at = self.clock()
        await asyncio.wrap_future(
            self._put(lambda connection: applied_writes.undo(connection, self.migration, what, code, at))
        )

    async def repeat_undoing(self) -> None:
        """Let each write of a rollback whose outcome is unknown be sent again, which does no harm."""
        work = self._put(lambda connection: connection.execute(applied_writes.REPEAT, {"of": self.migration}))
        await asyncio.wrap_future(work)

    async def follow_merge(self, merged: Undoes, into_id: str, fingerprint: str | None = None) -> None:
        """Note that a record of ours was merged into the one with `into_id`, which takes its place as adopted.

        What hangs on it is made anew. `fingerprint` is what the record that is left was brought to; by default what
        ours was.
        """
        work = partial(merges.follow_merge, migration=self.migration, run_id=self._run_id, merged=merged,
                       into_id=into_id, fingerprint=fingerprint, at=time.time())  # fmt: skip
        await asyncio.wrap_future(self._put(work))

    # -- what a journal may lack ------------------------------------------------------------------------------

    async def assume(self, writes: Sequence[Write]) -> None:
        """Note `writes` as perhaps sent by a run that this journal does not know; each is then looked up.

        Raises:
            IllegalTransitionError: one of them is known after all.
        """
        at = self.clock()
        job = self._put(lambda connection: recovery.assume(connection, self.migration, self._run_id, writes, at))
        await asyncio.wrap_future(job)

    async def note_recovery(self) -> None:
        """Note that another journal, or a later state of this one, wrote to Intercom: it is asked before it is sent."""
        if not self.lacks():
            job = self._put(lambda connection: recovery.note_recovery(connection, [self.migration]))
            await asyncio.wrap_future(job)

    async def completed(self) -> None:
        """Note that Intercom was asked for everything that the journal did not know."""
        await asyncio.wrap_future(self._put(lambda connection: recovery.note_look(connection, self.migration)))

    def ask(self, wish: Command, asked_by: str) -> None:
        """Tell the run that is going on, in whichever process, what is wanted of it; it hears of it in a second."""
        with self._engine.connect().execution_options(**WRITER) as connection, connection.begin():
            run_command.give(connection, self.migration, RunCommand(wish, asked_by))
        self.run_command = RunCommand(wish, asked_by)

    async def begin_object(self, object_name: str, records: int, writes: int) -> None:
        """Note how many records and writes a load of an object has before it."""
        values = {"run_id": self._run_id, "began": time.time(), "records": records, "writes": writes}
        job = self._put(lambda connection: statements.begin_object(connection, self.migration, object_name, values))
        await asyncio.wrap_future(job)

    # -- inside -------------------------------------------------------------------------------------------

    def _put(self, work: Any, *, urgent: bool = True) -> "Future[Any]":  # noqa: ANN401 - any function of a connection
        if self._writer is None:
            raise JournalError("The journal is open for reading only: begin_run was not called.")
        return self._writer.put(Job(work, urgent))

    def _give_back(self, writer: JobTaker) -> None:
        if self._fence:
            # A lease that cannot be given back becomes stale by itself.
            for work in (
                lambda connection: self._note_calls(connection, time.time()),
                lambda connection: lease.beat(connection, self.migration, self._fence, None),
            ):
                writer.put(Job(work, urgent=False))

    def _keep_failure(self, future: "Future[Any]") -> None:
        error = None if future.cancelled() else future.exception()
        if error is not None:
            with self._failure_lock:
                self._failure = self._failure or error

    def _raise_failure(self) -> None:
        with self._failure_lock:
            failure, self._failure = self._failure, None
        if failure is not None:
            raise failure
