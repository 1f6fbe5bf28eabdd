"""One object from `raw` to `clean`: profile, batches, duplicates, relations, coverage, in one transaction.

A run that dies leaves the tables of the run before; a second run replaces them.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

from migration_assets.accounting import doubts
from migration_assets.clean.after_export import doubt_after_export
from migration_assets.clean.batch import ReadingPlan, clean_batch
from migration_assets.clean.before_creation import doubt_before_creation
from migration_assets.clean.clean_tables import prepare, record_findings
from migration_assets.clean.coverage import find_unmapped
from migration_assets.clean.custom import CustomColumns, custom_columns
from migration_assets.clean.doubtful import doubt_empty_fields, record_words
from migration_assets.clean.duplicates import settle_duplicates
from migration_assets.clean.findings import record_comparisons
from migration_assets.clean.ids import doubt_keys, read_keys, read_references
from migration_assets.clean.known_keys import give_back_seconds
from migration_assets.clean.nothing import empty_words
from migration_assets.clean.overlaps import settle_overlaps
from migration_assets.clean.profile import profile_object
from migration_assets.clean.reading import Reader
from migration_assets.clean.relations import judge_relations
from migration_assets.clean.silent_tickets import doubt_silent_tickets
from migration_assets.clean.sql import PLACE, quoted, quoted_list
from migration_assets.clean.texts import doubt_texts
from migration_assets.clean.words import boolean_words
from migration_assets.ground import given_back, quarantine
from resources.warehouse import fetch_frame, insert_frame, scalar, transaction
from schemas.column_types import CUSTOM_KINDS
from schemas.mapping import Mapping
from schemas.source import OBJECTS

BATCH_ROWS = 50_000
"""Rows per batch at most: bounds the memory, changes no result."""

BATCH_BYTES = 64_000_000
"""Text per batch, about: a batch of long bodies has fewer rows."""

_STANDS = "AND _row NOT IN (SELECT row FROM raw.corrected WHERE object = ?)"

SECONDS = "times that differ from an earlier drop's by seconds only: the records are the same, the earlier times stay"


@dataclass(frozen=True)
class CleanCounts:
    """What became of an object's landed rows. `values_dropped` counts value faults, `unmapped_values` values."""

    rows_in: int
    rows_out: int
    rows_quarantined: int
    rows_superseded: int
    values_dropped: int
    unmapped_values: int

    def metadata(self) -> dict[str, int]:
        """Return the counts as Dagster's metadata wants them; the same keys on every run."""
        return {"dagster/row_count": self.rows_out, **asdict(self)}


def clean_object(
    connection: duckdb.DuckDBPyConnection,
    object_name: str,
    mapping: Mapping,
    *,
    batch_rows: int = BATCH_ROWS,
    state: Path | None = None,
) -> CleanCounts:
    """Validate and type `raw.<object>` into `clean.<object>`; faults, superseded and unmapped go to their tables.

    The object's `parents` must be clean before. What earlier drops said is remembered in `state`.

    Raises:
        LookupError: no extract has been landed.
        schemas.contracts.ContractBroken: `raw.<object>` lacks a canonical column.
    """
    with transaction(connection):
        prepare(connection, object_name)
        doubts.clear(connection, f"clean/{object_name}")
        plan = _plan(connection, object_name, mapping)
        record_findings(connection, object_name, plan.reader.profile.findings)
        give_way(connection, object_name)
        notes = _run_batches(connection, plan, batch_rows)
        read_keys(connection, object_name, mapping)
        settle_duplicates(connection, object_name)
        lost_seconds = give_back_seconds(connection, state, object_name) if state else {}
        doubt_keys(connection, object_name, mapping)
        read_references(connection, object_name, mapping)
        judge_relations(connection, object_name)
        doubt_silent_tickets(connection, object_name, mapping)
        find_unmapped(connection, object_name, plan, mapping)
        fields = [name for name, kind in plan.custom.kinds.items() if kind == "text"]
        doubt_texts(connection, plan.item, fields)
        doubt_empty_fields(connection, plan.item, fields, plan.reader.empty)
        record_comparisons(connection, object_name, notes)
        record_findings(
            connection, object_name, [(name, "seconds_lost", SECONDS, rows) for name, rows in lost_seconds.items()]
        )
        settle_overlaps(connection, object_name)
        doubt_after_export(connection, object_name)
        doubt_before_creation(connection, object_name)
        return count_rows(connection, object_name)


def give_way(connection: duckdb.DuckDBPyConnection, object_name: str) -> None:
    """Write down the landed rows in whose place a correction stands, or which a person leaves out; none is read."""
    given_back.prepare(connection)
    connection.execute(
        "INSERT INTO clean.superseded SELECT object, key, file, line, row, kept_row, reason FROM raw.corrected "
        "WHERE object = ? AND NOT held ORDER BY row",
        [object_name],
    )


def count_rows(connection: duckdb.DuckDBPyConnection, object_name: str) -> CleanCounts:
    """Count what became of the object's landed rows."""
    faults = "FROM quarantine.faults WHERE object = ? AND stage = 'clean'"
    queries = {
        "rows_in": f"SELECT count(*) FROM raw.{quoted(object_name)}",
        "rows_out": f"SELECT count(*) FROM clean.{quoted(object_name)}",
        "rows_quarantined": f"SELECT count(DISTINCT row) {faults} AND severity = 'row'",
        "rows_superseded": "SELECT count(*) FROM clean.superseded WHERE object = ?",
        "values_dropped": f"SELECT count(*) {faults} AND severity = 'value'",
        "unmapped_values": "SELECT count(*) FROM clean.unmapped WHERE object = ?",
    }
    return CleanCounts(
        **{name: scalar(connection, query, [object_name] if "?" in query else []) for name, query in queries.items()}
    )


def _plan(connection: duckdb.DuckDBPyConnection, object_name: str, mapping: Mapping) -> ReadingPlan:
    item = OBJECTS[object_name]
    landed = fetch_frame(connection, f"SELECT * FROM raw.{quoted(object_name)} LIMIT 0").columns
    custom = custom_columns(object_name, landed, mapping)
    kinds = {column.name: column.kind for column in item.columns} | custom.kinds
    booleans = boolean_words(mapping.booleans)
    reader = Reader(
        profile=profile_object(connection, object_name, kinds, mapping),
        region=mapping.default_region,
        words=booleans,
        comma_lists=_comma_lists(custom),
        stated_lists=_stated_lists(object_name, mapping),
        empty=empty_words(object_name, mapping, booleans),
    )
    repair = [name.split(".", 1) for name in mapping.repair_mojibake]
    return ReadingPlan(item, reader, custom, frozenset(column for owner, column in repair if owner == object_name))


def _stated_lists(object_name: str, mapping: Mapping) -> frozenset[str]:
    """The lists whose separator the mapping states."""
    named = [where.partition(".") for where in mapping.lists]
    return frozenset(column for owner, _, column in named if owner == object_name)


def _comma_lists(custom: CustomColumns) -> frozenset[str]:
    """The lists that may also be separated by commas; an option has none, a tag may have one."""
    return frozenset(name for name, field in custom.fields.items() if CUSTOM_KINDS[field.type] == "list")


def _run_batches(connection: duckdb.DuckDBPyConnection, plan: ReadingPlan, batch_rows: int) -> Counter[tuple[str, str]]:
    table = quoted(plan.item.name)
    columns = quoted_list([*PLACE, *plan.kinds])
    # Ranges of _row, not OFFSET: DuckDB skips the blocks outside a range.
    query = f"SELECT {columns} FROM raw.{table} WHERE _row > ? AND _row <= ? {_STANDS} ORDER BY _row"
    notes: Counter[tuple[str, str]] = Counter()
    for start, end in _ranges(connection, plan, batch_rows):
        batch = clean_batch(fetch_frame(connection, query, [start, end, plan.item.name]), plan)
        insert_frame(connection, f"clean.{table}", batch.rows)
        quarantine.record_faults(connection, batch.faults)
        if batch.overlaps.height:
            insert_frame(connection, "clean.overlaps", batch.overlaps)
        notes.update(batch.notes)
        record_words(connection, plan.item.name, batch.doubts)
    return notes


def _ranges(connection: duckdb.DuckDBPyConnection, plan: ReadingPlan, batch_rows: int) -> Iterator[tuple[int, int]]:
    """Yield ranges of `_row` (above the first, up to the second) that are small enough in rows and in text."""
    grain = min(batch_rows, 250)
    length = " + ".join(f"coalesce(strlen({quoted(name)}), 0)" for name in plan.kinds)
    query = f"""
        SELECT (_row - 1) // ? AS grain, sum({length})::BIGINT AS bytes FROM raw.{quoted(plan.item.name)}
        GROUP BY ALL ORDER BY ALL
    """
    start, end, held = 0, 0, 0
    for number, size in fetch_frame(connection, query, [grain]).iter_rows():
        reach = (number + 1) * grain
        if end > start and (held + size > BATCH_BYTES or reach - start > batch_rows):
            yield start, end
            start, held = number * grain, 0
        end, held = reach, held + size
    if end > start:
        yield start, end
