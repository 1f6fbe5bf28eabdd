"""What the journal keeps of an Intercom workspace itself: what it was seen to do, and what a probe has left in it.

Both are of the workspace and not of a migration, so that they have a lease of their own: of two machines that share a
journal only one probes a workspace at a time, and what the other has just made is not taken for something left over.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Delete, delete, func, insert, select

from resources.journal import lease
from resources.journal.database import WRITER, is_shared, name_of, open_database
from resources.journal.lease import Holder
from resources.journal.tables import lease as holders
from resources.journal.tables import probe_record, workspace_profile

_LEASE_OF = "probe of "
"""How the lease of a probe is called, with the workspace's id behind it."""


@dataclass(frozen=True, slots=True)
class WorkspaceProfile:
    """What a workspace was seen to do.

    Attributes:
        asked_at: when, in unix seconds.
        answers: by question what was found: `answer`, which is None where it could not be seen, `seen` in words, and
            for what takes time `seconds`.
        broken: a sentence for each promise of the migration that this workspace does not keep.
    """

    asked_at: float
    answers: Mapping[str, Mapping[str, Any]]
    broken: Sequence[str]


@dataclass(frozen=True, slots=True)
class ProbeRecord:
    """A record of the probe's own: what it is, the key that it is found by, and Intercom's id once that is known."""

    object: str
    key: str
    intercom_id: str | None = None
    noted_at: float = field(default=0.0, compare=False)


class WorkspaceProfiles:
    """The profiles of the workspaces, and the records that probes have made there. Every change is durable at once."""

    def __init__(self, url: str) -> None:
        """Open the journal at the SQLAlchemy `url`.

        Raises:
            JournalError: it cannot be opened, or is of another version.
        """
        self._engine = open_database(url)
        self._lease: tuple[str, int] | None = None

    def close(self) -> None:
        """Close the journal."""
        self._engine.dispose()

    @property
    def name(self) -> str:
        """The journal's own name."""
        return name_of(self._engine)

    @property
    def shared(self) -> bool:
        """Whether other machines may use the same journal."""
        return is_shared(self._engine)

    def profile(self, app_id: str) -> WorkspaceProfile | None:
        """Return what is known of a workspace, None where it was never asked."""
        table = workspace_profile
        query = select(table.c.asked_at, table.c.answers, table.c.broken).where(table.c.app_id == app_id)
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else WorkspaceProfile(row.asked_at, row.answers, row.broken)

    def keep(self, app_id: str, profile: WorkspaceProfile) -> None:
        """Keep a profile in the place of an earlier one of the same workspace."""
        values = {"asked_at": profile.asked_at, "answers": dict(profile.answers), "broken": list(profile.broken)}
        with self._engine.connect().execution_options(**WRITER) as connection, connection.begin():
            connection.execute(delete(workspace_profile).where(workspace_profile.c.app_id == app_id))
            connection.execute(insert(workspace_profile).values(app_id=app_id, **values))

    def left(self, app_id: str) -> list[ProbeRecord]:
        """Return the records in a workspace that no probe has removed yet, those noted last first."""
        query = (
            select(*(probe_record.c[name] for name in ("object", "source_key", "intercom_id", "noted_at")))
            .where(probe_record.c.app_id == app_id)
            .order_by(probe_record.c.noted_at.desc())
        )
        with self._engine.connect() as connection:
            return [ProbeRecord(*row) for row in connection.execute(query).all()]

    def leftovers(self) -> dict[str, tuple[int, bool]]:
        """Return how many records of probes are there, by workspace, and whether a probe has shown signs of life.

        One that was killed a moment ago counts as alive until its lease runs out.
        """
        held = holders.c.migration == _LEASE_OF + probe_record.c.app_id
        query = (
            select(probe_record.c.app_id, func.count(), holders.c.beat_at)
            .join(holders, held, isouter=True)
            .group_by(probe_record.c.app_id, holders.c.beat_at)
        )
        now = time.time()
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        return {app_id: (number, lease.is_held(beat_at, now)) for app_id, number, beat_at in rows}

    def note(self, app_id: str, record: ProbeRecord) -> None:
        """Note a record that is about to be made, or Intercom's id of one that was."""
        values = {"app_id": app_id, "object": record.object, "source_key": record.key}
        with self._engine.connect().execution_options(**WRITER) as connection, connection.begin():
            connection.execute(_forgetting(app_id, record))
            connection.execute(
                insert(probe_record).values(**values, intercom_id=record.intercom_id, noted_at=time.time())
            )

    def forget(self, app_id: str, record: ProbeRecord) -> None:
        """Forget a record that is removed."""
        with self._engine.connect().execution_options(**WRITER) as connection, connection.begin():
            connection.execute(_forgetting(app_id, record))

    def beat(self) -> None:
        """Give a sign of life, where the probing of a workspace is held."""
        if self._lease is not None:
            with self._engine.connect().execution_options(**WRITER) as connection, connection.begin():
                lease.beat(connection, *self._lease, time.time())

    @contextmanager
    def alone(self, app_id: str, run_id: str) -> Iterator[None]:
        """Have the probing of a workspace to oneself.

        Raises:
            JournalBusyError: another process that uses this journal is at it.
        """
        name = _LEASE_OF + app_id
        with self._engine.connect().execution_options(**WRITER) as connection, connection.begin():
            fence = lease.take(connection, name, run_id, Holder.this_process(), 0)
        self._lease = (name, fence)
        try:
            yield
        finally:
            self._lease = None
            with self._engine.connect().execution_options(**WRITER) as connection, connection.begin():
                lease.beat(connection, name, fence, None)
            lease.forget(self._engine, name, fence)


def _forgetting(app_id: str, record: ProbeRecord) -> Delete:
    table = probe_record.c
    return delete(probe_record).where(
        table.app_id == app_id, table.object == record.object, table.source_key == record.key
    )
