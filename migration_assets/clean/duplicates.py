"""Rows with the same key: one is kept, and every other is superseded or quarantined, never lost.

With `updated_at` the newer wins; of equally new ones the later row. Without it nothing tells which is newer: exact
copies are superseded, and rows that differ are quarantined but for the first. A copy without faults that comes after
one with faults is the corrected one and wins in both cases. Rows that are not the same record are doubted
(`reused_keys`).
"""

from pathlib import Path

import duckdb

from migration_assets.clean.held_back import hold_back_rows
from migration_assets.clean.reused_keys import doubt_reused_keys
from migration_assets.clean.sql import key_text, quoted, quoted_list
from resources.warehouse import scalar
from schemas.source import OBJECTS

_RANK = Path(__file__).with_name("duplicates.sql").read_text(encoding="utf-8")
_TWICE = """
CREATE OR REPLACE TEMP TABLE _twice AS
SELECT _row FROM {table} WHERE ({key}) IN (SELECT {key} FROM {table} GROUP BY ALL HAVING count(*) > 1)
"""
_CONFLICTS = """
SELECT _row, 'duplicate_key_conflict' AS rule, '{column}' AS "column", key AS found
FROM temp._duplicates
WHERE verdict = 'conflict'
"""


def settle_duplicates(connection: duckdb.DuckDBPyConnection, object_name: str) -> None:
    """Leave one row per key in `clean.<object>`; the others go to `clean.superseded` or into quarantine."""
    item = OBJECTS[object_name]
    table = f"clean.{quoted(object_name)}"
    connection.execute(_TWICE.format(table=table, key=key_text(item.key)))
    if not scalar(connection, "SELECT count(*) FROM temp._twice"):
        return
    content = quoted_list([*(column.name for column in item.columns), "custom"])
    updated = "updated_at" if item.versioned else "NULL::TIMESTAMP"
    ranked = _RANK.format(table=table, key=key_text(item.key), updated=updated, content=content)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE _duplicates AS {ranked}", [object_name])
    doubt_reused_keys(connection, object_name)
    connection.execute(
        """
        INSERT INTO clean.superseded
        SELECT ?, key, _file, _line, _row, kept_row, verdict FROM temp._duplicates
        WHERE verdict NOT IN ('kept', 'conflict')
        ORDER BY _row
        """,
        [object_name],
    )
    hold_back_rows(connection, object_name, _CONFLICTS.format(column=item.key[0]))
    superseded = "SELECT row FROM clean.superseded WHERE object = ?"
    connection.execute(f"DELETE FROM {table} WHERE _row IN ({superseded})", [object_name])
    # What was wrong with a row that a newer one replaces does not have to be corrected.
    connection.execute(
        f"""
        DELETE FROM quarantine.faults
        WHERE object = ? AND stage = 'clean' AND severity = 'value' AND row IN ({superseded})
        """,
        [object_name, object_name],
    )
