"""How long a thread may be, and telling parts apart in time.

What belongs elsewhere: bodies (`bodies`), order, authors, visibility and continuation (the SQL files beside this one).
"""

from pathlib import Path

import duckdb

from migration_assets.objects.shaping import run_sql
from resources.warehouse import scalar

PARTS_LIMIT = 490
"""Parts that are written into one conversation, at least 2; a longer thread continues in another. Intercom's API gives
back only the newest 500, and Intercom adds some of its own for assignments and changes of state. Whatever is beyond
them could not be read back and verified."""

_TWINS = "SELECT count(*) - count(DISTINCT (ticket_id, author, moved, text)) FROM twins"


def write_parts_limit(connection: duckdb.DuckDBPyConnection, _drop: Path) -> None:
    """Write `target.parts_limit`, one row, for the SQL that cuts threads."""
    connection.execute("CREATE OR REPLACE TABLE target.parts_limit AS SELECT ?::BIGINT AS parts", [PARTS_LIMIT])


def move_twins(connection: duckdb.DuckDBPyConnection, _drop: Path) -> None:
    """Move parts that could not be told apart (the temporary table `twins`) by a second each, until all can be.

    One pass is the rule. A further one is needed only where a moved part meets a later one with the same text;
    every pass adds at least one step, so it ends.
    """
    move = Path(__file__).with_name("move.sql")
    run_sql(connection, move)
    while scalar(connection, _TWINS):
        run_sql(connection, move)
