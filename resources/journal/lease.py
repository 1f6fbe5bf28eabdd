"""Who may write to the journal: one holder at a time, with a growing number and a sign of life.

Three exclusions keep runs apart, and each does what the others cannot:

- The lock of the state folder (`resources/occupancy.py`) belongs to the operating system. It decides at once, also
  after a kill, and covers all that is in the folder: warehouse, embedded workspace, reports, and the runs that write
  nothing to the journal. It knows nothing of another machine, nor of another folder.
- The lease is in the journal itself, so it holds wherever the journal is reached from: another machine that shares it
  in PostgreSQL, another state folder that names the same one. And its number stops a writer that the lock cannot: one
  that slept, was taken for dead, and woke up.
- The lease of the workspace (`migration_assets/writing/workspace_lease.py`) is a marker in Intercom itself. It stays
  beside the two because neither sees a second machine that has a journal of its own: both would write to the same
  workspace, and what Intercom makes anew at each call would be there twice. It cannot stand for them either: Intercom
  has no compare-and-swap, so the marker is read again after a pause, and it is taken with the first write only.

A lock file beside the SQLite journal would be a fourth; whoever it kept out, one of the first two keeps out. Only an
upgrade still respects it, because older versions of the program hold it (`database.py`).
"""

import os
import socket
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import URL, Connection, Engine, Row, bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from resources.journal.records import JournalBusyError
from resources.journal.tables import lease
from resources.wording import duration

BEAT_SECONDS = 5.0
"""How often the holder gives a sign of life."""
STALE_SECONDS = 60.0
"""A holder that was silent for so long is taken for dead. Should it wake up, its number is too old to write."""

LEASE = select(lease).where(lease.c.migration == bindparam("migration"))
# FOR UPDATE (which SQLite neither has nor needs) makes a new holder wait for the end of this transaction.
FENCE = select(lease.c.fence).where(lease.c.migration == bindparam("migration")).with_for_update()
BEAT = (
    update(lease)
    .where(lease.c.migration == bindparam("of"), lease.c.fence == bindparam("number"))
    .values(beat_at=bindparam("at"))
)


@dataclass(frozen=True, slots=True)
class Holder:
    """A process that wants to write."""

    host: str
    pid: int

    @classmethod
    def this_process(cls) -> "Holder":
        """Return this one."""
        return cls(socket.gethostname(), os.getpid())

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host}"


HELD: dict[tuple[URL, str], int] = {}
"""The numbers that journals of this process hold, by database and migration: its process id does not tell two apart."""


def refusal(held: Row[Any], holder: Holder, now: float, *, here: bool) -> str | None:
    """Say why `holder` may not take the lease, or None.

    Args:
        held: the row of `lease`.
        holder: who wants it.
        now: unix seconds.
        here: whether another journal of this process holds it.
    """
    if (held.host, held.pid) == (holder.host, holder.pid):
        return described(held, now) if here else None
    if not is_held(held.beat_at, now) or (held.host == holder.host and not _runs(held.pid)):
        return None
    return described(held, now)


def require_idle(connection: Connection) -> None:
    """Refuse what may not be done under a run.

    Raises:
        JournalBusyError: somebody writes to one of the journal's migrations.
    """
    for held in connection.execute(select(lease).with_for_update()).all():
        here = (connection.engine.url, held.migration) in HELD
        if refusal(held, Holder.this_process(), time.time(), here=here):
            raise JournalBusyError(f"A run is writing to the journal ({held.holder}). Stop it first with `make stop`.")


def _runs(pid: int | None) -> bool:
    """Whether this machine has a process of that number; when in doubt, yes."""
    if pid is None:
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def is_held(beat_at: float | None, now: float) -> bool:
    """Whether a holder with that last sign of life is still to be reckoned with; None is one that gave it back."""
    return beat_at is not None and now - beat_at < STALE_SECONDS


def described(held: Row[Any], now: float) -> str:
    """Say who holds the journal since when, and when they were heard of last."""
    since = datetime.fromtimestamp(held.acquired_at, UTC).strftime("%Y-%m-%d %H:%M:%S")
    heard = f", heard of {duration(max(0.0, now - held.beat_at))} ago" if held.beat_at is not None else ""
    return (
        f"Another run is writing to the journal: {held.holder}, since {since} UTC{heard}. "
        "Wait for it, or stop it with `make stop`."
    )


def require_free(held: Row[Any], place: tuple[URL, str], holder: Holder, mine: int, now: float) -> None:
    """Refuse a lease that somebody else holds; `place` is the journal's address and the migration.

    Raises:
        JournalBusyError: another holder lives; says who, and since when.
    """
    busy = refusal(held, holder, now, here=HELD.get(place, mine) != mine)
    if busy is not None:
        raise JournalBusyError(busy)


def take(connection: Connection, migration: str, run_id: str, holder: Holder, mine: int) -> int:
    """Become the holder with the next number, and return that number; `mine` is the one that was held so far, or 0.

    Raises:
        JournalBusyError: another holder lives; says who, and since when.
    """
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    # There must be a row to be locked: of two that come first at once, one waits for the other.
    nobody = {"migration": migration, "fence": 0, "holder": "nobody", "acquired_at": 0.0}
    connection.execute(dialect.insert(lease).values(**nobody).on_conflict_do_nothing())
    now = time.time()
    held = connection.execute(LEASE.with_for_update(), {"migration": migration}).one()
    place = (connection.engine.url, migration)
    require_free(held, place, holder, mine, now)
    fence: int = held.fence + 1
    values = {"fence": fence, "holder": str(holder), "host": holder.host, "pid": holder.pid, "run_id": run_id}
    values |= {"acquired_at": now, "beat_at": now}
    connection.execute(update(lease).where(lease.c.migration == migration).values(**values))
    HELD[place] = fence
    return fence


def forget(engine: Engine, migration: str, fence: int) -> None:
    """Let other journals of this process take the lease, whatever became of giving it back."""
    if HELD.get((engine.url, migration)) == fence:
        del HELD[engine.url, migration]


def beat(connection: Connection, migration: str, fence: int, at: float | None) -> None:
    """Give a sign of life, or the lease back where `at` is None; without effect for an older number."""
    connection.execute(BEAT, {"of": migration, "number": fence, "at": at})


def last_beat(engine: Engine, run_id: str) -> float | None:
    """Return the last sign of life of a run, in unix seconds; None where it holds nothing, or has given it back."""
    with engine.connect() as connection:
        query = select(func.max(lease.c.beat_at)).where(lease.c.run_id == run_id)
        beat_at: float | None = connection.execute(query).scalar()
    return beat_at
