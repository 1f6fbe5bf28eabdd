"""The journal's present state, brought into the warehouse as `plan.journal`."""

from collections.abc import Sequence

import duckdb

from resources.journal import Journal
from resources.warehouse import insert_frame, table_exists

_COLUMNS = """
    object VARCHAR, source_key VARCHAR, parent_key VARCHAR, operation VARCHAR, state VARCHAR, fingerprint VARCHAR,
    intercom_id VARCHAR, adopted BOOLEAN, error_code VARCHAR, error_message VARCHAR,
    confirmed_fingerprint VARCHAR, confirmed_at_write BIGINT, write_id BIGINT, run_id VARCHAR, attempts BIGINT,
    intent_at DOUBLE, "at" DOUBLE
"""


def import_journal(
    connection: duckdb.DuckDBPyConnection, journal: Journal, objects: Sequence[str] | None = None
) -> int:
    """Replace `plan.journal` (only the rows of `objects`, if given) and return the number of rows read."""
    if objects is None or not table_exists(connection, "plan.journal"):
        objects = None
        connection.execute(f"CREATE OR REPLACE TABLE plan.journal ({_COLUMNS})")
    else:
        connection.execute("DELETE FROM plan.journal WHERE list_contains(?, object)", [list(objects)])
    rows = 0
    for frame in journal.present(objects):
        insert_frame(connection, "plan.journal", frame)
        rows += frame.height
    return rows
