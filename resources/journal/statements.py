"""The journal's SQL, in SQLAlchemy Core, so that SQLite and PostgreSQL answer alike."""

import time
from collections.abc import Mapping
from typing import Any

import polars as pl
from sqlalchemy import (
    Connection,
    Subquery,
    bindparam,
    case,
    delete,
    func,
    insert,
    not_,
    select,
    update,
)

from resources.journal.applied_writes import BY_ROLLBACK
from resources.journal.codes import WriteCode
from resources.journal.records import ALLOWED_FROM, IllegalTransitionError, Run, State, WriteOutcome
from resources.journal.tables import progress, runs, write

# -- runs -------------------------------------------------------------------------------------

END_RUN = (
    update(runs).where(runs.c.run_id == bindparam("run")).values(status=bindparam("status"), ended=bindparam("ended"))
)
RUNS = (
    select(
        runs.c.run_id,
        runs.c.kind,
        runs.c.status,
        runs.c.started,
        runs.c.ended,
        runs.c.code_version,
        runs.c.mapping_sha,
        runs.c.extract_sha,
        runs.c.exported_at,
        runs.c.frozen_at,
        runs.c.job,
        runs.c.calls,
        runs.c.call_writes,
        runs.c.seconds,
        runs.c.verdict,
    )
    .where(runs.c.migration == bindparam("migration"))
    .order_by(runs.c.started, runs.c.run_id)
)
MIGRATIONS = select(runs.c.migration).group_by(runs.c.migration).order_by(func.max(runs.c.started))
RUNS_SCHEMA = {
    "run_id": pl.String,
    "kind": pl.String,
    "status": pl.String,
    "started": pl.Float64,
    "ended": pl.Float64,
    "code_version": pl.String,
    "mapping_sha": pl.String,
    "extract_sha": pl.String,
    "exported_at": pl.Float64,
    "frozen_at": pl.Float64,
    "job": pl.String,
    "calls": pl.Int64,
    "call_writes": pl.Int64,
    "seconds": pl.Float64,
    "verdict": pl.String,
}


def begin_run(connection: Connection, migration: str, run: Run) -> bool:
    """Note that `run` is going on, and return whether it is new.

    One that was noted before goes on, with what was noted of it: its steps do not all know everything.
    """
    going_on = {"status": "running", "ended": None}
    values = {
        "code_version": run.code_version,
        "mapping_sha": run.mapping_sha,
        "extract_sha": run.extract_sha,
        "exported_at": run.exported_at,
        "frozen_at": run.frozen_at,
    }
    told = {name: value for name, value in values.items() if value is not None}
    known = connection.execute(update(runs).where(runs.c.run_id == run.run_id).values(**going_on, **told)).rowcount
    if not known:
        new = {"run_id": run.run_id, "migration": migration, "kind": run.kind, "started": time.time()}
        connection.execute(insert(runs).values(**new, **going_on, **values))
    return not known


def begin_object(connection: Connection, migration: str, object_name: str, values: Mapping[str, Any]) -> None:
    """Note in `progress` how much of an object a load has before it."""
    connection.execute(delete(progress).where(progress.c.migration == migration, progress.c.object == object_name))
    connection.execute(insert(progress).values(migration=migration, object=object_name, **values))


# -- writes -------------------------------------------------------------------------------------------------

_earlier = write.alias("earlier")
_ATTEMPTS = (
    select(func.count() + 1)
    .select_from(_earlier)
    .where(
        _earlier.c.migration == bindparam("migration"),
        _earlier.c.object == bindparam("object"),
        _earlier.c.source_key == bindparam("source_key"),
        _earlier.c.operation == bindparam("operation"),
    )
    .scalar_subquery()
)
INTENT = (
    insert(write)
    .values(
        migration=bindparam("migration"),
        run_id=bindparam("run_id"),
        object=bindparam("object"),
        source_key=bindparam("source_key"),
        parent_key=bindparam("parent_key"),
        operation=bindparam("operation"),
        fingerprint=bindparam("fingerprint"),
        state=State.INTENT.value,
        adopted=False,
        attempts=_ATTEMPTS,
        intent_at=bindparam("intent_at"),
    )
    .returning(write.c.id)
)
_OUTCOME = (
    update(write)
    .where(write.c.id == bindparam("write_id"), write.c.state.in_(bindparam("allowed", expanding=True)))
    .values(
        state=bindparam("new_state"),
        # What is known of the record stays known when its write is taken back.
        intercom_id=func.coalesce(bindparam("new_intercom_id"), write.c.intercom_id),
        adopted=case((bindparam("new_adopted"), True), else_=write.c.adopted),
        before_image=func.coalesce(bindparam("new_before", type_=write.c.before_image.type), write.c.before_image),
        last_written=func.coalesce(bindparam("new_left", type_=write.c.last_written.type), write.c.last_written),
        outcome_at=bindparam("at"),
        http_status=bindparam("status"),
        error_code=bindparam("code"),
        error_message=bindparam("message"),
        remark=bindparam("new_remark", type_=write.c.remark.type),
        request_id=bindparam("request"),
    )
)


def record_outcome(connection: Connection, write_id: int, outcome: WriteOutcome, at: float) -> None:
    """Move a write to its next state at the unix time `at`.

    Raises:
        IllegalTransitionError: the write is not in a state that may lead there.
    """
    allowed = [state.value for state in ALLOWED_FROM[outcome.state]]
    changed = connection.execute(
        _OUTCOME,
        {
            "write_id": write_id,
            "allowed": allowed,
            "new_state": outcome.state.value,
            "new_intercom_id": outcome.intercom_id,
            "new_adopted": outcome.adopted,
            "new_before": dict(outcome.before_image) if outcome.before_image is not None else None,
            "new_left": dict(outcome.last_written) if outcome.last_written is not None else None,
            "at": at,
            "status": outcome.http_status,
            "code": outcome.error_code,
            "message": outcome.error_message,
            "new_remark": dict(outcome.remark) if outcome.remark is not None else None,
            "request": outcome.request_id,
        },
    ).rowcount
    if changed != 1:
        raise IllegalTransitionError(
            f"Write {write_id} cannot become {outcome.state.value}: it is not {' or '.join(allowed)}."
        )


ABANDON = (
    update(write)
    .where(write.c.migration == bindparam("of"), write.c.state == State.INTENT.value)
    .values(state=State.AMBIGUOUS.value, error_code=WriteCode.PROCESS_DIED.value, outcome_at=bindparam("at"))
)


def last_attempts(migration: str) -> Subquery:
    """Return the query for the number of the last attempt at each write of a migration."""
    return (
        select(func.max(write.c.id).label("id"))
        .where(write.c.migration == migration)
        .group_by(write.c.object, write.c.source_key, write.c.operation)
        .subquery("last")
    )


# -- reading ------------------------------------------------------------------------------------------------

TALLY = (
    select(write.c.object, write.c.state, func.count())
    .where(write.c.migration == bindparam("migration"))
    .group_by(write.c.object, write.c.state)
    .order_by(write.c.object, write.c.state)
)
BOUND_IDS = select(write.c.intercom_id).where(
    write.c.migration == bindparam("migration"),
    write.c.object == bindparam("object"),
    write.c.parent_key == bindparam("parent"),
    write.c.state == State.CONFIRMED.value,
    write.c.intercom_id.is_not(None),
)
HOLDER_OF = (
    select(write.c.source_key)
    .where(
        write.c.migration == bindparam("migration"),
        write.c.object == bindparam("object"),
        write.c.intercom_id == bindparam("intercom_id"),
        write.c.state == State.CONFIRMED.value,
        not_(BY_ROLLBACK),
    )
    .limit(1)
)
BOUND = select(write.c.object, write.c.intercom_id).where(
    write.c.migration.in_(bindparam("migrations", expanding=True)),
    write.c.object.in_(bindparam("objects", expanding=True)),
    write.c.operation.in_(("create", "append")),
    write.c.state == State.CONFIRMED.value,
    write.c.intercom_id.is_not(None),
)
LAST_WRITE = select(func.max(write.c.id))
LEFT_AS = (
    select(write.c.last_written)
    .where(
        write.c.migration == bindparam("migration"),
        write.c.object == bindparam("object"),
        write.c.source_key == bindparam("source_key"),
        write.c.state == State.CONFIRMED.value,
        write.c.last_written.is_not(None),
    )
    .order_by(write.c.id)
)
