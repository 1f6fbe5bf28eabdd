"""The table `verdict.loads`: what each load of the present run came to, a row per journal object.

The plan empties it, each load step writes its rows, the checks and the report read them.
"""

import duckdb

FIGURES = ("planned", "created", "updated", "adopted", "unchanged", "failed", "blocked", "present")
"""The columns beside `object`, in records; planned is the sum of created, updated, adopted, unchanged and failed."""


def start_loads(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the table anew: what an earlier run loaded says nothing about this one, nor what it verified."""
    columns = ", ".join(f"{name} BIGINT" for name in FIGURES)
    connection.execute(f"CREATE OR REPLACE TABLE verdict.loads (object VARCHAR, {columns})")
    # The differences stay, to be looked at or sent again.
    connection.execute("DROP TABLE IF EXISTS verdict.fields")
