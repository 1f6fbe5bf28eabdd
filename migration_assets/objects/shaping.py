"""How the source's rows become an object's target table: what a room tells the shaping stage.

SQL stands in files beside the room, because it is read and changed as SQL. In a step `{payload}` stands for the payload
that the object's fields give. What belongs elsewhere: running the steps and answering the checks (`shaping`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import polars as pl

from resources.warehouse import transaction
from schemas.mapping import Mapping as SourceMapping

Step = str | Callable[[duckdb.DuckDBPyConnection, Path], None]
"""A step: the name of an SQL file, or a function of the warehouse and the drop's folder."""

SELECTED_BY = ("clean/customers", "clean/companies", "clean/tickets", "clean/messages")
"""The assets whose rows the skip rules may look at, so that whatever reads the rows that are left comes after them."""


@dataclass(frozen=True, slots=True)
class CountingCheck:
    """A sentence about a target table that is true while every query counts nothing.

    Attributes:
        name: the check's name.
        description: the sentence.
        queries: what is counted, each under the name by which it is shown.
        reads: the other target tables that the queries read.
    """

    name: str
    description: str
    queries: Mapping[str, str]
    reads: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shaping:
    """How an object's target table is made.

    Attributes:
        folder: where the SQL files stand.
        after: the assets whose tables the steps read, as "clean/tags".
        steps: what is done, in order.
        numbers: SQL of the numbers that the asset shows. `rows_in` counts the rows of the declaration's sources, and
            `rows_merged`, `rows_skipped` and `placeholders` are 0, unless they stand here.
        kinds: what the asset is made with.
        lineage: for each object of the source that is told of here the SQL file of a SELECT with one row per clean
            row: object, row, key, target_object, target_key, disposition, reason.
        mapping_tables: the tables `map.*` that it brings along, by their names; everything else may read them.
        duplicates: SQL that counts further values that must be there once, as the key must.
        checks: what else must be true of the table.
    """

    folder: Path
    after: tuple[str, ...]
    steps: tuple[Step, ...] = ("shape",)
    numbers: Mapping[str, str] = field(default_factory=dict)
    kinds: frozenset[str] = frozenset({"duckdb"})
    lineage: Mapping[str, str] = field(default_factory=dict)
    mapping_tables: Callable[[SourceMapping], dict[str, pl.DataFrame]] | None = None
    duplicates: Mapping[str, str] = field(default_factory=dict)
    checks: tuple[CountingCheck, ...] = ()


def run_sql(connection: duckdb.DuckDBPyConnection, file: Path, payload: str = "") -> None:
    """Run the statements of a file; they take everything from tables, so there is nothing to bind."""
    with transaction(connection):
        connection.execute(file.read_text(encoding="utf-8").replace("{payload}", payload))
