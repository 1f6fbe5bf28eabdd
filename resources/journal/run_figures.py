"""What each run of a migration came to: what it created, changed and took back, from its writes, and its calls.

The figures survive a new warehouse, and a rollback: what a run created, it has created, though it was taken back since.
"""

from collections.abc import Mapping
from typing import TypedDict

import polars as pl
from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Exists,
    FromClause,
    Select,
    Subquery,
    and_,
    bindparam,
    case,
    exists,
    false,
    func,
    not_,
    or_,
    select,
    update,
)
from sqlalchemy.exc import SQLAlchemyError

from resources.journal.database import WRITER, describe
from resources.journal.records import DUPLICATE, UNDOING, JournalError, State
from resources.journal.tables import runs, write

MAKING = ("create", "upsert", "attach", "append")
"""The operations that make a record, unless it stood there already."""

FIGURES_SCHEMA = {
    "run_id": pl.String,
    "object": pl.String,
    "created": pl.Int64,
    "updated": pl.Int64,
    "appended": pl.Int64,
    "taken_back": pl.Int64,
}
"""A row per run and object, in records; what neither made nor changed anything is not counted."""


class CallsMade(TypedDict):
    """How often a run has called, and how many of the calls may have changed something."""

    total: int
    writes: int


_NOTE_CALLS = (
    update(runs)
    .where(runs.c.run_id == bindparam("of"))
    .values(calls=bindparam("total"), call_writes=bindparam("writing"), seconds=bindparam("at") - runs.c.started)
)
_NOTE_END = (
    update(runs)
    .where(runs.c.run_id == bindparam("of"))
    .values(
        calls=bindparam("total"),
        call_writes=bindparam("writing"),
        seconds=bindparam("took"),
        job=bindparam("named"),
        verdict=bindparam("judged"),
    )
)


def note_calls(connection: Connection, run_id: str, calls: CallsMade, now: float) -> None:
    """Note how often a run has called by now, and how long it has gone on."""
    connection.execute(_NOTE_CALLS, {"of": run_id, "total": calls["total"], "writing": calls["writes"], "at": now})


def note_end(engine: Engine, run_id: str, calls: CallsMade, seconds: float, job: str, verdict: str) -> None:
    """Note what a run came to that has ended with a certificate; without effect where it wrote no row of its own.

    Raises:
        JournalError: it cannot be noted.
    """
    values = {"of": run_id, "total": calls["total"], "writing": calls["writes"], "took": seconds}
    try:
        with engine.connect().execution_options(**WRITER) as connection, connection.begin():
            connection.execute(_NOTE_END, {**values, "named": job, "judged": verdict})
    except SQLAlchemyError as error:
        raise JournalError(f"The end of the run cannot be noted in the journal: {describe(error)}") from None


def figures(migration: str, wholes: Mapping[str, str], inside: Mapping[str, str]) -> Select[tuple[object, ...]]:
    """Return the query for what each run did with the records of each object.

    A record is created by the first write that makes it after it did not stand, or had been taken back before; what
    writes of the same run do with it beside that belongs to making it. Any other write that was carried out updates it.

    Args:
        migration: whose runs.
        wholes: by the object, that of the records it is part of: a record that is made in a run later than its whole
            is appended to it, not created with it.
        inside: by the object that has no records of its own, the one whose records it belongs to.
    """
    done = _carried_out(migration, wholes, inside)
    each = (
        select(
            done.c.run_id,
            done.c.object,
            done.c.source_key,
            func.max(done.c.made).label("made"),
            func.max(done.c.changed).label("changed"),
            func.max(done.c.later).label("later"),
            func.max(done.c.taken_back).label("taken_back"),
        )
        .group_by(done.c.run_id, done.c.object, done.c.source_key)
        .subquery("each")
    )
    created = case((and_(each.c.made == 1, each.c.later == 0), 1), else_=0)
    updated = case((and_(each.c.made == 0, each.c.changed == 1), 1), else_=0)
    appended = case((and_(each.c.made == 1, each.c.later == 1), 1), else_=0)
    sums = [func.sum(one) for one in (created, updated, appended, each.c.taken_back)]
    return select(each.c.run_id, each.c.object, *sums).group_by(each.c.run_id, each.c.object)


def _carried_out(migration: str, wholes: Mapping[str, str], inside: Mapping[str, str]) -> Subquery:
    """Return a row per write that Intercom has carried out: to whose record it belongs, and what it was to it."""
    ours = write.alias("ours")
    making = ours.c.operation.in_(MAKING)
    within = ours.c.object.in_(list(inside))
    undoing = ours.c.operation.in_(UNDOING)
    by = (ours.c.object, ours.c.source_key, making)
    before, ended = (
        func.lag(column).over(partition_by=by, order_by=ours.c.id) for column in (ours.c.state, ours.c.outcome_at)
    )
    # NULL where none came before; what had been taken back by then did not stand.
    stood = func.coalesce(or_(before == State.CONFIRMED.value, ended > ours.c.intent_at), false())
    made = and_(making, not_(within), not_(ours.c.adopted), not_(stood))
    # What is made again where it stands is found by itself and not touched; only an upsert changes it.
    changed = or_(
        within, not_(making), and_(ours.c.operation == "upsert", or_(stood, ours.c.before_image.is_not(None)))
    )
    return (
        select(
            ours.c.run_id,
            case(inside, value=ours.c.object, else_=ours.c.object).label("object") if inside else ours.c.object,
            case((within, ours.c.parent_key), else_=ours.c.source_key).label("source_key"),
            _flag(made).label("made"),
            _flag(and_(changed, not_(undoing))).label("changed"),
            _flag(and_(ours.c.object.in_(list(wholes)), not_(_whole_made(ours, wholes)))).label("later"),
            _flag(undoing).label("taken_back"),
        )
        .where(ours.c.migration == migration, ours.c.object != DUPLICATE, _happened(ours))
        .subquery("done")
    )


def _whole_made(part: FromClause, wholes: Mapping[str, str]) -> Exists:
    """Whether the run that made a part has made its whole as well."""
    whole = write.alias("whole")
    return exists().where(
        whole.c.migration == part.c.migration,
        whole.c.object == case(wholes, value=part.c.object, else_=""),
        whole.c.source_key == part.c.parent_key,
        whole.c.operation.in_(MAKING),
        whole.c.run_id == part.c.run_id,
        _happened(whole),
    )


def _happened(one: FromClause) -> ColumnElement[bool]:
    """Whether a write was carried out. What has been undone without an id of Intercom's never was."""
    undone = and_(one.c.state == State.UNDONE.value, one.c.intercom_id.is_not(None))
    return or_(one.c.state == State.CONFIRMED.value, undone)


def _flag(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)
