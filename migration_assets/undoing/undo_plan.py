"""Makes the plan of a rollback from the journal alone: what to delete, archive, restore and detach, and what stays."""

from pathlib import Path

import duckdb
import polars as pl

from migration_assets.objects.tables import known_records, open_objects
from migration_assets.undoing.scope import Scope
from resources.journal import Journal
from resources.journal.applied_writes import APPLIED_SCHEMA
from resources.warehouse import insert_frame, scalar, transaction

_HERE = Path(__file__).parent
_NAMED = {"object": pl.String, "source_key": pl.String}


def build_plan(connection: duckdb.DuckDBPyConnection, journal: Journal, scope: Scope) -> dict[tuple[str, str], int]:
    """Write `rollback.plan` and return the number of records by (object, action). Nothing is sent."""
    import_applied_writes(connection, journal)
    connection.execute(
        "CREATE OR REPLACE TABLE rollback.scope AS SELECT ?::VARCHAR AS run, ?::VARCHAR AS object, "
        "?::VARCHAR AS key, ?::BOOLEAN AS named",
        [scope.run, scope.object, scope.key, scope.records is not None],
    )
    named = pl.DataFrame(sorted(scope.records or ()), schema=_NAMED, orient="row")
    insert_frame(connection, "rollback.named", named, create=True)
    open_objects(connection)
    with transaction(connection):
        known = known_records("rollback.writes")
        connection.execute((_HERE / "plan.sql").read_text().replace("{known}", known))
    rows = connection.execute("SELECT object, action, count(*) FROM rollback.plan GROUP BY ALL").fetchall()
    return {(row[0], row[1]): row[2] for row in rows}


def import_applied_writes(connection: duckdb.DuckDBPyConnection, journal: Journal) -> None:
    """Bring the writes that stand, by the journal, into `rollback.applied_writes`."""
    insert_frame(connection, "rollback.applied_writes", pl.DataFrame(schema=APPLIED_SCHEMA), create=True)
    for frame in journal.applied_writes():
        insert_frame(connection, "rollback.applied_writes", frame)


def unaccounted(connection: duckdb.DuckDBPyConnection) -> int:
    """Return how many confirmed writes of the scope no record of the plan answers for."""
    scoped = scalar(connection, "SELECT count(*) FROM rollback.scoped WHERE state = 'confirmed'")
    return scoped - scalar(connection, "SELECT sum(writes) FROM rollback.plan")


def wrongly_deleted(connection: duckdb.DuckDBPyConnection) -> int:
    """Return how many records the plan removes that stood in Intercom before us."""
    return scalar(
        connection, "SELECT count(*) FROM rollback.plan WHERE adopted AND action IN ('delete', 'archive', 'detach')"
    )


def claimed_twice(connection: duckdb.DuckDBPyConnection) -> int:
    """Return how many records of Intercom the plan would remove for two records of ours."""
    return scalar(
        connection,
        "SELECT count(*) FROM (SELECT 1 FROM rollback.plan WHERE action IN ('delete', 'archive') "
        "GROUP BY object, intercom_id HAVING count(*) > 1)",
    )
