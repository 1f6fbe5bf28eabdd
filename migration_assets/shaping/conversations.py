"""Tickets become conversations with a ticket wrapper. The SQL is in `conversations.sql`."""

import duckdb

from migration_assets.shaping.stage import counts, forget_findings, run_sql
from resources.warehouse import scalar


def shape_conversations(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Write `target.conversations`; contacts, companies, tags and parts must be there. Returns the step's numbers."""
    forget_findings(connection, "conversations")
    run_sql(connection, "conversations")
    return counts(
        connection,
        "target.conversations",
        rows_in=scalar(connection, "SELECT count(*) FROM clean.tickets"),
        rows_skipped=scalar(connection, "SELECT count(*) FROM target.skipped WHERE object = 'tickets'"),
        continuations=scalar(connection, "SELECT count(*) FROM target.conversations WHERE part_of > 1"),
        merged_tickets=scalar(
            connection, "SELECT count(*) FROM target.conversations WHERE merged_into IS NOT NULL AND part_of = 1"
        ),
    )
