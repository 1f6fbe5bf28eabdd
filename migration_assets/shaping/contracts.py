"""Validates a target table against its contract, in batches, and says which columns broke which rule how often.

The contract is made from the object's fields. A row that breaks it is a fault of the shaping or of the mapping, never
of the customer's data. Uniqueness over a whole table and references between tables are asked of the warehouse, in
`checks`. Values never leave the warehouse: only column names, rule names and counts are returned.
"""

from collections import Counter

import duckdb
import pandera.polars as pa
import polars as pl

from migration_assets.objects.registry import target_tables

BATCH = 50_000
"""Rows that are validated at once."""


def contract_of(table: str) -> pa.DataFrameSchema:
    """Return the contract of a target table.

    Raises:
        KeyError: no object has the table.
    """
    declaration, _ = target_tables()[table]
    return declaration.fields.contract(table)


def broken_rules(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, int]:
    """Return "column: rule" -> number of rows of `target.<table>` that break it; empty if all is well.

    Raises:
        KeyError: there is no contract for the table.
    """
    contract = contract_of(table)
    found: Counter[str] = Counter()
    columns = ", ".join(f'"{name}"' for name in _present(connection, table))
    for arrow in connection.sql(f"SELECT {columns} FROM target.{table}").to_arrow_reader(BATCH):
        found.update(_broken(contract, pl.DataFrame(arrow)))
    missing = [name for name in contract.columns if f'"{name}"' not in columns]
    return dict(found) | {f"{name}: column is missing": 1 for name in missing}


def _present(connection: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    rows = connection.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'target' AND table_name = ? "
        "ORDER BY ordinal_position",
        [table],
    ).fetchall()
    return [name for (name,) in rows]


def _broken(contract: pa.DataFrameSchema, frame: pl.DataFrame) -> dict[str, int]:
    """Validate one batch; always eager, because pandera looks at no values of lazy frames."""
    try:
        contract.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as error:
        cases = error.failure_cases.select(pl.format("{}: {}", "column", "check").alias("rule"))
        return dict(cases.group_by("rule").len().iter_rows())
    return {}


def contract_columns(table: str) -> list[tuple[str, str, str, bool]]:
    """Return (name, type, meaning, nullable) of every column of a target table, as its contract has them."""
    columns = contract_of(table).columns
    return [(name, str(column.dtype), column.description or "", column.nullable) for name, column in columns.items()]
