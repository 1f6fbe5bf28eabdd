"""The batch map over message bodies: `clean.messages` in, `target.bodies` and `target.openers` out.

Batches keep memory bounded whatever the number of messages. What belongs elsewhere: what is done with one text
(`html`, `plain`) and which message opens a ticket (`thread.sql`).
"""

from collections.abc import Callable
from pathlib import Path
from textwrap import shorten

import duckdb
import polars as pl

from migration_assets.objects.conversation.shape.html import body_html, body_text, first_words
from migration_assets.objects.conversation.shape.markup import keeps_line_ends
from resources.warehouse import insert_frame, second_connection

BATCH = 2048
"""Messages in memory at once: bodies of a megabyte each (images in the cell) still fit."""
LEAD = 200
"""Letters of a message in which a private mark is looked for."""
IN_TITLE = 60
"""Letters of a message that stand in the title of a ticket without subject."""


def write_bodies(connection: duckdb.DuckDBPyConnection, _drop: Path) -> None:
    """Write `target.bodies`: per live message its HTML, how its text begins, folded, and its first words.

    The HTML is NULL where nothing is to be seen in the body. `lines`: line ends of HTML were taken for breaks.
    """
    connection.execute(
        "CREATE OR REPLACE TABLE target.bodies "
        "(message_id VARCHAR, html VARCHAR, lead VARCHAR, first VARCHAR, lines BOOLEAN)"
    )
    _map(connection, "SELECT message_id, body FROM target.live_messages", "target.bodies", _bodies)


def write_openers(connection: duckdb.DuckDBPyConnection, _drop: Path) -> None:
    """Write `target.openers`: the plain text of every message that becomes its ticket's description."""
    connection.execute("CREATE OR REPLACE TABLE target.openers (message_id VARCHAR, plain VARCHAR)")
    query = "FROM clean.messages m SEMI JOIN (FROM target.thread WHERE opener) t USING (message_id)"
    _map(connection, f"SELECT message_id, body {query}", "target.openers", _openers)


def _bodies(batch: pl.DataFrame) -> pl.DataFrame:
    html = pl.Series("html", [body_html(text) for text in batch["body"]], dtype=pl.String)
    begins = pl.Series("first", [first_words(body) for body in html], dtype=pl.String)
    lead = pl.Series("lead", [text.casefold()[:LEAD] for text in begins], dtype=pl.String)
    first = pl.Series("first", [shorten(text, IN_TITLE, placeholder="…") or None for text in begins], dtype=pl.String)
    lines = pl.Series("lines", [keeps_line_ends(text) for text in batch["body"]], dtype=pl.Boolean)
    return pl.DataFrame([batch["message_id"], html, lead, first, lines])


def _openers(batch: pl.DataFrame) -> pl.DataFrame:
    plain = pl.Series("plain", [body_text(text) for text in batch["body"]], dtype=pl.String)
    return pl.DataFrame([batch["message_id"], plain])


def _map(
    connection: duckdb.DuckDBPyConnection, query: str, table: str, function: Callable[[pl.DataFrame], pl.DataFrame]
) -> None:
    """Read on a cursor of its own, because an unfinished result would forbid the inserts on the same connection."""
    with second_connection(connection) as reading:
        for arrow in reading.sql(query).to_arrow_reader(BATCH):
            batch = pl.DataFrame(arrow)
            if batch.height:
                insert_frame(connection, table, function(batch))
