"""What became of every clean row. The SQL is in `lineage.sql`."""

import duckdb

from migration_assets.shaping.stage import counts, run_sql
from resources.warehouse import scalar
from schemas.itco import OBJECTS


def shape_lineage(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Write `target.lineage`, one row per row of every `clean.<object>`; all other target tables must be there."""
    run_sql(connection, "lineage")
    rows_in = sum(scalar(connection, f'SELECT count(*) FROM clean."{name}"') for name in OBJECTS)
    return counts(
        connection,
        "target.lineage",
        rows_in=rows_in,
        rows_merged=scalar(connection, "SELECT count(*) FROM target.lineage WHERE disposition = 'merged'"),
        rows_skipped=scalar(connection, "SELECT count(*) FROM target.lineage WHERE disposition = 'skipped'"),
    )
