"""Taking back what is there twice.

Each is a write of the journal like any other, under an object of its own that no plan knows: intent before, outcome
after. Whether it may be done was decided before; that the id is not one of ours is asked once more right before.
"""

from collections.abc import AsyncIterator, Sequence
from functools import partial

from migration_assets.objects.sweep import Stray, Sweep
from migration_assets.objects.undoer import found
from migration_assets.plan.plan import refresh_verdicts
from migration_assets.writing.engine import Engine
from migration_assets.writing.environment import Environment
from migration_assets.writing.records import Ids, Record, Sent, Step, UnsendableError
from migration_assets.writing.resolve import leftovers
from resources.journal import State, Write, WriteCode
from resources.journal.records import DUPLICATE

TakenBack = tuple[str, str | None, str, str]
"""The object, source key and Intercom id of a copy that is not there any more, and what the journal calls it."""


async def take_back(env: Environment, swept: Sweep, copies: Sequence[Stray], migrations: Sequence[str]) -> None:
    """Take back all `copies`; what became of each is in the journal.

    Args:
        env: the client and the journal.
        swept: how a copy is removed.
        copies: what may be taken back.
        migrations: those whose records must not be touched, this one included.

    Raises:
        Stopped: it was asked to stop, or Intercom's answers make going on pointless.
        resources.journal.JournalError: something could not be journalled.
    """
    if not copies:
        return
    if env.workspace_lease is not None:
        await env.workspace_lease.ensure()
    await env.journal.begin_object(DUPLICATE, len(copies), len(copies))
    engine = Engine(env.journal, concurrency=env.concurrency, stop_deadline=env.stop_deadline)

    async def pages() -> AsyncIterator[list[Record]]:
        yield [_record(env, swept, copy, migrations) for copy in copies]

    await engine.run(pages())


def _record(env: Environment, swept: Sweep, copy: Stray, migrations: Sequence[str]) -> Record:
    write = Write(DUPLICATE, copy["key"], swept.operations[copy["object"]], copy["ours_id"], copy["source_key"])
    return Record(copy["key"], (Step(write, partial(_send, env, swept, copy, migrations)),))


async def _send(env: Environment, swept: Sweep, copy: Stray, migrations: Sequence[str], _ids: Ids) -> Sent:
    if env.journal.is_bound(migrations, copy["object"], copy["intercom_id"]):
        raise UnsendableError("The journal knows it as a record of ours: it is not taken back.")
    await found(swept.remove(env.client, copy))  # what is gone already is removed
    return Sent(copy["intercom_id"])


async def look_back(env: Environment, sweeps: Sequence[Sweep]) -> list[TakenBack]:
    """Find out what became of writes of the object whose outcome is unknown, by looking whether the copy is there.

    Taking back twice does no harm, so nothing is waited for: what is there still is looked at like any other copy.

    Returns:
        What is taken back.

    Raises:
        IntercomError: Intercom cannot be read.
    """
    with env.warehouse.connect() as connection:
        refresh_verdicts(connection, env.journal)
        open_writes = leftovers(connection, [DUPLICATE])
    finished: list[TakenBack] = []
    removals = {operation: (name, one) for one in sweeps for name, operation in one.operations.items()}
    for write in open_writes:
        object_name, swept = removals[write.operation]
        if await swept.is_removed(env.client, write):
            removed = write.source_key.rpartition("|")[2]
            finished.append((object_name, write.parent_key, removed, write.source_key))
            env.journal.outcome(write.write_id, State.CONFIRMED, intercom_id=removed)
        else:
            env.journal.outcome(write.write_id, State.UNDONE, error_code=WriteCode.STILL_THERE)
    await env.journal.flush()
    return finished
