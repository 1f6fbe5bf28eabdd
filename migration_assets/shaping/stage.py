"""What every shaping step begins with and how it runs its SQL. No shaping itself.

`opened` gives a connection on which the mapping's tables, the macros and the selection of rows are ready.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from migration_assets.ground import quarantine
from migration_assets.shaping.mapping_tables import write_mapping_tables
from migration_assets.shaping.selection import select_rows
from resources.warehouse import Warehouse, scalar, transaction
from schemas.mapping import Mapping

FINDINGS = "CREATE TABLE IF NOT EXISTS target.findings (object VARCHAR, key VARCHAR, code VARCHAR, message VARCHAR)"


def prepare(connection: duckdb.DuckDBPyConnection, mapping: Mapping) -> None:
    """Write `map.*`, define the macros, apply the skip rules; cheap enough to do before every step.

    Raises:
        schemas.mapping.MappingError: a skip rule names a column that its object does not have.
    """
    quarantine.prepare(connection)
    with transaction(connection):
        write_mapping_tables(connection, mapping)
    run_sql(connection, "macros")
    connection.execute(FINDINGS)
    select_rows(connection, mapping)


@contextmanager
def opened(warehouse: Warehouse, mapping: Mapping) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the warehouse, prepared for a shaping step."""
    with warehouse.connect() as connection:
        prepare(connection, mapping)
        yield connection


def run_sql(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Run the statements of `<name>.sql`; they take everything from tables, so there is nothing to bind."""
    with transaction(connection):
        connection.execute(Path(__file__).with_name(f"{name}.sql").read_text(encoding="utf-8"))


def forget_findings(connection: duckdb.DuckDBPyConnection, *objects: str) -> None:
    """Delete the findings of an earlier run of the same step."""
    connection.execute("DELETE FROM target.findings WHERE list_contains(?, object)", [list(objects)])


def counts(connection: duckdb.DuckDBPyConnection, table: str, *, rows_in: int, **more: int) -> dict[str, int]:
    """Return the numbers that every shaping asset shows, always under the same keys."""
    rows = scalar(connection, f"SELECT count(*) FROM {table}")
    shown = {"rows_in": rows_in, "rows_merged": 0, "rows_skipped": 0, "placeholders": 0} | more
    return {"dagster/row_count": rows, "rows_out": rows} | shown
