"""What a whole column says of itself before its cells are read: order of day and month, decimal mark, separator.

Evidence is taken per file and column, because the parts of an object may come from different machines. The mapping
is asked only where the column does not tell.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import duckdb
import polars as pl

from migration_assets.clean.list_cells import separators
from migration_assets.clean.sql import quoted
from migration_assets.clean.tidy import DIGITS, MARKS
from resources.warehouse import fetch_frame
from schemas.mapping import Mapping

_DATES = Path(__file__).with_name("date_evidence.sql").read_text(encoding="utf-8")
_MARKS = Path(__file__).with_name("number_evidence.sql").read_text(encoding="utf-8")

_OURS = {**DIGITS, **MARKS}
_ASCII = (
    "(CASE WHEN regexp_matches({column}, '[^\\x00-\\x7F]') "
    f"THEN translate({{column}}, '{''.join(_OURS)}', '{''.join(_OURS.values())}') ELSE {{column}} END)"
)
"""A cell with its digits in ours, as `tidy` has them."""

Evidence = dict[tuple[str, str], str | None]
"""(file, column) -> what the column's cells in that file show."""


@dataclass(frozen=True)
class Profile:
    """What the batches of one object have to know: the extract's clock and the columns' evidence."""

    zone: str
    exported_at: datetime | None
    orders: Evidence = field(default_factory=dict)
    marks: Evidence = field(default_factory=dict)
    separators: Evidence = field(default_factory=dict)
    findings: list[tuple[str, str, str, int]] = field(default_factory=list)
    """(column, code, message, rows)."""


def profile_object(
    connection: duckdb.DuckDBPyConnection, object_name: str, kinds: dict[str, str], mapping: Mapping
) -> Profile:
    """Look at all cells of the columns whose reading depends on the rest of the column.

    Raises:
        LookupError: no extract has been landed, so that the zone of times without one is not known.
    """
    zone, exported_at = _extract(connection)
    dates = [name for name, kind in kinds.items() if kind in ("timestamp", "date")]
    numbers = [name for name, kind in kinds.items() if kind in ("integer", "number")]
    orders, findings = _orders(connection, object_name, dates, mapping)
    marks, more = _marks(connection, object_name, numbers)
    lists = [name for name, kind in kinds.items() if kind == "list"]
    marked, even_more = separators(connection, object_name, lists, mapping)
    return Profile(zone, exported_at, orders, marks, marked, [*findings, *more, *even_more])


def per_row(files: pl.Series, column: str, evidence: Evidence) -> pl.Series:
    """Return the evidence for a column as a series beside the batch's `_file` column."""
    by_file = {file: found for (file, name), found in evidence.items() if name == column}
    return files.cast(pl.String).replace_strict(by_file, default=None, return_dtype=pl.String)


def _extract(connection: duckdb.DuckDBPyConnection) -> tuple[str, datetime | None]:
    rows = connection.execute("SELECT time_zone, exported_at FROM raw.extract").fetchall()
    if not rows or not rows[0][0]:
        raise LookupError("raw.extract has no time_zone: land itco/extract first (extract.yaml states the zone)")
    return rows[0][0], rows[0][1]


def _evidence(
    connection: duckdb.DuckDBPyConnection, query: str, object_name: str, columns: Iterable[str]
) -> Iterable[tuple[str, dict[str, object]]]:
    for column in columns:
        filled = query.replace("{column}", _ASCII.replace("{column}", quoted(column))).replace(
            "{table}", f"raw.{quoted(object_name)}"
        )
        for row in fetch_frame(connection, filled).iter_rows(named=True):
            yield column, row


def _orders(
    connection: duckdb.DuckDBPyConnection, object_name: str, columns: list[str], mapping: Mapping
) -> tuple[Evidence, list[tuple[str, str, str, int]]]:
    orders: Evidence = {}
    findings = []
    for column, row in _evidence(connection, _DATES, object_name, columns):
        stated = mapping.dates.get(f"{object_name}.{column}")
        order, code, why = _order(bool(row["day_first"]), bool(row["month_first"]), stated)
        orders[(str(row["file"]), column)] = order
        findings.append((column, code, f"{row['file']}: {why}", int(str(row["cells"]))))
    return orders, findings


def _order(day_first: bool, month_first: bool, stated: str | None) -> tuple[str | None, str, str]:
    """Return the order, the finding's code, and why, from what the cells prove and what the mapping states."""
    if day_first and month_first:
        return "mixed", "date_order_mixed", "some dates prove day first, others month first; only those are read"
    if not (day_first or month_first):
        if stated:
            return stated, "date_order_from_mapping", f"no date proves an order; {stated} is stated in the mapping"
        return None, "date_order_unknown", "no date proves whether the day or the month stands first"
    order = "dmy" if day_first else "mdy"
    if stated and stated != order:
        return order, "date_order_contradicts_mapping", f"dates prove {order}, the mapping states {stated}; proof wins"
    return order, "date_order_proven", f"dates prove {order}"


def _marks(
    connection: duckdb.DuckDBPyConnection, object_name: str, columns: list[str]
) -> tuple[Evidence, list[tuple[str, str, str, int]]]:
    marks: Evidence = {}
    findings = []
    for column, row in _evidence(connection, _MARKS, object_name, columns):
        point, comma = bool(row["point"]), bool(row["comma"])
        mark = "mixed" if point and comma else "." if point else "," if comma else None
        marks[(str(row["file"]), column)] = mark
        if mark == "mixed":
            message = f"{row['file']}: both decimal point and decimal comma occur; 1,234 alone is not read"
            findings.append((column, "decimal_mark_mixed", message, int(str(row["cells"]))))
    return marks, findings
