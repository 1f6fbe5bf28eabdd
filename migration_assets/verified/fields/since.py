"""`since_the_migration.csv`: what people have done in migrated records since, which makes nothing of it wrong."""

from pathlib import Path

import duckdb
import polars as pl

from migration_assets.ground.lists import write_list
from migration_assets.objects.touches import WORDS
from resources.warehouse import table_exists

SINCE = "since_the_migration.csv"

_QUERY = """
SELECT t.object, t.source_key, t.code, t.what, t."by", t.intercom_id, w.words AS what_it_means
FROM observed.touches t JOIN touch_words w USING (code)
SEMI JOIN verified.chosen c ON c.object = t.object AND c.source_key = t.source_key
ORDER BY ALL
"""


def write_since(connection: duckdb.DuckDBPyConnection, path: Path) -> int:
    """Write the file and return the number of its rows; with none, an earlier file is removed."""
    if not table_exists(connection, "observed.touches"):
        path.unlink(missing_ok=True)
        return 0
    words = pl.DataFrame({"code": [code.value for code in WORDS], "words": list(WORDS.values())})
    connection.register("touch_words", words.to_arrow())
    try:
        return write_list(connection, path, _QUERY)
    finally:
        connection.unregister("touch_words")
