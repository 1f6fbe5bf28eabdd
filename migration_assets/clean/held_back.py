"""Faults that only show when rows are compared: found by a query, recorded, and acted upon.

A query yields `_row`, `rule`, `column` and `found`. A row fault takes the row out of `clean.<object>`, a value
fault empties the column.
"""

from pathlib import Path

import duckdb

from migration_assets.clean.rules import rules_frame
from migration_assets.clean.sql import key_text, quoted
from migration_assets.ground import quarantine
from resources.warehouse import fetch_frame
from schemas.source import OBJECTS

_FAULTS = Path(__file__).with_name("faults_of_rows.sql").read_text(encoding="utf-8")


def hold_back_rows(connection: duckdb.DuckDBPyConnection, object_name: str, query: str) -> None:
    """Quarantine the rows that `query` yields."""
    if _record(connection, object_name, query, "row"):
        connection.execute(
            f"DELETE FROM clean.{quoted(object_name)} WHERE _row IN (SELECT _row FROM temp._comparison_faults)"
        )


def drop_values(connection: duckdb.DuckDBPyConnection, object_name: str, column: str, query: str) -> None:
    """Record the values that `query` yields as faulty and empty them; their rows go on."""
    if _record(connection, object_name, query, "value"):
        connection.execute(
            f"UPDATE clean.{quoted(object_name)} SET {quoted(column)} = NULL "
            "WHERE _row IN (SELECT _row FROM temp._comparison_faults)"
        )


def _record(connection: duckdb.DuckDBPyConnection, object_name: str, query: str, severity: str) -> int:
    connection.execute(f"CREATE OR REPLACE TEMP TABLE _comparison_faults AS {query}")
    filled = _FAULTS.format(table=f"clean.{quoted(object_name)}", key=key_text(OBJECTS[object_name].key))
    frame = fetch_frame(connection, filled, [object_name, severity])
    # The texts of the rules are joined here, so that they have one home.
    frame = frame.join(rules_frame(), on="rule", how="left")
    quarantine.record_faults(connection, frame)
    return frame.height
