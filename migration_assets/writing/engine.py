"""Runs records against Intercom: many at a time, each strictly in order, every write journalled before and after.

Knows nothing of contacts or tickets. A step is sent only once its intent is durable; what its outcome means for
the rest of the record and of the load is decided here and nowhere else.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from functools import partial

from migration_assets.writing.answers import NOTHING_SEEN, AnswerBook, SeenAnswer
from migration_assets.writing.failure import is_asked
from migration_assets.writing.records import Declined, Record, Sent, Step, Stopped, UnsendableError
from migration_assets.writing.signals import asked_to_stop, stopping_on_signals
from resources.intercom.errors import IntercomError
from resources.intercom.outcomes import CallOutcome
from resources.journal import Command, Journal, State, WriteCode
from schemas.run_options import make

ABORT_SHARE = 0.5
"""When more than this share of the first records is refused, it is the mapping that is wrong, not the records."""

PAUSE_LOOK = 0.2
"""Seconds between two looks at whether a pause is over."""


class Engine:
    """Sends records.

    Args:
        journal: where intents and outcomes go.
        concurrency: how many records are under way at a time.
        stop_deadline: seconds that steps under way get to end after a stop.
        abort_after: the number of first records that are looked at for an early abort.
        answers: holds what is answered against what was sent.
        on_done: called with the number of records done so far.
    """

    def __init__(
        self,
        journal: Journal,
        *,
        concurrency: int = 32,
        stop_deadline: float = 30.0,
        abort_after: int = 50,
        answers: AnswerBook | None = None,
        on_done: Callable[[int], None] = lambda _done: None,
    ) -> None:
        self.sent: Counter[tuple[str, str]] = Counter()
        """Confirmed writes by (object, operation)."""
        self.done = 0
        self.refused = 0
        self.forbidden: Counter[str] = Counter()
        """Writes that Intercom refused for lack of a permission or of the plan (403), by call and code."""
        self.ambiguous = 0
        self._journal = journal
        self._slots = asyncio.Semaphore(concurrency)
        self._stop_deadline = stop_deadline
        self._abort_after = abort_after
        self._answers = answers or AnswerBook()
        self._on_done = on_done
        self._tasks: set[asyncio.Task[None]] = set()
        self._reason: Stopped | None = None
        self._fault: BaseException | None = None

    @property
    def stopping(self) -> bool:
        """Whether nothing more is to be sent."""
        return self._reason is not None

    def hear(self) -> bool:
        """Hear what somebody at another terminal wants, and say whether nothing more is to be sent."""
        if self._journal.run_command.command is Command.STOP:
            self.stop(asked_to_stop(self._journal.run_command), asked=True)
        return self.stopping

    def stop(self, reason: str, *, asked: bool = False) -> None:
        """Send nothing more; what is under way ends. `asked`: a person wants it so."""
        self._reason = self._reason or Stopped(reason, asked=asked)

    async def run(self, pages: AsyncIterator[list[Record]]) -> None:
        """Send all records of all pages.

        Raises:
            Stopped: it was asked to stop, or Intercom's answers make going on pointless.
            resources.journal.JournalError: something could not be journalled.
        """
        with stopping_on_signals(partial(self.stop, asked=True)):
            try:
                async for page in pages:
                    await self._dispatch(page)
                    if self.stopping:
                        break
            finally:
                await self._drain()
                await self._journal.flush()
        if self._fault is not None:
            raise self._fault
        if self._reason is not None:
            raise self._reason

    async def _may_go_on(self) -> bool:
        """Whether more may be sent; waits while somebody wants the run to pause."""
        while not self.stopping and self._journal.run_command.command is Command.PAUSE:
            await asyncio.sleep(PAUSE_LOOK)
        return not self.hear()

    async def _dispatch(self, page: list[Record]) -> None:
        for record in page:
            await self._slots.acquire()
            if not await self._may_go_on():
                self._slots.release()
                return
            task = asyncio.create_task(self._record(record))
            self._tasks.add(task)
            task.add_done_callback(self._ended)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        self._slots.release()
        if task.cancelled():
            return
        fault = task.exception()
        if fault is not None:
            self._fault = self._fault or fault
            self.stop("A fault of the program or of the journal.")

    async def _drain(self) -> None:
        deadline = None
        loop = asyncio.get_running_loop()
        while self._tasks:
            if self.stopping and deadline is None:
                deadline = loop.time() + self._stop_deadline
            if deadline is not None and loop.time() >= deadline:
                for task in self._tasks:
                    task.cancel()
                await asyncio.gather(*self._tasks, return_exceptions=True)
                return
            await asyncio.wait(self._tasks, timeout=0.2)

    async def _record(self, record: Record) -> None:
        refused = False
        for step in record.steps:
            if not await self._may_go_on():
                return
            state = await self._step(record, step)
            # Native priority, say, may be refused for every record without anything being wrong with the mapping.
            refused = refused or (state is State.REJECTED and step.essential)
            if state is not State.CONFIRMED and (state is not State.REJECTED or step.essential):
                break
        self.done += 1
        self.refused += refused
        self._on_done(self.done)
        self._consider_abort()

    def _consider_abort(self) -> None:
        if self.done != self._abort_after or self.refused <= self.done * ABORT_SHARE:
            return
        many = f"Intercom refused {self.refused} of the first {self.done} records"
        if self.forbidden.total() > self.refused * ABORT_SHARE:
            self.stop(
                f"{many}, most of them because the access token or the workspace's plan does not allow it: "
                f"{self.forbidden.most_common(1)[0][0]}. Give the token's app that permission in Intercom's Developer "
                f"Hub, then run {make('migrate', 'retry_failed')}."
            )
            return
        self.stop(
            f"{many}: the mapping is likelier to be wrong than the records. The reasons are in the journal; correct "
            "the mapping, then run again."
        )

    async def _step(self, record: Record, step: Step) -> State:
        write_id = await self._journal.intent(step.write)
        try:
            sent = await step.send(record.ids)
        except IntercomError as error:
            error.concerning(step.write.object, step.write.source_key)
            return self._failed(write_id, error, essential=step.essential)
        except UnsendableError as error:
            self._journal.outcome(write_id, State.REJECTED, error_code=WriteCode.UNSENDABLE, error_message=str(error))
            return State.REJECTED
        except Declined as declined:
            code, why = WriteCode.DECLINED, {WriteCode.DECLINED.value: declined.code.value}
            self._journal.outcome(write_id, State.UNDONE, error_code=code, error_message=declined.words, remark=why)
            return State.UNDONE
        except BaseException as error:
            # Cancelled, or a fault of ours: whether Intercom has it is not known.
            self._journal.outcome(write_id, State.AMBIGUOUS, error_code=type(error).__name__)
            raise
        seen = NOTHING_SEEN
        try:
            seen = await self._answers.see(step.write.object, step.write.source_key, sent.answered)
        finally:
            # Also when it is cancelled: Intercom has taken the write, whatever its answer shows.
            self._confirm(write_id, step, sent, seen)
        if seen.otherwise and (reason := self._answers.why_stop(step.write.object, seen.otherwise)) is not None:
            self.stop(reason)
        return State.CONFIRMED

    def _confirm(self, write_id: int, step: Step, sent: Sent, seen: SeenAnswer) -> None:
        self.sent[step.write.object, step.write.operation] += 1
        code = WriteCode.EDITS if sent.remark else WriteCode.ANSWERED if seen.remark else None
        self._journal.outcome(
            write_id,
            State.CONFIRMED,
            intercom_id=sent.intercom_id,
            adopted=sent.adopted,
            before_image=sent.before_image or None,
            last_written=sent.last_written or None,
            error_code=code,
            remark={**(sent.remark or {}), **seen.remark} or None,
            undoes=sent.undoes,
        )

    def _failed(self, write_id: int, error: IntercomError, *, essential: bool) -> State:
        state = {
            CallOutcome.NOT_EXECUTED: State.UNDONE,
            CallOutcome.REJECTED: State.REJECTED,
            CallOutcome.AMBIGUOUS: State.AMBIGUOUS,
            # A stop says nothing about the write itself: whether it may have happened does.
            CallOutcome.STOP: State.UNDONE,
        }[error.outcome]
        if error.may_have_happened:
            state = State.AMBIGUOUS
        self._journal.outcome(
            write_id,
            state,
            http_status=error.status,
            error_code=error.code,
            error_message=error.message,
            request_id=error.request_id,
        )
        self.ambiguous += state is State.AMBIGUOUS
        if essential and error.status == 403:
            self.forbidden[f"{error.endpoint} ({error.code})"] += 1
        if error.stop:
            self.stop(f"The load cannot go on: {error}. Nothing more was sent.", asked=is_asked(error))
        elif error.outcome is CallOutcome.NOT_EXECUTED:
            self.stop(f"Intercom cannot be reached: {error}. What was not sent goes with the next run.")
        return state
