"""Reading the journal: what is known of every record, and what went on; a run may write to it meanwhile."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl
from sqlalchemy import Engine, Row, select

from resources.journal import lease, record_state, recovery, run_figures, statements
from resources.journal.applied_writes import AppliedWritesReading
from resources.journal.database import is_shared, name_of
from resources.journal.records import State
from resources.journal.tables import write


class JournalReading(AppliedWritesReading):
    """The part of a journal that only reads. Safe to use from several threads."""

    migration: str
    _engine: Engine

    def record_states(self, objects: Sequence[str] | None = None, batch: int = 20_000) -> Iterator[pl.DataFrame]:
        """Yield the present state of every record in batches: one row per (object, source_key, operation).

        State, fingerprint and error are those of the latest write; `intercom_id`, `adopted` and
        `confirmed_fingerprint` those of the latest confirmed one. Only `objects`, if given.
        """
        query = record_state.record_states(self.migration, objects)
        with self._engine.connect().execution_options(yield_per=batch) as connection:
            for rows in connection.execute(query).partitions():
                yield pl.DataFrame([tuple(row) for row in rows], schema=record_state.RECORD_STATE_SCHEMA, orient="row")

    def remarks(self, objects: Sequence[str] | None = None, batch: int = 20_000) -> Iterator[pl.DataFrame]:
        """Yield the confirmed writes that have a remark on what was answered or edited: each with its number."""
        with self._engine.connect().execution_options(yield_per=batch) as connection:
            for rows in connection.execute(record_state.remarks(self.migration, objects)).partitions():
                yield pl.DataFrame([tuple(row) for row in rows], schema=record_state.REMARK_SCHEMA, orient="row")

    def tally(self) -> dict[str, str]:
        """Return how many writes are in which state, as text, by object.

        No row is ever deleted and a state is never gone back to (`records.ALLOWED_FROM`), so that while an object's
        tally is the same, nothing of it has been written.
        """
        with self._engine.connect() as connection:
            counted = connection.execute(statements.TALLY, {"migration": self.migration}).all()
        tally: dict[str, str] = {}
        for object_name, state, writes in counted:
            tally[object_name] = f"{tally.get(object_name, '')} {state} {writes}".strip()
        return tally

    def bound_ids(self, object_name: str, parent_key: str) -> set[str]:
        """Return the Intercom ids that belong to confirmed writes under `parent_key`."""
        with self._engine.connect() as connection:
            found = connection.execute(
                statements.BOUND_IDS,
                {"migration": self.migration, "object": object_name, "parent": parent_key},
            )
            return {row[0] for row in found}

    def holder_of(self, object_name: str, intercom_id: str) -> str | None:
        """Return the source key that an Intercom record belongs to, or None."""
        with self._engine.connect() as connection:
            return connection.execute(
                statements.HOLDER_OF,
                {"migration": self.migration, "object": object_name, "intercom_id": intercom_id},
            ).scalar()

    def bound(self, migrations: Sequence[str], objects: Sequence[str], batch: int = 20_000) -> Iterator[pl.DataFrame]:
        """Yield (object, intercom_id) of all of these objects that these migrations have created or appended."""
        schema = {"object": pl.String, "intercom_id": pl.String}
        values = {"migrations": list(migrations), "objects": list(objects)}
        with self._engine.connect().execution_options(yield_per=batch) as connection:
            for rows in connection.execute(statements.BOUND, values).partitions():
                yield pl.DataFrame([tuple(row) for row in rows], schema=schema, orient="row")

    def is_bound(self, migrations: Sequence[str], object_name: str, intercom_id: str) -> bool:
        """Whether something in Intercom was created or appended by one of these migrations."""
        query = statements.BOUND.where(write.c.intercom_id == intercom_id).limit(1)
        values = {"migrations": list(migrations), "objects": [object_name]}
        with self._engine.connect() as connection:
            return connection.execute(query, values).first() is not None

    def runs(self) -> pl.DataFrame:
        """Return the runs of this migration, oldest first."""
        with self._engine.connect() as connection:
            rows = connection.execute(statements.RUNS, {"migration": self.migration}).all()
        return pl.DataFrame([tuple(row) for row in rows], schema=statements.RUNS_SCHEMA, orient="row")

    def run_figures(self, wholes: Mapping[str, str], inside: Mapping[str, str]) -> pl.DataFrame:
        """Return what each run created, updated, appended and took back, a row per run and object.

        `wholes` and `inside` say by object to which other one's records its own belong (run_figures.figures).
        """
        query = run_figures.figures(self.migration, wholes, inside)
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        return pl.DataFrame([tuple(row) for row in rows], schema=run_figures.FIGURES_SCHEMA, orient="row")

    def migrations(self) -> list[str]:
        """Return the names of all migrations that this database has runs of, the latest last."""
        with self._engine.connect() as connection:
            return list(connection.execute(statements.MIGRATIONS).scalars())

    def lacks(self) -> bool:
        """Whether the journal was restored from a backup and Intercom was not yet asked for what came after it."""
        with self._engine.connect() as connection:
            return bool(connection.execute(recovery.PENDING, {"migration": self.migration}).scalar())

    def was_completed(self) -> bool:
        """Whether Intercom was ever asked for what the journal did not know, or will be."""
        with self._engine.connect() as connection:
            return bool(connection.execute(recovery.LOOKS, {"migration": self.migration}).scalar())

    def holder(self) -> "Row[Any] | None":
        """Return the row of `lease`: who holds the journal, or held it last."""
        with self._engine.connect() as connection:
            return connection.execute(lease.LEASE, {"migration": self.migration}).first()

    @property
    def name(self) -> str:
        """The name that this journal got when it was made; no other has it, a copy of it neither."""
        return name_of(self._engine)

    @property
    def shared(self) -> bool:
        """Whether other machines may use the same journal, so that its lease speaks for them as well."""
        return is_shared(self._engine)

    def last_write(self) -> int:
        """Return the number of the latest write in it, 0 when there is none; numbers only grow."""
        with self._engine.connect() as connection:
            return int(connection.execute(statements.LAST_WRITE).scalar() or 0)

    def filled(self) -> list[tuple[str, str, str]]:
        """Return (object, source key, flat name) of every field that was filled in a record that we adopted."""
        adopted = (write.c.migration == self.migration, write.c.adopted.is_(True), write.c.last_written.is_not(None))
        confirmed = write.c.state == State.CONFIRMED.value
        query = select(write.c.object, write.c.source_key, write.c.last_written).where(*adopted, confirmed)
        with self._engine.connect() as connection:
            rows = connection.execute(query)
            return [(row[0], row[1], name) for row in rows for name in row[2]]

    def last_written(self, object_name: str, source_key: str) -> dict[str, str]:
        """Return how our writes left a record's fields: a mark per field, of the latest write that set it."""
        values = {"migration": self.migration, "object": object_name, "source_key": source_key}
        left: dict[str, str] = {}
        with self._engine.connect() as connection:
            for found in connection.execute(statements.LEFT_AS, values).scalars():
                left |= found
        return left
