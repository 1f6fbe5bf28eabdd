"""How far a migration is, from the journal alone: any process may look while a load writes."""

import time
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, and_, case, func, select

from resources.journal import lease
from resources.journal import run_command as orders
from resources.journal.records import State
from resources.journal.recovery import NO_RUNS
from resources.journal.run_command import RunCommand
from resources.journal.statements import last_attempts
from resources.journal.tables import progress, runs, write

RATE_SECONDS = 60.0
"""The rate is that of the last minute."""


@dataclass(frozen=True, slots=True)
class ObjectStatus:
    """One object of the latest load: its records, how many of its writes are done, and what is wrong with some."""

    object: str
    records: int
    writes: int
    done: int


@dataclass(frozen=True, slots=True)
class MigrationStatus:
    """A migration at one moment. Times are unix seconds, `rate` is confirmed writes per second."""

    migration: str
    run_id: str
    kind: str
    started: float
    alive: bool
    """Whether a process holds the journal and was heard of lately."""
    holder: str
    heard_of: float | None
    run_command: RunCommand
    objects: tuple[ObjectStatus, ...]
    rate: float
    failed: dict[str, int]
    """Records' writes that Intercom refused last, by object."""
    unknown: dict[str, int]
    """Writes of which it is not known whether Intercom executed them, by object."""
    sending: dict[str, int]
    """Writes that the run at work has begun and whose answer it waits for, by object."""

    @property
    def seconds_left(self) -> float | None:
        """Seconds until the object that is being loaded is done; None where nothing moves."""
        if not self.alive or not self.objects or not self.rate:
            return None
        current = self.objects[-1]
        return max(0, current.writes - current.done) / self.rate


def read_status(engine: Engine, migration: str) -> MigrationStatus | None:
    """Read how far the migration is; None where no run of it ever wrote."""
    now = time.time()
    with engine.connect() as connection:
        run = connection.execute(
            select(runs)
            .where(runs.c.migration == migration, runs.c.kind.not_in(NO_RUNS))
            .order_by(runs.c.started.desc())
            .limit(1)
        ).first()
        if run is None:
            return None
        held = connection.execute(lease.LEASE, {"migration": migration}).first()
        beat_at = held.beat_at if held is not None else None
        alive = lease.is_held(beat_at, now)
        found = _last_states(connection, migration, run.run_id if alive else None)
        return MigrationStatus(
            migration=migration,
            run_id=run.run_id,
            kind=run.kind,
            started=run.started,
            alive=alive,
            holder=held.holder if held is not None else "nobody",
            heard_of=beat_at,
            run_command=orders.command_of(connection, migration),
            objects=_objects(connection, migration, run.run_id),
            rate=_rate(connection, migration, run.run_id, now),
            failed=found["refused"],
            unknown=found["unknown"],
            sending=found["sending"],
        )


def _objects(connection: Connection, migration: str, run_id: str) -> tuple[ObjectStatus, ...]:
    """Loads follow one another, so that a write belongs to the load that had begun when it was begun."""
    mine = and_(progress.c.migration == migration, progress.c.run_id == run_id)
    following = func.lead(progress.c.began).over(order_by=progress.c.began).label("until")
    spans = select(progress, following).where(mine).subquery("spans")
    during = and_(
        write.c.migration == migration,
        write.c.run_id == run_id,
        write.c.state == State.CONFIRMED.value,
        write.c.intent_at >= spans.c.began,
        func.coalesce(write.c.intent_at < spans.c.until, True),
    )
    query = (
        select(spans.c.object, spans.c.records, spans.c.writes, func.count(write.c.id))
        .select_from(spans)
        .join(write, during, isouter=True)
        .group_by(spans.c.object, spans.c.records, spans.c.writes, spans.c.began)
        .order_by(spans.c.began)
    )
    return tuple(ObjectStatus(*row) for row in connection.execute(query))


def _rate(connection: Connection, migration: str, run_id: str, now: float) -> float:
    lately = and_(
        write.c.migration == migration,
        write.c.run_id == run_id,
        write.c.state == State.CONFIRMED.value,
        write.c.outcome_at >= now - RATE_SECONDS,
    )
    number, first = connection.execute(select(func.count(), func.min(write.c.intent_at)).where(lately)).one()
    return float(number) / max(1.0, min(RATE_SECONDS, now - first)) if number else 0.0


def _last_states(connection: Connection, migration: str, at_work: str | None) -> dict[str, dict[str, int]]:
    """Count, by object, the writes whose last attempt was refused, is unknown, or is only just being sent.

    Args:
        connection: to the journal.
        migration: whose writes.
        at_work: the run that writes at this moment, if one does: what it has begun has no answer yet.
    """
    last = last_attempts(migration)
    state = case(
        (write.c.state == State.REJECTED.value, "refused"),
        (and_(write.c.state == State.INTENT.value, write.c.run_id == at_work), "sending"),
        else_="unknown",
    ).label("state")
    query = (
        select(write.c.object, state, func.count())
        .join(last, last.c.id == write.c.id)
        .where(write.c.state.not_in([State.CONFIRMED.value, State.UNDONE.value]))
        .group_by(write.c.object, state)
    )
    counts: dict[str, dict[str, int]] = {"refused": {}, "unknown": {}, "sending": {}}
    for name, found, number in connection.execute(query):
        counts[found][name] = number
    return counts
