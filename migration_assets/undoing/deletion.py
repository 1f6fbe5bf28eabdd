"""Deleting single records by the way of a rollback: what the source deleted, where the mapping says that it goes.

The same looks and refusals: only what we made, only what nobody has touched since, and nothing that others depend on.
"""

from collections.abc import Iterable

from migration_assets.undoing import undo_tables
from migration_assets.undoing.fates import Counts, count
from migration_assets.undoing.preview import preview, read_back
from migration_assets.undoing.scope import Scope
from migration_assets.undoing.undo import Rollback, undo
from migration_assets.undoing.undo_plan import build_plan
from migration_assets.writing.environment import Environment
from resources.warehouse import scalar


async def delete_records(env: Environment, records: Iterable[tuple[str, str]], run_id: str) -> dict[str, Counts]:
    """Delete records of ours that are named one by one; what stood in Intercom before us gets its fields back.

    What became of each is in `rollback.fates(object, source_key, fate, reason, …)`, however it ends; the journal then
    knows them as taken back, so that they are made anew should the source have them again.

    Args:
        env: a load's surroundings, its journal open for writing by the run.
        records: (object, source key), objects as in the journal.
        run_id: the run.

    Returns:
        The numbers by object (plural).

    Raises:
        Stopped: it was asked to stop, or Intercom cannot be used.
        resources.journal.JournalError: something could not be journalled.
    """
    scope = Scope(records=frozenset(records))
    await env.journal.flush()
    with env.warehouse.connect() as connection:
        build_plan(connection, env.journal, scope)
        undo_tables.start(connection)
    made = Rollback(env, scope, run_id)
    try:
        if await _would_go(made):
            await undo(made)
            await read_back(made)
    finally:
        with env.warehouse.connect() as connection:
            undo_tables.settle_fates(connection)
    with env.warehouse.connect() as connection:
        return count(connection)


async def _would_go(made: Rollback) -> bool:
    """Look at all of them first: where nothing may go, nothing is sent, not even that somebody writes."""
    await preview(made)
    with made.env.warehouse.connect() as connection:
        going = scalar(connection, "SELECT count(*) FROM rollback.outcomes WHERE state = 'confirmed'")
        if going:
            undo_tables.start(connection)
    return going > 0
