"""Brings what was read under our keys and compares it with what should be there, an object at a time, in SQL."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import duckdb

from migration_assets.objects.explaining import define_macros, explaining, nothing_known
from migration_assets.objects.registry import compared_objects
from migration_assets.objects.touches import CUSTOMER
from migration_assets.verified.fields.applied_writes import texts
from migration_assets.verified.fields.expected import define_expected
from migration_assets.writing.touch_rules import RefusalCode
from migration_assets.writing.workspace_answers import known_answers
from resources.warehouse import table_exists, transaction

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
CREATE TABLE IF NOT EXISTS verdict.answers_settled
    (object VARCHAR, source_key VARCHAR, field VARCHAR, write_id BIGINT);
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


def compare(
    connection: duckdb.DuckDBPyConnection, objects: Sequence[str], accepted: Collection[str] = frozenset()
) -> dict[str, int]:
    """Compare the chosen records of `objects` and return the counts over all their fields.

    `accepted` are the fields, as object.field, that a person accepts as Intercom shows them.
    """
    define_macros(connection)
    connection.execute(_TABLES)
    answers = known_answers(connection)
    _note_touched_since(connection)
    for name in objects:
        define_expected(connection, name)
        with transaction(connection):
            connection.execute(_comparison(name, answers, accepted))
    return counts(connection, objects)


def _note_touched_since(connection: duckdb.DuckDBPyConnection) -> None:
    """Note what was edited since, and into which records their customer has written, as far as was looked."""
    if not table_exists(connection, "observed.touches"):
        columns = "object VARCHAR, source_key VARCHAR"
        connection.execute(f"CREATE OR REPLACE TEMP TABLE answered_since ({columns})")
        connection.execute(f"CREATE OR REPLACE TEMP TABLE edited_since ({columns}, what VARCHAR)")
        return
    statement = (_HERE / "touched_since.sql").read_text(encoding="utf-8")
    words = {"answered": RefusalCode.ANSWERED.value, "edited": RefusalCode.EDITED.value, "customer": CUSTOMER}
    connection.execute(statement.format(**words))


def _comparison(name: str, answers: Mapping[str, str], accepted: Collection[str]) -> str:
    """Return the SQL that compares one object, in a workspace that was seen to do what `answers` say."""
    quoted = ", ".join("'" + one.replace("'", "''") + "'" for one in sorted(accepted))
    declaration, read_back = compared_objects()[name]
    places = [(field, *place) for field, place in read_back.written_apart.items()]
    written = (_HERE / "written.sql").read_text(encoding="utf-8")
    objects = dict.fromkeys((name, *(carrier for _, carrier, _ in places)))
    comparison = (_HERE / "compare.sql").read_text(encoding="utf-8")
    return written.format(objects=texts(objects)) + comparison.format(
        object=name,
        is_part=declaration.part_of is not None,
        operation=declaration.operation,
        apart=_written_apart(places),
        shown_together=_shown_together(read_back.edited_as),
        context=nothing_known(),
        explaining=explaining(answers),
        accepted=f"[{quoted}]::VARCHAR[]",
        moved_by_answers=texts(read_back.moved_by_answers),
    )


def _written_apart(places: Sequence[tuple[str, str, str]]) -> str:
    """Return the SELECT of the fields that a write of their own carries."""
    if not places:
        return "SELECT NULL::VARCHAR AS field, NULL::VARCHAR AS object, NULL::VARCHAR AS operation WHERE FALSE"
    return f"FROM (VALUES {', '.join(map(str, places))}) places(field, object, operation)"


def _shown_together(edited_as: Mapping[str, Sequence[str]]) -> str:
    """Return, as a map in SQL, with each field those that show the same value: what one shows wrong, all do."""
    fields = dict.fromkeys(name for names in edited_as.values() for name in names)
    together = {
        name: dict.fromkeys(other for names in edited_as.values() if name in names for other in names)
        for name in fields
    }
    return f"map({texts(together)}, [{', '.join(map(texts, together.values()))}]::VARCHAR[][])"


def counts(connection: duckdb.DuckDBPyConnection, objects: Sequence[str]) -> dict[str, int]:
    """Return the sums of `verdict.fields` over `objects`."""
    sums = ", ".join(f"coalesce(sum({name}), 0)::BIGINT" for name in COUNTS)
    query = f"SELECT {sums} FROM verdict.fields WHERE list_contains(?, object)"
    return dict(zip(COUNTS, connection.execute(query, [list(objects)]).fetchall()[0], strict=True))
