"""Brings what was read under our keys and compares it with what should be there, an object at a time, in SQL."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from migration_assets.verified.fields.applied_writes import texts
from migration_assets.verified.fields.expected import define_expected
from migration_assets.verified.fields.groups import compared_objects
from migration_assets.verified.fields.normalise import define_macros, explaining
from migration_assets.writing.workspace_answers import known_answers
from resources.warehouse import transaction

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
CREATE TABLE IF NOT EXISTS verified.cut_short (source_key VARCHAR, field VARCHAR);
CREATE TABLE IF NOT EXISTS observed.fields
    (object VARCHAR, source_key VARCHAR, intercom_id VARCHAR, field VARCHAR, value VARCHAR);
"""


def take_in(connection: duckdb.DuckDBPyConnection, objects: Sequence[str]) -> None:
    """Bring what was read into `observed.fields`, in place of what was known of the records of `verified.reread`."""
    known = compared_objects()
    statement = (_HERE / "observed.sql").read_text(encoding="utf-8")
    connection.execute(_TABLES)
    with transaction(connection):
        connection.execute(statement.format(by_id=texts(name for name in known if known[name][1].known_by_id)))
        for name in objects:
            place = known[name][1].place
            if place is not None:
                connection.execute(place.read_text(encoding="utf-8"))
            derived = known[name][1].derived
            if derived is not None:
                derived(connection)
    for table in ("temp.latest", "observed.shown", "observed.readings"):
        connection.execute(f"DROP TABLE {table}")


def compare(connection: duckdb.DuckDBPyConnection, objects: Sequence[str]) -> dict[str, int]:
    """Compare the chosen records of `objects` and return the counts over all their fields."""
    define_macros(connection)
    connection.execute(_TABLES)
    answers = known_answers(connection)
    for name in objects:
        define_expected(connection, name)
        with transaction(connection):
            connection.execute(_comparison(name, answers))
    return counts(connection, objects)


def _comparison(name: str, answers: Mapping[str, str]) -> str:
    """Return the SQL that compares one object, in a workspace that was seen to do what `answers` say."""
    known = compared_objects()
    context = {column: kind for _, item in known.values() for column, kind in item.context.items()}
    return (
        (_HERE / "compare.sql")
        .read_text(encoding="utf-8")
        .format(
            object=name,
            is_part=known[name][0].part_of is not None,
            context=", ".join(f"NULL::{kind} AS {column}" for column, kind in context.items()) or "NULL AS nothing",
            explaining=explaining(answers),
        )
    )


def counts(connection: duckdb.DuckDBPyConnection, objects: Sequence[str]) -> dict[str, int]:
    """Return the sums of `verdict.fields` over `objects`."""
    sums = ", ".join(f"coalesce(sum({name}), 0)::BIGINT" for name in COUNTS)
    query = f"SELECT {sums} FROM verdict.fields WHERE list_contains(?, object)"
    return dict(zip(COUNTS, connection.execute(query, [list(objects)]).fetchall()[0], strict=True))
