"""Bringing the tables of an older journal forward, one version at a time, each in the transaction of the whole."""

from collections.abc import Callable, Mapping

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import JSON, Column, Connection, Float, Integer, String, insert, select, update

from resources.journal.lease import require_idle
from resources.journal.tables import VERSION, identity, journal_schema, new_name, progress, run_commands


def _to_2(operations: Operations, connection: Connection) -> None:
    """The lease tells who holds it and whether they live; how far a load is."""
    for column in (Column("host", String), Column("pid", Integer), Column("run_id", String), Column("beat_at", Float)):
        operations.add_column("lease", column)
    progress.create(connection)


def _to_3(operations: Operations, connection: Connection) -> None:
    """The journal has a name of its own; a write keeps how it left the record's fields."""
    identity.create(connection)
    connection.execute(insert(identity).values(journal=new_name()))
    operations.add_column("write", Column("left_as", JSON(none_as_null=True)))


def _to_4(operations: Operations, _connection: Connection) -> None:
    """A run tells when its drop was exported, and the cutover since when ITCO was frozen."""
    for name in ("exported_at", "frozen_at"):
        operations.add_column("runs", Column(name, Float))


def _to_5(operations: Operations, connection: Connection) -> None:
    """Commands from another terminal and the hashes of what was written last have the words of the glossary."""
    operations.execute("DROP TABLE IF EXISTS orders")
    run_commands.create(connection)
    operations.execute('ALTER TABLE "write" RENAME COLUMN left_as TO last_written')


UPGRADES: Mapping[int, Callable[[Operations, Connection], None]] = {1: _to_2, 2: _to_3, 3: _to_4, 4: _to_5}
"""What brings the tables of a version to the next one."""


def upgrade(connection: Connection) -> None:
    """Bring the tables to `VERSION`; the connection must hold the write lock.

    The version is read here, because another process may have done it meanwhile.

    Raises:
        resources.journal.JournalBusyError: a run is writing.
    """
    found = connection.execute(select(journal_schema.c.version)).scalar_one()
    if found > 1:  # before, the lease did not tell whether its holder lives
        require_idle(connection)
    operations = Operations(MigrationContext.configure(connection))
    for version in range(found, VERSION):
        UPGRADES[version](operations, connection)
    connection.execute(update(journal_schema).values(version=VERSION))
