"""Messages become parts: order, authors, visibility, bodies, continuation and times.

What belongs elsewhere: one text's HTML (`html`, `plain`) and the tickets themselves (`conversations`).
"""

import duckdb

from migration_assets.shaping.bodies import write_bodies, write_openers
from migration_assets.shaping.stage import counts, forget_findings, run_sql
from resources.warehouse import scalar

PARTS_LIMIT = 490
"""Parts that are written into one conversation: Intercom's API gives back only the newest 500, and Intercom adds some
of its own for assignments and changes of state. Whatever is beyond them could not be read back and verified."""

_TWINS = "SELECT count(*) - count(DISTINCT (ticket_id, author, moved, text)) FROM twins"


def shape_parts(connection: duckdb.DuckDBPyConnection, parts_limit: int = PARTS_LIMIT) -> dict[str, int]:
    """Write `target.parts` and the tables between: `bodies`, `thread`, `openers`, `file_headings`, `pieces`.

    Args:
        connection: the warehouse, prepared by `stage.prepare`.
        parts_limit: the most parts that one conversation may have, at least 2; a longer thread continues in another.
    """
    forget_findings(connection, "parts")
    connection.execute("CREATE OR REPLACE TABLE target.parts_limit AS SELECT ?::BIGINT AS parts", [parts_limit])
    write_bodies(connection)
    run_sql(connection, "thread")
    write_openers(connection)
    run_sql(connection, "file_notes")
    run_sql(connection, "drafts")
    _part_twins(connection)
    run_sql(connection, "parts")
    live = scalar(connection, "SELECT count(*) FROM target.live_messages")
    rows_in = scalar(connection, "SELECT count(*) FROM clean.messages")
    return counts(connection, "target.parts", rows_in=rows_in, rows_skipped=rows_in - live) | {
        "openers": scalar(connection, "SELECT count(*) FROM target.thread WHERE opener"),
        "file_notes": scalar(connection, "SELECT count(*) FROM target.parts WHERE files_of IS NOT NULL"),
        "generated": scalar(connection, "SELECT count(*) FROM target.parts WHERE generated"),
        "times_moved": scalar(connection, "SELECT count(*) FROM target.findings WHERE code = 'time_moved'"),
    }


def _part_twins(connection: duckdb.DuckDBPyConnection) -> None:
    """Move parts that could not be told apart by a second each, until all can be.

    One pass is the rule. A further one is needed only where a moved part meets a later one with the same text;
    every pass adds at least one step, so it ends.
    """
    run_sql(connection, "twins")
    run_sql(connection, "move")
    while scalar(connection, _TWINS):
        run_sql(connection, "move")
