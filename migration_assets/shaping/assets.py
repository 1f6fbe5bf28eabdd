"""The assets of the shaping stage: one per target table of the registry, and the lineage of the source's rows."""

from collections.abc import Callable, Iterable
from graphlib import TopologicalSorter
from pathlib import Path

import dagster as dg
import duckdb

from migration_assets.accounting.reconciliation.page import reconcile
from migration_assets.ground.made import note_made
from migration_assets.objects import registry
from migration_assets.objects.room import Room
from migration_assets.shaping.contracts import contract_columns
from migration_assets.shaping.lineage import shape_lineage
from migration_assets.shaping.shape import opened, shape
from resources.run import ExtractFolder, MigrationOptions
from resources.warehouse import Warehouse
from schemas.source import OBJECTS

Shape = Callable[[duckdb.DuckDBPyConnection, Path, Path], dict[str, int | dg.MetadataValue]]
"""Shapes a table on an opened warehouse, given the drop's folder and the state's; returns what the asset shows."""


def assets() -> list[dg.AssetsDefinition]:
    """Return every asset of the stage, in the order of the graph."""
    return [*(_target(table) for table in in_order()), _lineage()]


def in_order() -> list[str]:
    """Return the target tables, each behind those that it is made from."""
    arrows = {table: set(_read_by(shaping.after)) for table, (_, shaping) in registry.target_tables().items()}
    return list(TopologicalSorter(arrows).static_order())


def _read_by(after: Iterable[str]) -> list[str]:
    """Return which of the assets that something comes after are target tables."""
    return [path.removeprefix("target/") for path in after if path.startswith("target/")]


def _target(table: str) -> dg.AssetsDefinition:
    declaration, shaping = registry.target_tables()[table]
    columns = [
        dg.TableColumn(name, type_, meaning, dg.TableColumnConstraints(nullable=nullable))
        for name, type_, meaning, nullable in contract_columns(table)
    ]
    return _asset(
        table,
        lambda connection, drop, _state: dict(shape(connection, table, drop)),
        declaration.meaning,
        shaping.after,
        set(shaping.kinds),
        {"dagster/column_schema": dg.TableSchema(columns)},
    )


def _lineage() -> dg.AssetsDefinition:
    def shape_and_tell(
        connection: duckdb.DuckDBPyConnection, _drop: Path, state: Path
    ) -> dict[str, int | dg.MetadataValue]:
        # It says of every row what it became, so that only then the phase can be told.
        return {**shape_lineage(connection), **reconcile(connection, "shaping", state)}

    last = [*_last(registry.ROOMS), *_last(registry.LOOKED_UP)]
    return _asset(
        "lineage",
        shape_and_tell,
        "One row per row of every clean table: what it became, or why it became nothing.",
        (*(f"target/{table}" for table in last), *(f"clean/{name}" for name in OBJECTS)),
        {"duckdb"},
        {},
    )


def _last(rooms: Iterable[Room]) -> list[str]:
    """Return the target tables of some rooms that none of these is made from: the others come before them anyway."""
    tables = registry.target_tables(rooms)
    read = {table for _, shaping in tables.values() for table in _read_by(shaping.after)}
    return [table for table in tables if table not in read]


def _asset(
    table: str,
    shape_table: Shape,
    description: str,
    after: tuple[str, ...],
    kinds: set[str],
    metadata: dict[str, dg.TableSchema],
) -> dg.AssetsDefinition:
    """Return the asset of one target table; `after` are the assets whose tables it reads."""

    @dg.asset(
        key=["target", table],
        kinds=kinds,
        description=description,
        deps=[dg.AssetKey(path.split("/")) for path in after],
        tags={"migration/object": table},
        metadata={"dagster/table_name": f"target.{table}"} | metadata,
    )
    def shaped(
        context: dg.AssetExecutionContext, warehouse: Warehouse, drop: ExtractFolder, options: MigrationOptions
    ) -> dg.MaterializeResult:
        with opened(warehouse, options.applied_to(drop.load_mapping())) as connection:
            told = shape_table(connection, drop.path, drop.state)
            note_made(connection, f"target/{table}", context.run.run_id, drop.made_with(options.route))
        context.log.info("shaped %s rows of %s", told["dagster/row_count"], table)
        return dg.MaterializeResult(metadata=told)

    return shaped
