"""`since_the_migration.csv`: what people have done in migrated records since, which makes nothing of it wrong."""

from pathlib import Path

import duckdb

from migration_assets.ground.lists import write_list
from migration_assets.objects.touch_list import listed_touches, open_kinds
from resources.warehouse import table_exists

SINCE = "since_the_migration.csv"

_CHOSEN = """(
    FROM observed.touches t
    SEMI JOIN verified.chosen c ON c.object = t.object AND c.source_key = t.source_key
)"""


def write_since(connection: duckdb.DuckDBPyConnection, path: Path) -> int:
    """Write the file and return the number of its rows; with none, an earlier file is removed."""
    if not table_exists(connection, "observed.touches"):
        path.unlink(missing_ok=True)
        return 0
    open_kinds(connection)
    return write_list(connection, path, listed_touches(_CHOSEN))
