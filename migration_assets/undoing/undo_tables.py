"""The warehouse's side of a rollback: what is left to be undone, page by page, and what became of each record."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import polars as pl

from migration_assets.objects.tables import open_objects
from migration_assets.objects.undoer import Row
from resources.journal import Journal
from resources.journal.applied_writes import TAKEN_SCHEMA
from resources.warehouse import Warehouse, fetch_frame, insert_frame, scalar, table_exists

OUTCOMES = {
    "object": pl.String,
    "source_key": pl.String,
    "state": pl.String,
    "code": pl.String,
    "words": pl.String,
    "refusal": pl.String,
}
"""`refusal` is the code of why a record was left (`RefusalCode`)."""
LATEST = """
INSERT INTO rollback.outcomes BY NAME
SELECT object, source_key, arg_max(state, write_id) AS state, arg_max(code, write_id) AS code,
    arg_max(words, write_id) AS words, arg_max(json_extract_string(remark, '$.declined'), write_id) AS refusal
FROM rollback.taken GROUP BY ALL
"""
STAYING = """
SELECT DISTINCT w.record_object FROM rollback.writes w
LEFT JOIN rollback.plan p ON p.object = w.record_object AND p.source_key = w.record_key
WHERE w.state = 'confirmed' AND (p.action IS NULL OR p.action IN ('keep', 'unknown'))
"""
DONE = """
CREATE OR REPLACE TABLE rollback.queue AS
SELECT p.* REPLACE (row_number() OVER (ORDER BY p.position) - 1 AS position)
FROM rollback.plan p SEMI JOIN rollback.outcomes o
    ON o.object = p.object AND o.source_key = p.source_key AND o.state = 'confirmed'
WHERE p.object = ?
"""
PAGE = "SELECT * FROM rollback.queue WHERE position >= ? AND position < ? ORDER BY position"
STILL = {"object": pl.String, "source_key": pl.String}
_HERE = Path(__file__).parent

Outcome = tuple[str, str, str, str | None, str | None, str | None]
"""Object, key, state of the write in the journal's words, code, words, the code of the refusal."""


def start(connection: duckdb.DuckDBPyConnection) -> None:
    """Forget what an earlier rollback came to."""
    insert_frame(connection, "rollback.outcomes", pl.DataFrame(schema=OUTCOMES), create=True)
    insert_frame(connection, "rollback.still", pl.DataFrame(schema=STILL), create=True)


def add_outcomes(connection: duckdb.DuckDBPyConnection, outcomes: Sequence[Outcome]) -> None:
    """Keep what became, or would become, of records."""
    insert_frame(connection, "rollback.outcomes", pl.DataFrame(outcomes, schema=OUTCOMES, orient="row"))


def import_outcomes(connection: duckdb.DuckDBPyConnection, journal: Journal, run_id: str) -> None:
    """Bring what the journal says of the rollback of that run into `rollback.outcomes`, the last of each record."""
    insert_frame(connection, "rollback.taken", pl.DataFrame(schema=TAKEN_SCHEMA), create=True)
    for frame in journal.taken(run_id):
        insert_frame(connection, "rollback.taken", frame)
    connection.execute("DELETE FROM rollback.outcomes")
    connection.execute(LATEST)


def add_still(connection: duckdb.DuckDBPyConnection, rows: Sequence[Row]) -> None:
    """Keep what is still there although it was undone."""
    pairs = [(row["object"], row["source_key"]) for row in rows]
    insert_frame(connection, "rollback.still", pl.DataFrame(pairs, schema=STILL, orient="row"))


def staying(connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Return the objects of which some records are not in the plan, or stay by it."""
    return frozenset(name for (name,) in connection.execute(STAYING).fetchall())


def queue(connection: duckdb.DuckDBPyConnection, object_name: str) -> int:
    """Queue what of an object is still to be undone, and return how many records that are."""
    connection.execute((_HERE / "undo_queue.sql").read_text(), {"object": object_name})
    return scalar(connection, "SELECT count(*) FROM rollback.queue")


def queue_done(connection: duckdb.DuckDBPyConnection, object_name: str) -> int:
    """Queue what of an object was undone, and return how many records that are."""
    connection.execute(DONE, [object_name])
    return scalar(connection, "SELECT count(*) FROM rollback.queue")


def pages(warehouse: Warehouse, total: int, size: int) -> Iterator[Sequence[Row]]:
    """Yield the queue in pages; the warehouse is open only while one is read."""
    for first in range(0, total, size):
        with warehouse.connect() as connection:
            rows = fetch_frame(connection, PAGE, [first, first + size]).to_dicts()
        yield rows


def settle_fates(connection: duckdb.DuckDBPyConnection) -> None:
    """Write `rollback.fates` and `rollback.remaining` from the outcomes."""
    open_objects(connection)
    connection.execute((_HERE / "fates.sql").read_text())


def same_workspace(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether what the warehouse knows of a workspace is of the one that is rolled back, and not of another one."""
    if not table_exists(connection, "rollback.about") or not table_exists(connection, "observed.workspace"):
        return True
    query = "SELECT coalesce(bool_and(a.app_id = w.app_id), TRUE) FROM rollback.about a, observed.workspace w"
    return bool(connection.execute(query).fetchall()[0][0])
