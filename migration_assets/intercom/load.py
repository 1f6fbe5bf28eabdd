"""Loads one object: looks up what is unknown, sends what the plan says, looks up again, and counts what stands."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

from migration_assets.intercom.answer_book import keep_book, open_book, stopped_because
from migration_assets.intercom.deleted_in_intercom import bring_back
from migration_assets.objects.protocol import CanaryLoader, Loader
from migration_assets.objects.registry import declarations, journal_objects, rooms
from migration_assets.objects.tables import open_objects
from migration_assets.plan.plan import refresh_verdicts
from migration_assets.writing.answers import AnswerBook
from migration_assets.writing.engine import Engine
from migration_assets.writing.environment import Environment
from migration_assets.writing.records import Record, Stopped
from migration_assets.writing.resolve import UnknownWrite, leftovers, resolve
from migration_assets.writing.signals import asked_to_stop
from resources.intercom.errors import IntercomError
from resources.journal import Command, Journal, Write
from resources.warehouse import scalar

MAX_IDLE_ROUNDS = 3
"""Rounds of sending, waiting and looking up, in a row, that settled nothing: the rest is left to the next run."""

FORGOTTEN = """
SELECT w.source_key, w.fingerprint, w.parent_key FROM plan.writes w
WHERE w.object = ? AND w.operation = ? AND w.verdict IN ('send', 'held')
    -- What hangs on a record that is not there cannot be there either.
    AND (w.object = w.record_object OR EXISTS (
        SELECT 1 FROM plan.ids i WHERE i.object = w.record_object AND i.source_key = w.record_key))
ORDER BY w.record_key, w.seq
"""
WRITES = "SELECT count(*) FROM plan.writes WHERE record_object = ? AND verdict = 'send'"

_HERE = Path(__file__).parent


@dataclass
class LoadResult:
    """What became of the records of one object; every planned record is counted exactly once.

    `sent` counts confirmed writes by "object/operation"; `duplicates` are Intercom ids of records that were found
    twice while looking up an unknown outcome.
    """

    object: str
    created: int = 0
    updated: int = 0
    adopted: int = 0
    unchanged: int = 0
    failed: int = 0
    blocked: int = 0
    ambiguous: int = 0
    unsent: int = 0
    sent: dict[str, int] = field(default_factory=dict)
    resolved: int = 0
    duplicates: list[str] = field(default_factory=list)
    calls: int = 0
    seconds: float = 0.0
    queued: int = 0
    """Records that were to be sent in the first round, or in a greater one."""
    refused: int = 0
    """Records that Intercom refused in the rounds so far."""
    book: AnswerBook = field(default_factory=AnswerBook)
    """What was answered, held against what was sent."""

    @property
    def planned(self) -> int:
        """All records of the object that the plan covers."""
        return sum(
            (self.created, self.updated, self.adopted, self.unchanged, self.failed, self.blocked, self.ambiguous,
             self.unsent)
        )  # fmt: skip


class LoadStopped(Stopped):
    """A load that ended before its end; `result` says how far it came."""

    def __init__(self, reason: Stopped, result: LoadResult) -> None:
        super().__init__(str(reason), asked=reason.asked)
        self.result = result


async def load(env: Environment, loader: Loader) -> LoadResult:
    """Bring Intercom to what the plan says about one object.

    Raises:
        LoadStopped: it was asked to stop, Intercom cannot be used, or nearly everything is refused.
        resources.journal.JournalError: something could not be journalled.
    """
    started, calls = time.monotonic(), env.client.calls.total
    result = LoadResult(loader.object)
    reason = None
    try:
        await _cycles(env, loader, result)
    except Stopped as stopped:
        given = env.journal.run_command
        reason = Stopped(asked_to_stop(given), asked=True) if given.command is Command.STOP else stopped
        await env.journal.flush()
        _look(env, loader)
        if not reason.asked and (words := stopped_because(env, result.book)) is not None:
            reason = Stopped(words)
    _count(env, loader, result)
    keep_book(env, journal_objects(loader.object), result.book)
    result.calls = env.client.calls.total - calls
    result.seconds = time.monotonic() - started
    if reason is not None:
        raise LoadStopped(reason, result)
    return result


@dataclass(frozen=True)
class Situation:
    """How an object stands: records to send, and writes whose outcome is unknown."""

    total: int
    unknown: list[UnknownWrite]


async def _cycles(env: Environment, loader: Loader, result: LoadResult) -> None:
    if env.restore_deleted:
        await bring_back(env, journal_objects(loader.object))
    situation = _look(env, loader, first=True)
    result.book = open_book(env, journal_objects(loader.object))
    if env.workspace_lease is not None and (situation.total or situation.unknown):
        await env.workspace_lease.ensure()
    if loader.non_idempotent_writes and (env.complete or lacks_something(env.journal)):
        situation = await _complete(env, loader, result, situation)
    idle_rounds, tried = 0, False
    # A record is parked by the first of its writes that becomes ambiguous, so that a long one may need many rounds.
    # They come to an end: each confirms a write or counts as one more attempt of it, which are limited.
    while idle_rounds < MAX_IDLE_ROUNDS:
        settled = _settled(result)
        # What is unknown from before is looked up first, if it has been left alone long enough.
        due = [write for write in situation.unknown if write.due(env.settle_seconds) <= env.journal.clock()]
        if due:
            situation = await _resolve(env, loader, result, due)
        if situation.total and isinstance(loader, CanaryLoader) and not tried:
            situation, tried = await _try_first(env, loader, result, situation), True
        if situation.total:
            await _send(env, loader, result, situation.total)
            situation = _look(env, loader)
        # What Intercom refused with its files is sent without them, and they one by one: more to send at once.
        if not situation.unknown and not situation.total:
            return
        if situation.unknown:
            situation = await _resolve(env, loader, result, situation.unknown)
        idle_rounds = 0 if _settled(result) > settled else idle_rounds + 1


async def _try_first(env: Environment, loader: CanaryLoader, result: LoadResult, situation: Situation) -> Situation:
    """Read back what was sent first of all; where nothing or little was sent yet, send a little and read that back."""
    if await loader.read_canary_back(env) < loader.canary_size:
        try:
            await _send(env, loader, result, situation.total, only=loader.canary_size)
        except Stopped:
            # Where the answers have stopped it, reading back says more exactly what is wrong.
            stops_for, result.book.stops_for = result.book.stops_for, None
            if stops_for is not None:
                await env.journal.flush()
                _look(env, loader)
                await loader.read_canary_back(env)
                result.book.stops_for = stops_for
            raise
        situation = _look(env, loader)
        await loader.read_canary_back(env)
    return situation


async def _complete(env: Environment, loader: Loader, result: LoadResult, situation: Situation) -> Situation:
    """Look up what the journal does not know and a run that it has forgotten may have sent."""
    if situation.unknown:
        # What the journal does know of comes first: it holds the rest of its record back.
        situation = await _resolve(env, loader, result, situation.unknown)
    for object_name, operation in loader.non_idempotent_writes:
        with env.warehouse.connect() as connection:
            rows = connection.execute(FORGOTTEN, [object_name, operation]).fetchall()
        if rows:
            await env.journal.assume([Write(object_name, key, operation, mark, parent) for key, mark, parent in rows])
            situation = await _resolve(env, loader, result, _look(env, loader).unknown)
    with env.warehouse.connect() as connection:
        whole = scalar(connection, 'SELECT count(*) FROM plan.options WHERE "limit" IS NULL')
    if whole:
        await env.journal.completed()
    return situation


def lacks_something(journal: Journal) -> bool:
    """Whether Intercom may hold tickets of this migration that the journal does not know.

    It was restored from a backup; or the ticket type stood there before this journal began, as it does when the
    journal was lost. Once Intercom was asked for all of them, the journal knows.
    """
    if journal.lacks():
        return True
    telling = [name for name, room in rooms().items() if room.destination.known_if_adopted]
    adopted = any(frame["adopted"].any() for frame in journal.record_states(telling))
    return adopted and not journal.was_completed()


def _settled(result: LoadResult) -> int:
    """How many writes are known to stand."""
    return sum(result.sent.values()) + result.resolved


def _look(env: Environment, loader: Loader, *, first: bool = False) -> Situation:
    """Read the journal's news, judge every write anew, and queue what is to be sent.

    The first look of a load keeps how the records stood before.
    """
    with env.warehouse.connect() as connection:
        refresh_verdicts(connection, env.journal)
        connection.execute(_queue(loader.object), {"object": loader.object})
        if first:
            connection.execute((_HERE / "start.sql").read_text(), {"object": loader.object})
        total = scalar(connection, "SELECT count(*) FROM plan.queue")
        return Situation(total, leftovers(connection, journal_objects(loader.object)))


def _queue(object_name: str) -> str:
    one = declarations()[object_name]
    first_by = f"t.{one.limited_by}" if one.limited_by else "NULL::BIGINT"
    query = (_HERE / "queue.sql").read_text(encoding="utf-8")
    return query.replace("{records}", one.records).replace("{first_by}", first_by)


async def _resolve(env: Environment, loader: Loader, result: LoadResult, unknown: list[UnknownWrite]) -> Situation:
    """Find out what became of `unknown`, waiting for their settle time if need be."""
    found = await resolve(env, loader.finder, unknown)
    result.resolved += found.confirmed
    result.duplicates += found.duplicates
    return _look(env, loader)


async def _send(env: Environment, loader: Loader, result: LoadResult, total: int, only: int | None = None) -> None:
    """Send the queue, which holds `total` records, or its first `only` records."""
    result.queued = max(result.queued, total)
    before, refused = result.queued - total, result.refused
    # Told before its first call, so that all that it calls is counted as its own.
    env.progress(loader.object, before, result.queued, env.client.calls.total, refused)
    try:
        await loader.prepare(env)
    except IntercomError as error:
        raise Stopped(f"Intercom cannot be read before the load: {error}") from None
    with env.warehouse.connect() as connection:
        writes = scalar(connection, WRITES, [loader.object])
    await env.journal.begin_object(loader.object, total, writes)
    engine = Engine(
        env.journal,
        concurrency=env.concurrency,
        stop_deadline=env.stop_deadline,
        abort_after=env.abort_after,
        answers=result.book,
        # A later round goes on with what is left of the first one.
        on_done=lambda done: env.progress(
            loader.object, before + done, result.queued, env.client.calls.total, refused + engine.refused
        ),
    )
    # Stays: what a run that was told to end still reads is not waited for either.
    env.client.budget.stop_wanted = engine.hear
    try:
        await engine.run(_pages(env, loader, total if only is None else min(only, total)))
    finally:
        result.refused += engine.refused
        for (object_name, operation), number in engine.sent.items():
            name = f"{object_name}/{operation}"
            result.sent[name] = result.sent.get(name, 0) + number


async def _pages(env: Environment, loader: Loader, total: int) -> AsyncIterator[list[Record]]:
    """Yield the queue in pages, reading one ahead; the warehouse is open only while a page is read."""

    def read(first: int) -> list[Record]:
        with env.warehouse.connect() as connection:
            return loader.page(connection, first, min(first + env.page_size, total))

    ahead = asyncio.create_task(asyncio.to_thread(read, 0))
    try:
        for first in range(0, total, env.page_size):
            page = await ahead
            if first + env.page_size < total:
                ahead = asyncio.create_task(asyncio.to_thread(read, first + env.page_size))
            yield page
    finally:
        if not ahead.done():
            await asyncio.wait([ahead])


def _count(env: Environment, loader: Loader, result: LoadResult) -> None:
    with env.warehouse.connect() as connection:
        open_objects(connection)
        for outcome, number in connection.execute(
            (_HERE / "counts.sql").read_text(), {"object": loader.object}
        ).fetchall():
            setattr(result, outcome, number)
