"""Local times that the clocks showed twice: which of the two is meant, where the order of the rest tells.

The batches take the earlier and note both instants in `clean.overlaps`. Here the order in which messages were written
(their ids, their order in the file, where the two do not contradict each other) and the times of their ticket decide;
what they leave open stays the earlier one. A ticket's own times are settled together with its messages.
"""

from pathlib import Path

import duckdb

from migration_assets.clean.clean_tables import record_findings
from migration_assets.clean.sql import quoted
from migration_assets.ground.id_order import ID_ORDER
from resources.warehouse import scalar

_FOLDER = Path(__file__).parent
_ORDERS = (_FOLDER / "overlap_orders.sql").read_text(encoding="utf-8")
_THREADS = (_FOLDER / "overlap_threads.sql").read_text(encoding="utf-8")
_TICKETS = (_FOLDER / "overlap_tickets.sql").read_text(encoding="utf-8")

_OWN_ROW = """
    UPDATE clean.overlaps o SET meant = 'later'
    FROM clean.{table} r
    WHERE o.object = ? AND r._row = o.row AND o."column" <> 'created_at'
        AND r.created_at > o.earlier AND r.created_at <= o.later
"""
"""What follows upon a record's creation is not before it."""

DST_OVERLAP = "local times that the clocks showed twice; the earlier was taken"
CODES = {
    "dst_overlap": DST_OVERLAP,
    "dst_overlap_settled": "local times that the clocks showed twice; the order of the thread tells which is meant",
}
"""The findings: what is left open, and what is not."""


def settle_overlaps(connection: duckdb.DuckDBPyConnection, object_name: str) -> None:
    """Settle the times of an object that were twice, and with the messages those of the tickets."""
    if object_name == "tickets":
        return
    objects = ["messages", "tickets"] if object_name == "messages" else [object_name]
    if not scalar(connection, "SELECT count(*) FROM clean.overlaps WHERE list_contains(?, object)", [objects]):
        return
    if object_name == "messages":
        for statements in (ID_ORDER + _ORDERS, _THREADS, _TICKETS):
            connection.execute(statements)
            _write_back(connection, objects)
    elif "created_at" in _columns(connection, object_name):
        connection.execute(_OWN_ROW.format(table=quoted(object_name)), [object_name])
    _write_back(connection, objects)
    for name in objects:
        _tell(connection, name)


def _columns(connection: duckdb.DuckDBPyConnection, object_name: str) -> list[str]:
    return [name for name, *_ in connection.execute(f"DESCRIBE clean.{quoted(object_name)}").fetchall()]


def _overlapping(connection: duckdb.DuckDBPyConnection, object_name: str) -> list[str]:
    """Return the columns of the clean table in which times were twice; custom fields are not among them."""
    rows = connection.execute('SELECT DISTINCT "column" FROM clean.overlaps WHERE object = ?', [object_name]).fetchall()
    return sorted({column for (column,) in rows} & set(_columns(connection, object_name)))


def _write_back(connection: duckdb.DuckDBPyConnection, objects: list[str]) -> None:
    for name in objects:
        for column in _overlapping(connection, name):
            connection.execute(
                f"""
                UPDATE clean.{quoted(name)} r
                SET {quoted(column)} = CASE o.meant WHEN 'later' THEN o.later ELSE o.earlier END
                FROM clean.overlaps o WHERE o.object = ? AND o."column" = ? AND o.row = r._row
                """,
                [name, column],
            )


def _tell(connection: duckdb.DuckDBPyConnection, object_name: str) -> None:
    """Say in `clean.findings` how many were settled and how many are open, in place of what the batches said."""
    for column in _overlapping(connection, object_name):
        connection.execute(
            'DELETE FROM clean.findings WHERE object = ? AND "column" = ? AND list_contains(?, code)',
            [object_name, column, list(CODES)],
        )
        rows = connection.execute(
            f"""
            SELECT CASE WHEN meant IS NULL THEN 'dst_overlap' ELSE 'dst_overlap_settled' END AS code, count(*)
            FROM clean.overlaps o JOIN clean.{quoted(object_name)} r ON r._row = o.row
            WHERE object = ? AND "column" = ? GROUP BY code ORDER BY code
            """,
            [object_name, column],
        ).fetchall()
        record_findings(connection, object_name, [(column, code, CODES[code], found) for code, found in rows])
