"""The present state of every record, out of the rows of its writes: what a load and the plan know of the past."""

from collections.abc import Sequence
from typing import Any

import polars as pl
from sqlalchemy import Select, String, and_, case, cast, func, not_, or_, select

from resources.journal.applied_writes import BY_ROLLBACK
from resources.journal.codes import WriteCode
from resources.journal.records import State
from resources.journal.tables import write

RECORD_STATE_SCHEMA = {
    "object": pl.String,
    "source_key": pl.String,
    "parent_key": pl.String,
    "operation": pl.String,
    "state": pl.String,
    "fingerprint": pl.String,
    "intercom_id": pl.String,
    "adopted": pl.Boolean,
    "http_status": pl.Int64,
    "error_code": pl.String,
    "error_message": pl.String,
    "remark": pl.String,
    "request_id": pl.String,
    "confirmed_fingerprint": pl.String,
    "confirmed_at_write": pl.Int64,
    "write_id": pl.Int64,
    "run_id": pl.String,
    "attempts": pl.Int64,
    "intent_at": pl.Float64,
    "first_at": pl.Float64,
    "at": pl.Float64,
}


NOT_ROLLED_BACK = or_(
    write.c.state != State.UNDONE.value, write.c.error_code.is_(None), write.c.error_code != WriteCode.ROLLED_BACK.value
)
"""What a rollback has taken back is as if it had never been written."""


_WAS_TAKEN_BACK = and_(write.c.state == State.UNDONE.value, write.c.intercom_id.is_not(None))
"""What stood and was taken back; an attempt that came to nothing has no id, and may still have an effect later."""


REMARK_SCHEMA = {"object": pl.String, "source_key": pl.String, "write_id": pl.Int64, "remark": pl.String}
_REMARKED = (WriteCode.EDITS.value, WriteCode.ANSWERED.value)


def remarks(migration: str, objects: Sequence[str] | None) -> Select[Any]:
    """Return the query for the remarks of all confirmed writes, not only of the latest of each record."""
    query = select(write.c.object, write.c.source_key, write.c.id, cast(write.c.remark, String)).where(
        write.c.migration == migration,
        write.c.state == State.CONFIRMED.value,
        write.c.error_code.in_(_REMARKED),
    )
    return query if objects is None else query.where(write.c.object.in_(list(objects)))


def record_states(migration: str, objects: Sequence[str] | None) -> Select[Any]:
    """Return the query for the latest write of every (object, source_key, operation)."""
    latest, confirmed = write.alias("latest"), write.alias("confirmed")
    keys = (
        select(
            func.max(write.c.id).label("latest_id"),
            func.max(case((write.c.state == State.CONFIRMED.value, write.c.id))).label("confirmed_id"),
            func.min(case((not_(_WAS_TAKEN_BACK), write.c.intent_at))).label("first_at"),
        )
        .where(write.c.migration == migration, not_(BY_ROLLBACK), NOT_ROLLED_BACK)
        .group_by(write.c.object, write.c.source_key, write.c.operation)
    )
    if objects is not None:
        keys = keys.where(write.c.object.in_(list(objects)))
    found = keys.subquery("keys")
    return (
        select(
            latest.c.object,
            latest.c.source_key,
            latest.c.parent_key,
            latest.c.operation,
            latest.c.state,
            latest.c.fingerprint,
            confirmed.c.intercom_id,
            func.coalesce(confirmed.c.adopted, False).label("adopted"),
            latest.c.http_status,
            latest.c.error_code,
            latest.c.error_message,
            cast(latest.c.remark, String).label("remark"),
            latest.c.request_id,
            confirmed.c.fingerprint.label("confirmed_fingerprint"),
            confirmed.c.id.label("confirmed_at_write"),
            latest.c.id.label("write_id"),
            latest.c.run_id,
            latest.c.attempts,
            latest.c.intent_at,
            found.c.first_at,
            func.coalesce(latest.c.outcome_at, latest.c.intent_at).label("at"),
        )
        .select_from(found)
        .join(latest, latest.c.id == found.c.latest_id)
        .join(confirmed, confirmed.c.id == found.c.confirmed_id, isouter=True)
    )
