"""What every shaping step begins with, and how an object's room is shaped.

`opened` gives a connection on which the mapping's tables, the macros and the selection of rows are ready.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from migration_assets.accounting import doubts
from migration_assets.ground import quarantine
from migration_assets.ground.id_order import ID_ORDER
from migration_assets.objects.registry import target_tables
from migration_assets.objects.shaping import run_sql
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
    run_sql(connection, Path(__file__).with_name("macros.sql"))
    connection.execute(ID_ORDER)
    connection.execute(FINDINGS)
    select_rows(connection, mapping)


@contextmanager
def opened(warehouse: Warehouse, mapping: Mapping) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the warehouse, prepared for a shaping step."""
    with warehouse.connect() as connection:
        prepare(connection, mapping)
        yield connection


def shape(connection: duckdb.DuckDBPyConnection, table: str, drop: Path) -> dict[str, int]:
    """Write a target table, by its room's steps, on a prepared warehouse; returns the numbers that its asset shows."""
    declaration, shaping = target_tables()[table]
    # The findings of an earlier run of the same step.
    connection.execute("DELETE FROM target.findings WHERE object = ?", [table])
    doubts.clear(connection, f"target/{table}")
    for step in shaping.steps:
        if isinstance(step, str):
            run_sql(connection, shaping.folder / f"{step}.sql", declaration.fields.payload_sql())
        else:
            step(connection, drop)
    given = sum(scalar(connection, f'SELECT count(*) FROM clean."{name}"') for name in declaration.sources)
    numbers = {name: scalar(connection, query) for name, query in shaping.numbers.items()}
    return counts(connection, f"target.{table}", **{"rows_in": given} | numbers)


def counts(connection: duckdb.DuckDBPyConnection, table: str, *, rows_in: int, **more: int) -> dict[str, int]:
    """Return the numbers that every shaping asset shows, always under the same keys."""
    rows = scalar(connection, f"SELECT count(*) FROM {table}")
    shown = {"rows_in": rows_in, "rows_merged": 0, "rows_skipped": 0, "placeholders": 0} | more
    return {"dagster/row_count": rows, "rows_out": rows} | shown
