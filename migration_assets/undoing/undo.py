"""Undoes what the plan says, object by object: each record is looked at, then removed or given back its fields."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field

from migration_assets.objects.declaration import UndoAction
from migration_assets.objects.registry import declarations, hanging_on, undo_order, undoer_of
from migration_assets.objects.retained_records import RetainedRecords
from migration_assets.objects.touches import own_admins
from migration_assets.objects.undoer import Row, Undoer, unless_deleted
from migration_assets.undoing import undo_tables
from migration_assets.undoing.scope import Scope
from migration_assets.writing.engine import Engine
from migration_assets.writing.environment import Environment
from migration_assets.writing.records import Declined, Ids, Record, Sent, Step, Stopped
from migration_assets.writing.workspace_answers import known_answers
from resources.intercom.errors import IntercomError
from resources.journal import Undoes, Write

TIMES = 3
"""How often what Intercom gave no clear answer to is sent: removing does no harm when it is repeated."""


@dataclass(frozen=True)
class Rollback:
    """One rollback's surroundings; `run_id` is its own run, `answers` what the journal has of a probe, by question."""

    env: Environment
    scope: Scope
    run_id: str
    answers: Mapping[str, str] = field(default_factory=dict)

    def retained(self, *, dry: bool) -> RetainedRecords:
        """Return what stays in Intercom by the plan."""
        goes_with = {name: item.goes_with for name, item in declarations().items() if item.goes_with is not None}
        with self.env.warehouse.connect() as connection:
            staying = undo_tables.staying(connection)
            known = undo_tables.same_workspace(connection)
            admins = own_admins(connection) if known else frozenset()
            answers = self.answers or (known_answers(connection) if known else {})
        return RetainedRecords(
            self.env.journal, self.scope.covers, staying, goes_with, dry=dry, own_admins=admins, answers=answers
        )

    async def undoer(self, object_name: str, retained: RetainedRecords) -> Undoer:
        """Return what undoes an object, having read what all its records need.

        Raises:
            Stopped: Intercom cannot be read.
        """
        undoer = undoer_of(object_name)
        try:
            await undoer.prepare_undoing(self.env.client, retained)
        except IntercomError as error:
            raise Stopped(f"Intercom cannot be read: {error}") from None
        return undoer


async def undo(rollback: Rollback) -> None:
    """Send what the plan says. What became of each record is in `rollback.outcomes`, however it ends.

    Raises:
        Stopped: it was asked to stop, or Intercom cannot be used.
        resources.journal.JournalError: something could not be journalled.
    """
    env, retained = rollback.env, rollback.retained(dry=False)
    try:
        for object_name in undo_order():
            for _ in range(TIMES):
                if not await _send(rollback, object_name, retained):
                    break
    finally:
        await env.journal.flush()
        with env.warehouse.connect() as connection:
            undo_tables.import_outcomes(connection, env.journal, rollback.run_id)


async def _send(rollback: Rollback, object_name: str, retained: RetainedRecords) -> int:
    """Send what is left of an object, and return how many records that were."""
    env = rollback.env
    await env.journal.repeat_undoing()
    with env.warehouse.connect() as connection:
        undo_tables.import_outcomes(connection, env.journal, rollback.run_id)
        total = undo_tables.queue(connection, object_name)
    if not total:
        return 0
    if env.workspace_lease is not None:
        await env.workspace_lease.ensure()
    env.progress(object_name, 0, total, env.client.calls.total)
    undoer = await rollback.undoer(object_name, retained)
    await env.journal.begin_object(object_name, total, total)
    engine = Engine(
        env.journal,
        concurrency=env.concurrency,
        stop_deadline=env.stop_deadline,
        abort_after=env.abort_after,
        on_done=lambda done: env.progress(object_name, done, total, env.client.calls.total, engine.refused),
    )

    async def pages() -> AsyncIterator[list[Record]]:
        for rows in undo_tables.pages(env.warehouse, total, env.page_size):
            yield [_record(rollback, undoer, retained, row) for row in rows]

    await engine.run(pages())
    return total


def _record(rollback: Rollback, undoer: Undoer, retained: RetainedRecords, row: Row) -> Record:
    """Return the record whose only step looks at it and removes it, unless it is to be left."""
    name, key = row["object"], row["source_key"]
    write = Write(name, key, row["action"], row["intercom_id"], row["parent_key"])
    hanging = hanging_on(name) if row["action"] == UndoAction.DELETE else ()
    undoes = Undoes(name, key, hanging, None if row["whole"] else rollback.scope.run)

    async def send(_ids: Ids) -> Sent:
        try:
            seen = await undoer.look(row)
            if seen.send is not None:
                await unless_deleted(seen.send())
        except BaseException:
            retained.keep(name, key)
            raise
        if seen.refusal is not None:
            retained.keep(name, key)
            raise Declined(seen.refusal.code, seen.refusal.words)
        retained.let_go(name, key)
        return Sent(row["intercom_id"], undoes=undoes)

    return Record(key, (Step(write, send),))
