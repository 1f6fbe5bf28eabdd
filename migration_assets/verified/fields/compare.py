"""Brings what was read under our keys and compares it with what should be there, an object at a time, in SQL."""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from migration_assets.verified.fields.normalise import define_macros, explaining
from resources.warehouse import transaction

GROUPS: dict[str, tuple[str, ...]] = {
    "attributes": ("attribute", "ticket_type", "ticket_attribute"),
    "contacts": ("contact", "contact_company"),
    "companies": ("company",),
    "tags": ("tag",),
    "conversations": ("conversation", "part", "attachment"),
}
"""The objects that are read with each other, by the name of their asset."""

COUNTS = ("compared", "equal", "explained", "different", "unverifiable")
"""What is counted of every field; compared is the sum of the next three."""

_HERE = Path(__file__).parent
_TABLES = """
CREATE TABLE IF NOT EXISTS verdict.fields (object VARCHAR, field VARCHAR, compared BIGINT, equal BIGINT,
    explained BIGINT, different BIGINT, unverifiable BIGINT);
CREATE TABLE IF NOT EXISTS verdict.differences (object VARCHAR, source_key VARCHAR, field VARCHAR, expected VARCHAR,
    found VARCHAR, intercom_id VARCHAR, reason VARCHAR);
CREATE TABLE IF NOT EXISTS verdict.explained (object VARCHAR, field VARCHAR, normalisation VARCHAR, fields BIGINT,
    example VARCHAR);
CREATE TABLE IF NOT EXISTS verified.part_order (source_key VARCHAR, expected BIGINT, found BIGINT, tied BOOLEAN);
CREATE TABLE IF NOT EXISTS verified.cut_off (source_key VARCHAR);
CREATE TABLE IF NOT EXISTS observed.fields
    (object VARCHAR, source_key VARCHAR, intercom_id VARCHAR, field VARCHAR, value VARCHAR);
"""


def note_standing(connection: duckdb.DuckDBPyConnection) -> None:
    """Write `verified.standing`: what should be in Intercom now, by the plan and the journal."""
    connection.execute((_HERE / "standing.sql").read_text(encoding="utf-8"))


def reread(connection: duckdb.DuckDBPyConnection, objects: Sequence[str], *, differing: bool) -> None:
    """Write `verified.reread`: the chosen records of `objects` whose fields the present reading is to replace.

    Args:
        connection: the warehouse.
        objects: the objects of one group.
        differing: only what differs, with everything that is read with it: a conversation with its parts and files.
    """
    only = """
        AND coalesce(k.home, k.source_key) IN (
            SELECT coalesce(s.home, s.source_key) FROM verdict.differences d
            JOIN verified.standing s ON s.object = d.object AND s.source_key = d.source_key
            WHERE list_contains($objects, d.object))
    """
    connection.execute(
        "CREATE OR REPLACE TABLE verified.reread AS SELECT k.object, k.source_key FROM verified.standing k "
        "SEMI JOIN verified.chosen c ON c.object = k.object AND c.source_key = k.source_key "
        f"WHERE list_contains($objects, k.object) {only if differing else ''}",
        {"objects": list(objects)},
    )


def take_in(connection: duckdb.DuckDBPyConnection, objects: Sequence[str]) -> None:
    """Bring what was read into `observed.fields`, in place of what was known of the records of `verified.reread`."""
    connection.execute(_TABLES)
    with transaction(connection):
        for name in ("observed", "observed_threads") if "conversation" in objects else ("observed",):
            connection.execute((_HERE / f"{name}.sql").read_text(encoding="utf-8"))
    for table in ("temp.latest", "observed.shown", "observed.readings"):
        connection.execute(f"DROP TABLE {table}")


def compare(connection: duckdb.DuckDBPyConnection, objects: Sequence[str]) -> dict[str, int]:
    """Compare the chosen records of `objects` and return the counts over all their fields."""
    define_macros(connection)
    connection.execute(_TABLES)
    connection.execute((_HERE / "expected.sql").read_text(encoding="utf-8"))
    statement = (_HERE / "compare.sql").read_text(encoding="utf-8")
    for name in objects:
        with transaction(connection):
            connection.execute(statement.format(object=name, explaining=explaining()))
    return counts(connection, objects)


def counts(connection: duckdb.DuckDBPyConnection, objects: Sequence[str]) -> dict[str, int]:
    """Return the sums of `verdict.fields` over `objects`."""
    sums = ", ".join(f"coalesce(sum({name}), 0)::BIGINT" for name in COUNTS)
    query = f"SELECT {sums} FROM verdict.fields WHERE list_contains(?, object)"
    return dict(zip(COUNTS, connection.execute(query, [list(objects)]).fetchall()[0], strict=True))
