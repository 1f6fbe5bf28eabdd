"""The tables `verdict.strays` and `verdict.sweep` as a run begins with them, and the figures of the sweep."""

import duckdb

from resources.warehouse import fetch_frame

FOUND = ("missing", "orphaned", "twice", "healed", "left")
OTHERS = ("foreign_parts", "foreign_edits", "not_shown")
READ = ("tickets_read", "parts_read", "conversations_read")
FIGURES = (*FOUND, *OTHERS, *READ)
"""The columns of `verdict.sweep`: twice is the sum of healed and left."""

STRAYS = """
CREATE OR REPLACE TABLE verdict.strays (
    kind VARCHAR, object VARCHAR, source_key VARCHAR, intercom_id VARCHAR, conversation_id VARCHAR, ours_id VARCHAR,
    is_ticket BOOLEAN, outcome VARCHAR, reason VARCHAR, key VARCHAR)
"""


def start_sweep(connection: duckdb.DuckDBPyConnection) -> None:
    """Empty both tables: what an earlier run found says nothing about this one."""
    connection.execute(STRAYS)
    columns = ", ".join(f'"{name}" BIGINT' for name in FIGURES)
    connection.execute(f"CREATE OR REPLACE TABLE verdict.sweep ({columns})")


def figures(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Return the figures by name, all 0 where there was no sweep."""
    rows = fetch_frame(connection, "SELECT * FROM verdict.sweep").to_dicts()
    return {name: int(rows[0][name] or 0) if rows else 0 for name in FIGURES}
