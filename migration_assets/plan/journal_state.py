"""The journal's present state, brought into the warehouse as `plan.journal` and `plan.answered_otherwise`."""

from collections.abc import Mapping, Sequence

import duckdb
import polars as pl

from resources.journal import Journal
from resources.journal.healing import ABOUT_CONTENT, HEALING_CODES, HEALING_STATUSES, HEALING_WORDS
from resources.journal.records import State
from resources.warehouse import insert_frame, table_exists

_COLUMNS = """
    object VARCHAR, source_key VARCHAR, parent_key VARCHAR, operation VARCHAR, state VARCHAR, fingerprint VARCHAR,
    intercom_id VARCHAR, adopted BOOLEAN, heals BOOLEAN, error_code VARCHAR, error_message VARCHAR, remark JSON,
    request_id VARCHAR, confirmed_fingerprint VARCHAR, confirmed_at_write BIGINT, write_id BIGINT, run_id VARCHAR,
    attempts BIGINT, intent_at DOUBLE, first_at DOUBLE, "at" DOUBLE
"""

TAKEN_OFF = """
UPDATE plan.journal a
SET state = 'undone', error_code = 'taken_off', intercom_id = NULL, confirmed_fingerprint = NULL,
    confirmed_at_write = NULL
FROM plan.journal d
WHERE a.operation = 'attach' AND d.operation = 'take_off' AND d.object = a.object AND d.source_key = a.source_key
    AND d.confirmed_at_write > a.write_id
"""
"""What was put on a record and taken off it again does not stand there any more."""

_IMPORTED = ("plan.journal", "plan.answered_otherwise")
_ANSWERS = "object VARCHAR, source_key VARCHAR, field VARCHAR, write_id BIGINT"
_REMARKED = "CREATE OR REPLACE TEMP TABLE remarked (object VARCHAR, source_key VARCHAR, write_id BIGINT, remark JSON)"
OPEN_ANSWERS = """
WITH said AS (
    SELECT object, source_key, write_id, TRUE AS otherwise,
        unnest(json_extract_string(remark, '$.otherwise[*]')) AS field
    FROM remarked
    UNION ALL
    SELECT object, source_key, write_id, FALSE, unnest(json_extract_string(remark, '$.as_sent[*]')) FROM remarked
)
SELECT object, source_key, field, max(write_id) AS write_id
FROM said GROUP BY object, source_key, field HAVING arg_max(otherwise, write_id)
"""
"""The fields that the last answer about them showed otherwise than they were sent, with the write that it answered."""

HEALS = (
    (pl.col("state") == State.REJECTED.value)
    & (
        pl.col("http_status").is_in(HEALING_STATUSES)
        | (
            pl.col("http_status").is_in(ABOUT_CONTENT)
            & (pl.col("error_code").is_in(HEALING_CODES) | pl.col("error_message").str.contains(HEALING_WORDS))
        )
    )
).alias("heals")
"""`healing.heals` over the writes of a frame: whether Intercom may take the same write the next time."""

_TALLY = {"object": pl.String, "tally": pl.String}


def import_journal(
    connection: duckdb.DuckDBPyConnection, journal: Journal, objects: Sequence[str] | None = None
) -> int:
    """Replace both (only the rows of `objects`, if given) and return the number of rows of `plan.journal` read."""
    if objects is None or not all(table_exists(connection, table) for table in _IMPORTED):
        objects = None
        connection.execute(f"CREATE OR REPLACE TABLE plan.answered_otherwise ({_ANSWERS})")
        connection.execute("DROP TABLE IF EXISTS plan.journal_tally")
        connection.execute(f"CREATE OR REPLACE TABLE plan.journal ({_COLUMNS})")
    else:
        for table in _IMPORTED:
            connection.execute(f"DELETE FROM {table} WHERE list_contains(?, object)", [list(objects)])
    rows = 0
    for frame in journal.record_states(objects):
        insert_frame(connection, "plan.journal", frame.with_columns(HEALS).drop("http_status"))
        rows += frame.height
    connection.execute(TAKEN_OFF)
    _import_answers(connection, journal, objects)
    return rows


def _import_answers(connection: duckdb.DuckDBPyConnection, journal: Journal, objects: Sequence[str] | None) -> None:
    """Fill `plan.answered_otherwise` of the objects, all if not given, from the remarks of their writes."""
    connection.execute(_REMARKED)
    for frame in journal.remarks(objects):
        insert_frame(connection, "temp.remarked", frame)
    connection.execute(f"INSERT INTO plan.answered_otherwise {OPEN_ANSWERS}")
    connection.execute("DROP TABLE temp.remarked")


def written_since(connection: duckdb.DuckDBPyConnection, tally: Mapping[str, str]) -> list[str] | None:
    """Return the objects whose `tally` is no longer the one that was remembered; None where none was."""
    if not table_exists(connection, "plan.journal_tally"):
        return None
    known = dict(connection.execute("SELECT object, tally FROM plan.journal_tally").fetchall())
    return sorted(name for name in {*known, *tally} if known.get(name) != tally.get(name))


def remember(connection: duckdb.DuckDBPyConnection, tally: Mapping[str, str]) -> None:
    """Keep the tally of the journal that the verdicts were made from, taken before it was read."""
    frame = pl.DataFrame({"object": list(tally), "tally": list(tally.values())}, schema=_TALLY)
    insert_frame(connection, "plan.journal_tally", frame, create=True)
