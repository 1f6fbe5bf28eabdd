"""The tables `verdict.loads` and `verdict.answers`: what each load of the run came to, and what it was answered.

The one has a row per journal object, the other a row per field that was sent and that answers show.

The plan empties it, each load step writes its rows, the checks and the report read them.
"""

import duckdb

FIGURES = ("planned", "created", "updated", "adopted", "unchanged", "failed", "blocked", "present")
"""The columns beside `object`, in records; planned is the sum of created, updated, adopted, unchanged and failed."""


ANSWERS = "verdict.answers"
_ANSWERED = "object VARCHAR, field VARCHAR, carried BIGINT, otherwise BIGINT, examples VARCHAR[]"


def begin_answers(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the table of answers, unless the run has it."""
    connection.execute("CREATE SCHEMA IF NOT EXISTS verdict")
    connection.execute(f"CREATE TABLE IF NOT EXISTS {ANSWERS} ({_ANSWERED})")


def start_loads(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the tables anew: what an earlier run loaded says nothing about this one, nor what it verified."""
    columns = ", ".join(f"{name} BIGINT" for name in FIGURES)
    connection.execute(f"CREATE OR REPLACE TABLE verdict.loads (object VARCHAR, {columns})")
    connection.execute(f"CREATE OR REPLACE TABLE {ANSWERS} ({_ANSWERED})")
    # The differences stay, to be looked at or sent again.
    connection.execute("DROP TABLE IF EXISTS verdict.fields")
