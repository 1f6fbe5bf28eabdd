"""What a journal may lack: it was restored from a backup or lost, or another one wrote to the same workspace."""

import time
from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, func, insert, select, update

from resources.journal.codes import WriteCode
from resources.journal.records import State, Write
from resources.journal.statements import MIGRATIONS
from resources.journal.tables import runs, write


def assume(connection: Connection, migration: str, run_id: str, writes: Sequence[Write], at: float) -> None:
    """Note writes that may stand in Intercom although this journal does not know of them."""
    shared = {"migration": migration, "run_id": run_id, "state": State.AMBIGUOUS.value, "adopted": False}
    shared |= {"attempts": 1, "intent_at": at, "error_code": WriteCode.ASSUMED.value}
    rows = [
        {"object": item.object, "source_key": item.source_key, "parent_key": item.parent_key,
         "operation": item.operation, "fingerprint": item.fingerprint, **shared}
        for item in writes
    ]  # fmt: skip
    connection.execute(insert(write), rows)


RESTORED, LOOKED = "restore", "look"
"""Kinds of rows in `runs` that are no runs: a backup was put in place; Intercom was asked for what it lacked."""
NO_RUNS = (RESTORED, LOOKED)
PENDING = select(func.count()).where(
    runs.c.migration == bindparam("migration"), runs.c.kind == RESTORED, runs.c.status == "pending"
)
LOOKS = select(func.count()).where(runs.c.migration == bindparam("migration"), runs.c.kind.in_(NO_RUNS))


def note_restore(connection: Connection) -> None:
    """Note for every migration that its journal was restored, so that what came after it is looked up."""
    note_recovery(connection, connection.execute(MIGRATIONS).scalars().all())


def note_recovery(connection: Connection, migrations: Sequence[str]) -> None:
    """Note that Intercom may hold what this journal does not know of these migrations."""
    now = time.time()
    for name in migrations:
        values = {"kind": RESTORED, "status": "pending", "started": now}
        connection.execute(insert(runs).values(run_id=f"{RESTORED} {name} {now}", migration=name, **values))


def note_look(connection: Connection, migration: str) -> None:
    """Note that Intercom was asked for everything that the journal did not know."""
    now = time.time()
    done = {"status": "complete", "ended": now}
    mine = (runs.c.migration == migration, runs.c.kind == RESTORED, runs.c.status == "pending")
    if not connection.execute(update(runs).where(*mine).values(**done)).rowcount:
        values = {"kind": LOOKED, "started": now, **done}
        connection.execute(insert(runs).values(run_id=f"{LOOKED} {migration} {now}", migration=migration, **values))
