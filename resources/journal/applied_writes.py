"""What a rollback asks of the journal and notes in it: which writes stand, and which stand no more."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl
from sqlalchemy import Connection, Engine, and_, bindparam, func, not_, or_, select, update

from resources.journal.codes import WriteCode
from resources.journal.records import DUPLICATE, UNDOING, State, Undoes
from resources.journal.tables import write

OPEN = (State.INTENT.value, State.AMBIGUOUS.value)

BY_ROLLBACK = and_(write.c.operation.in_(UNDOING), write.c.object != DUPLICATE)
"""The writes of a rollback, which no load knows of."""

APPLIED = (
    select(
        write.c.id,
        write.c.object,
        write.c.source_key,
        write.c.parent_key,
        write.c.operation,
        write.c.state,
        write.c.run_id,
        write.c.intercom_id,
        write.c.adopted,
        write.c.before_image,
        write.c.last_written,
        write.c.outcome_at,
        write.c.intent_at,
    )
    .where(
        write.c.migration == bindparam("of"),
        write.c.object != DUPLICATE,
        not_(BY_ROLLBACK),
        write.c.state.in_((State.CONFIRMED.value, *OPEN)),
    )
    .order_by(write.c.id)
)
APPLIED_SCHEMA = {
    "write_id": pl.Int64,
    "object": pl.String,
    "source_key": pl.String,
    "parent_key": pl.String,
    "operation": pl.String,
    "state": pl.String,
    "run_id": pl.String,
    "intercom_id": pl.String,
    "adopted": pl.Boolean,
    "before_image": pl.String,
    "last_written": pl.String,
    "at": pl.Float64,
    "intent_at": pl.Float64,
}
"""The writes that stand or may stand; `before_image` and `last_written` are JSON."""

TAKEN = (
    select(
        write.c.id, write.c.object, write.c.source_key, write.c.operation, write.c.state, write.c.error_code,
        write.c.error_message, write.c.remark,
    )
    .where(
        write.c.migration == bindparam("of"), write.c.run_id == bindparam("run"), BY_ROLLBACK
    )
    .order_by(write.c.id)
)  # fmt: skip
TAKEN_SCHEMA = {
    "write_id": pl.Int64,
    "object": pl.String,
    "source_key": pl.String,
    "operation": pl.String,
    "state": pl.String,
    "code": pl.String,
    "words": pl.String,
    "remark": pl.String,
}
"""`remark` is JSON."""

PLACE = (
    select(write.c.source_key, write.c.parent_key, write.c.run_id, write.c.state)
    .where(
        write.c.migration == bindparam("of"),
        write.c.object == bindparam("object"),
        write.c.intercom_id == bindparam("intercom_id"),
        write.c.operation.in_(("create", "upsert", "attach")),
    )
    .order_by(write.c.id.desc())
    .limit(1)
)
FIRST_AT = select(func.min(write.c.intent_at)).where(
    write.c.migration == bindparam("of"),
    write.c.object == bindparam("object"),
    write.c.source_key == bindparam("key"),
    not_(BY_ROLLBACK),
)
TIMES = select(write.c.intent_at, func.coalesce(write.c.outcome_at, write.c.intent_at)).where(
    write.c.migration == bindparam("of"),
    or_(
        and_(write.c.object == bindparam("object"), write.c.source_key == bindparam("key")),
        and_(write.c.object.in_(bindparam("parts", expanding=True)), write.c.parent_key == bindparam("key")),
    ),
    not_(BY_ROLLBACK),
)
WORN = (
    select(write.c.source_key, write.c.operation, write.c.intercom_id)
    .where(
        write.c.migration == bindparam("of"),
        write.c.object == bindparam("object"),
        write.c.parent_key == bindparam("key"),
        write.c.operation.in_(("attach", "take_off")),
        write.c.state == State.CONFIRMED.value,
    )
    .order_by(write.c.id)
)
DOUBLED = select(write.c.id).where(
    write.c.migration == bindparam("of"),
    write.c.object == DUPLICATE,
    write.c.source_key == bindparam("key"),
    write.c.state == State.CONFIRMED.value,
)
REPEAT = (
    update(write)
    .where(write.c.migration == bindparam("of"), BY_ROLLBACK, write.c.state.in_(OPEN))
    .values(state=State.UNDONE.value, error_code=WriteCode.REPEATABLE.value)
)


_UNDO = (
    update(write)
    .where(
        write.c.migration == bindparam("of"),
        write.c.state == State.CONFIRMED.value,
        not_(BY_ROLLBACK),
        or_(
            and_(write.c.object == bindparam("name"), write.c.source_key == bindparam("key")),
            and_(write.c.object.in_(bindparam("hanging", expanding=True)), write.c.parent_key == bindparam("key")),
        ),
        or_(bindparam("run", type_=write.c.run_id.type).is_(None), write.c.run_id == bindparam("run")),
    )
    .values(state=State.UNDONE.value, error_code=bindparam("code"), outcome_at=bindparam("at"))
)


def undo(connection: Connection, migration: str, undoes: Undoes, code: str, at: float) -> None:
    """Note that nothing of a record stands any more, nor of what hangs on it."""
    values = {"of": migration, "name": undoes.object, "key": undoes.source_key, "run": undoes.run}
    connection.execute(_UNDO, {**values, "hanging": undoes.hanging, "code": code, "at": at})


@dataclass(frozen=True, slots=True)
class Place:
    """Which record of ours something in Intercom is, on which it hangs, who made it, and whether it still stands."""

    source_key: str
    parent_key: str | None
    run_id: str
    stands: bool


class AppliedWritesReading:
    """The part of a journal that a rollback reads. Safe to use from several threads."""

    migration: str
    _engine: Engine

    def applied_writes(self, objects: Sequence[str] | None = None, batch: int = 20_000) -> Iterator[pl.DataFrame]:
        """Yield every write that stands in Intercom, or of which that is not known, in batches, the oldest first.

        Only of `objects`, if given.
        """
        query = APPLIED if objects is None else APPLIED.where(write.c.object.in_(list(objects)))
        with self._engine.connect().execution_options(yield_per=batch) as connection:
            for rows in connection.execute(query, {"of": self.migration}).partitions():
                frame = [(*row[:9], _text(row[9]), _text(row[10]), *row[11:]) for row in rows]
                yield pl.DataFrame(frame, schema=APPLIED_SCHEMA, orient="row")

    def taken(self, run_id: str, batch: int = 20_000) -> Iterator[pl.DataFrame]:
        """Yield what a rollback of that run did or tried, in batches, the oldest first."""
        with self._engine.connect().execution_options(yield_per=batch) as connection:
            for rows in connection.execute(TAKEN, {"of": self.migration, "run": run_id}).partitions():
                frame = [(*row[:7], _text(row[7])) for row in rows]
                yield pl.DataFrame(frame, schema=TAKEN_SCHEMA, orient="row")

    def place(self, object_name: str, intercom_id: str) -> Place | None:
        """Return which record of ours has an Intercom id, or had it; None where none ever had."""
        values = {"of": self.migration, "object": object_name, "intercom_id": intercom_id}
        with self._engine.connect() as connection:
            row = connection.execute(PLACE, values).first()
        if row is None:
            return None
        return Place(row.source_key, row.parent_key, row.run_id, row.state != State.UNDONE.value)

    def first_at(self, object_name: str, source_key: str) -> float | None:
        """Return when anything was sent for a record for the first time, also by what was taken back since."""
        values = {"of": self.migration, "object": object_name, "key": source_key}
        with self._engine.connect() as connection:
            return connection.execute(FIRST_AT, values).scalar()

    def worn(self, object_name: str, parent_key: str) -> list[str]:
        """Return Intercom's ids of what was attached to a record and not taken off again later."""
        values = {"of": self.migration, "object": object_name, "key": parent_key}
        with self._engine.connect() as connection:
            latest = {row.source_key: row for row in connection.execute(WORN, values)}
        return [row.intercom_id for row in latest.values() if row.operation == "attach" and row.intercom_id]

    def writing_times(self, object_name: str, source_key: str, parts: Sequence[str]) -> list[tuple[float, float]]:
        """Return when anything was sent for a record or for its `parts`: (intent, outcome), in unix seconds."""
        values = {"of": self.migration, "object": object_name, "key": source_key, "parts": list(parts)}
        with self._engine.connect() as connection:
            return [(row[0], row[1]) for row in connection.execute(TIMES, values)]

    def took_back(self, key: str) -> bool:
        """Whether the sweep has taken something back: a conversation's id, or `conversation|part`."""
        with self._engine.connect() as connection:
            return connection.execute(DOUBLED, {"of": self.migration, "key": key}).first() is not None


def _text(value: object) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False)
