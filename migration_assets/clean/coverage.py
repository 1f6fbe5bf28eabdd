"""Does the mapping cover every value? What it does not cover is counted into `clean.unmapped`, which stops the run.

Only rows that are in `clean.<object>` count: what is held back cannot be loaded anyway. A value that a skip rule
of the mapping names for the same column is covered by that rule.
"""

from collections.abc import Iterable

import duckdb
import polars as pl

from migration_assets.clean.batch import ReadingPlan
from migration_assets.clean.clean_tables import record_findings, record_unmapped
from migration_assets.clean.custom import CustomColumns, folded, options_of
from migration_assets.clean.reading import Reader
from migration_assets.clean.sql import quoted
from migration_assets.clean.tidy import tidy
from resources.warehouse import fetch_frame
from schemas.column_types import EXCEL_ERROR
from schemas.mapping import Mapping
from schemas.mapping_parts import CustomField, fold

_DISTINCT = """
SELECT file, value, count(*) AS rows, min(row) AS row, arg_min(line, row) AS line FROM (
    SELECT raw._file AS file, raw._line AS line, raw._row AS row, raw.{column} AS value
    FROM {source}.{table} AS raw JOIN clean.{table} USING (_row)
)
WHERE value IS NOT NULL
GROUP BY ALL
"""

_CELLS = pl.Schema({"file": pl.String, "value": pl.String, "rows": pl.Int64, "row": pl.Int64, "line": pl.Int64})


def find_unmapped(connection: duckdb.DuckDBPyConnection, object_name: str, plan: ReadingPlan, mapping: Mapping) -> None:
    """Record every value and custom column of the object that the mapping does not cover."""
    for column, known in _choices(object_name, mapping).items():
        values = _distinct(connection, object_name, column, source="clean")
        _record(connection, object_name, column, values, known | _skipped(object_name, column, mapping))
    for column, item in plan.custom.fields.items():
        if item.type in ("select", "multi_select"):
            values = _options(_distinct(connection, object_name, column, source="raw"), column, item, plan.reader)
            _record(connection, object_name, column, values, set(options_of(item)))
    _record_columns(connection, object_name, plan.custom)


def _choices(object_name: str, mapping: Mapping) -> dict[str, set[str]]:
    """Return the columns whose every value must be in the mapping, with the folded values that it has."""
    columns: dict[str, dict[str, Iterable[str]]] = {
        "tickets": {"status": mapping.statuses, "priority": mapping.priorities},
        "messages": {"kind": mapping.message_kinds, "author_type": mapping.author_types},
    }
    return {name: {fold(value) for value in known} for name, known in columns.get(object_name, {}).items()}


def _skipped(object_name: str, column: str, mapping: Mapping) -> set[str]:
    rules = [rule for rule in mapping.skip if (rule.object, rule.column) == (object_name, column)]
    return {fold(value) for rule in rules for value in rule.any_of}


def _distinct(connection: duckdb.DuckDBPyConnection, object_name: str, column: str, *, source: str) -> pl.DataFrame:
    query = _DISTINCT.format(column=quoted(column), table=quoted(object_name), source=source)
    return fetch_frame(connection, query).cast(_CELLS)


def _options(cells: pl.DataFrame, column: str, item: CustomField, reader: Reader) -> pl.DataFrame:
    """Return the words of the cells with their rows and the first of them, read as `batch` reads them."""
    kind = "list" if item.type == "multi_select" else "choice"
    tidied = cells.with_columns(tidy("value", kind))
    nothing = pl.col("value").str.contains(EXCEL_ERROR) | reader.empty.hits(column, kind, pl.col("value"))
    tidied = tidied.filter(~nothing)
    if item.type == "multi_select":
        words = reader.read(column, kind, tidied["value"], tidied["file"]).values
        tidied = tidied.with_columns(words.alias("value")).explode("value")
    return tidied.filter(pl.col("value").is_not_null())


def _record(
    connection: duckdb.DuckDBPyConnection, object_name: str, column: str, values: pl.DataFrame, known: set[str]
) -> None:
    """Record the values that are not `known`; spellings that fold to the same are one value."""
    unknown = (
        values.with_columns(folded(pl.col("value")).alias("folded"))
        .filter(~pl.col("folded").is_in(sorted(known)))
        .sort("rows", "value", descending=[True, False])
        .group_by("folded", maintain_order=True)
        .agg(pl.col("value").first(), pl.col("rows").sum(), pl.col("file", "line").sort_by("row").first())
        .select(pl.lit(column).alias("column"), "value", "rows", "file", "line")
    )
    record_unmapped(connection, object_name, unknown)


def _record_columns(connection: duckdb.DuckDBPyConnection, object_name: str, custom: CustomColumns) -> None:
    """Record custom columns that nobody has decided about; empty ones are only worth a finding."""
    for column in custom.undecided:
        query = f"""
            SELECT $1 AS "column", NULL AS value, count(*) AS rows, arg_min(_file, _row) AS file,
                arg_min(_line, _row) AS line
            FROM raw.{quoted(object_name)} WHERE trim({quoted(column)}) <> ''
        """
        filled = fetch_frame(connection, query, [column])
        if filled["rows"].item():
            record_unmapped(connection, object_name, filled)
        else:
            message = "neither in custom_fields nor in ignored_fields of the mapping, but always empty"
            record_findings(connection, object_name, [(column, "custom_column_empty", message, 0)])
    findings: list[tuple[str | None, str, str, int]] = [
        (column, "custom_field_absent", "in custom_fields of the mapping, but the extract has no such column", 0)
        for column in custom.absent
    ]
    record_findings(connection, object_name, findings)
