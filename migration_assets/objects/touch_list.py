"""The rows and columns in which every list names touches: a verification, a look after the cutover, a rollback."""

import duckdb
import polars as pl

from migration_assets.objects.touches import WORDS
from resources.warehouse import insert_frame

KINDS = "temp.touch_kinds"
"""The kinds of touches in words for people: (code, kind, place), in the order in which they are told."""
LISTED = """
SELECT t.object, t.source_key AS itco_id, any_value(t.intercom_id) AS intercom_id, k.kind,
    string_agg(DISTINCT t.what, ', ' ORDER BY t.what) AS what, string_agg(DISTINCT t."by", ', ' ORDER BY t."by") AS "by"
FROM {touches} t JOIN touch_kinds k USING (code)
GROUP BY t.object, t.source_key, k.kind, k.place
ORDER BY t.object, t.source_key, k.place
"""


def open_kinds(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the temporary table `touch_kinds`; gone with the connection."""
    rows = [(code.value, words, place) for place, (code, words) in enumerate(WORDS.items())]
    insert_frame(connection, KINDS, pl.DataFrame(rows, schema=["code", "kind", "place"], orient="row"), create=True)


def listed_touches(touches: str) -> str:
    """Return the SELECT of a list: one row per record and kind of touch, with what was done and by whom.

    Args:
        touches: a relation with the columns of `observed.touches`, as SQL has it.
    """
    return LISTED.format(touches=touches)
