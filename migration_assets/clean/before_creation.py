"""Records that were changed before they were created: a doubt, since one of the two times is wrong.

The time of the last change tells which of two versions is the newer, so a wrong one may keep the older.
"""

from datetime import timedelta

import duckdb

from migration_assets.accounting import doubts
from migration_assets.clean.sql import key_text, quoted
from schemas.doubt_codes import DoubtCode
from schemas.source import OBJECTS

_ONE_IS_A_DATE = timedelta(days=1)
"""A column without the time of day is behind one that has it by up to this much."""


def doubt_before_creation(connection: duckdb.DuckDBPyConnection, object_name: str) -> None:
    """Record an object's clean rows whose last change lies before their creation."""
    item = OBJECTS[object_name]
    if not {"created_at", "updated_at"} <= item.by_name.keys():
        return
    query = f"""
        SELECT 'updated_at' AS "column", {key_text(item.key)} AS key, _file AS file, _line AS line,
            'created ' || created_at || ', changed ' || updated_at AS found
        FROM clean.{quoted(object_name)} WHERE updated_at < created_at - ?
    """
    step = f"clean/{object_name}"
    doubts.record(connection, step, object_name, DoubtCode.CHANGED_BEFORE_CREATED, query, [_ONE_IS_A_DATE])
