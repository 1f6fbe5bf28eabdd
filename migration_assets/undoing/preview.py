"""Looking without sending: what a rollback would come to, and afterwards whether what was undone is really gone."""

import time
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from migration_assets.objects.registry import undo_order
from migration_assets.objects.retained_records import RetainedRecords
from migration_assets.objects.undoer import Row, Undoing
from migration_assets.undoing import undo_tables
from migration_assets.undoing.undo import Rollback
from migration_assets.writing.environment import Environment
from migration_assets.writing.records import Stopped
from migration_assets.writing.resolve import wait_until
from resources.intercom.errors import IntercomError
from resources.journal import WriteCode

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
"""Seconds between two looks at what should be gone; doubled each time."""

Result = TypeVar("Result")


async def preview(rollback: Rollback) -> None:
    """Look at every record of the plan as `undo` does before it sends; nothing is sent and nothing journalled.

    Raises:
        Stopped: Intercom cannot be read.
    """
    env, retained = rollback.env, rollback.retained(dry=True)
    for object_name in undo_order():
        with env.warehouse.connect() as connection:
            total = undo_tables.queue(connection, object_name)
        if not total:
            continue
        env.progress(object_name, 0, total, env.client.calls.total)
        undoer, done = await rollback.undoer(object_name, retained), 0
        for rows in undo_tables.pages(env.warehouse, total, env.page_size):
            outcomes = [_noted(retained, row, seen) for row, seen in await _each(env, rows, undoer.look)]
            with env.warehouse.connect() as connection:
                undo_tables.add_outcomes(connection, outcomes)
            done += len(rows)
            env.progress(object_name, done, total, env.client.calls.total)


def _noted(retained: RetainedRecords, row: Row, seen: Undoing) -> undo_tables.Outcome:
    """Return what would become of a record; what would be left stays for those that come after it, too."""
    name, key = row["object"], row["source_key"]
    if seen.refusal is None:
        return name, key, "confirmed", None, None, None
    retained.keep(name, key)
    return name, key, "undone", WriteCode.DECLINED.value, seen.refusal.words, seen.refusal.code.value


async def read_back(rollback: Rollback) -> None:
    """Read back what was undone, and keep in `rollback.still` what is there yet once the settle time has passed.

    Intercom archives companies a while after it has said so, and its lists lag.

    Raises:
        Stopped: it was asked to stop, or Intercom cannot be read.
    """
    env = rollback.env
    until, pause = time.time() + env.settle_seconds, FIRST_PAUSE
    waiting: dict[str, list[Row]] = {}
    for object_name in undo_order():
        with env.warehouse.connect() as connection:
            total = undo_tables.queue_done(connection, object_name)
        for rows in undo_tables.pages(env.warehouse, total, env.page_size):
            waiting.setdefault(object_name, []).extend(await _still_there(rollback, object_name, rows))
    while any(waiting.values()) and time.time() < until:
        await wait_until(min(until, time.time() + pause), env.journal)
        pause = min(pause * 2, LONGEST_PAUSE)
        waiting = {name: await _still_there(rollback, name, rows) for name, rows in waiting.items()}
    with env.warehouse.connect() as connection:
        undo_tables.add_still(connection, [row for rows in waiting.values() for row in rows])


async def _still_there(rollback: Rollback, object_name: str, rows: Sequence[Row]) -> list[Row]:
    if not rows:
        return []
    undoer = await rollback.undoer(object_name, rollback.retained(dry=False))
    return [row for row, stands in await _each(rollback.env, rows, undoer.stands) if stands]


async def _each(
    env: Environment, rows: Sequence[Row], read: Callable[[Row], Awaitable[Result]]
) -> list[tuple[Row, Result]]:
    """Read about each row, as many at a time as a load does."""

    async def one(row: Row) -> tuple[Row, Result]:
        try:
            return row, await read(row)
        except IntercomError as error:
            error.concerning(row["object"], row["source_key"])
            raise Stopped(f"Intercom cannot be read: {error}") from None

    return await env.each(rows, one)
