"""Reading a page of conversations from the warehouse: the conversations, their parts, and what is to be sent."""

from pathlib import Path
from typing import Any

import duckdb

from resources.warehouse import fetch_frame

_HERE = Path(__file__).parent


def take_page(connection: duckdb.DuckDBPyConnection, first: int, last: int) -> None:
    """Choose the conversations at positions first to last - 1 of the queue."""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE page_keys AS SELECT record_key, position FROM plan.queue "
        "WHERE position >= ? AND position < ?",
        [first, last],
    )


def take_keys(connection: duckdb.DuckDBPyConnection, keys: list[str]) -> None:
    """Choose conversations by their keys."""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE page_keys AS SELECT unnest(?::VARCHAR[]) AS record_key, 0 AS position", [keys]
    )


def rows_by_key(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, Any]]:
    """Return the chosen conversations by key."""
    rows = fetch_frame(connection, (_HERE / "conversations.sql").read_text()).to_dicts()
    return {row["source_key"]: row for row in rows}


def parts_by_key(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, Any]]:
    """Return the parts of the chosen conversations by key."""
    rows = fetch_frame(connection, (_HERE / "parts.sql").read_text()).to_dicts()
    return {row["source_key"]: row for row in rows}


def steps_of(connection: duckdb.DuckDBPyConnection) -> dict[str, list[dict[str, Any]]]:
    """Return what is to be sent of the chosen conversations, by conversation, in order."""
    steps: dict[str, list[dict[str, Any]]] = {}
    for row in fetch_frame(connection, (_HERE / "steps.sql").read_text()).to_dicts():
        steps.setdefault(row["record_key"], []).append(row)
    return steps
