"""Times of an object's rows that are later than the export: a doubt, since one of the two is wrong.

Those that are later by more than a day are no times at all (`timestamps`).
"""

from datetime import timedelta

import duckdb

from migration_assets.accounting import doubts
from migration_assets.clean.sql import key_text, quoted
from resources.warehouse import scalar
from schemas.doubt_codes import DoubtCode
from schemas.source import OBJECTS

EXPORT_TAKES = timedelta(hours=1)
"""What is written while people export is in the files that they export last."""


def doubt_after_export(connection: duckdb.DuckDBPyConnection, object_name: str) -> None:
    """Record the times that an object's clean rows have after the export."""
    item = OBJECTS[object_name]
    for column in (column.name for column in item.columns if column.kind == "timestamp"):
        after = f"WHERE {quoted(column)} > (SELECT exported_at FROM raw.extract) + ?"
        if scalar(connection, f"SELECT count(*) FROM clean.{quoted(object_name)} {after}", [EXPORT_TAKES]):
            query = (
                f"SELECT '{column}' AS \"column\", {key_text(item.key)} AS key, _file AS file, _line AS line, "
                f"{quoted(column)}::VARCHAR AS found FROM clean.{quoted(object_name)} {after}"
            )
            step = f"clean/{object_name}"
            doubts.record(connection, step, object_name, DoubtCode.TIME_AFTER_EXPORT, query, [EXPORT_TAKES])
