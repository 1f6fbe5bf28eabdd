"""What became of every source row: one fate per row, and from them the six numbers per source object."""

from dataclasses import astuple
from pathlib import Path

import duckdb
import polars as pl

from migration_assets.accounting.certificate import SourceCounts
from migration_assets.accounting.inputs import open_inputs, open_unions, tables
from migration_assets.objects.registry import rooms
from migration_assets.objects.tables import open_objects
from resources.warehouse import fetch_frame, insert_frame
from schemas.source import OBJECTS

WORDS = Path(__file__).with_name("words.sql").read_text(encoding="utf-8")
COUNT = Path(__file__).with_name("outcomes.sql").read_text(encoding="utf-8")


def count_outcomes(connection: duckdb.DuckDBPyConnection, *, limited: bool) -> dict[str, SourceCounts]:
    """Write `verdict.source_rows` and `verdict.source`, and return the latter by object.

    `plan.journal` must be as it is after the load. A row that no step speaks for, or two, has the fate
    'unaccounted', which is in none of the six numbers: they then do not add up to `rows`.

    Args:
        connection: the warehouse.
        limited: the run had a limit; what was not planned lies beyond it.
    """
    open_inputs(connection, tables())
    open_unions(connection)
    objects = pl.DataFrame({"object": list(OBJECTS), "position": range(len(OBJECTS))})
    connection.execute("CREATE OR REPLACE TEMP TABLE in_objects (object VARCHAR, position BIGINT)")
    insert_frame(connection, "in_objects", objects)
    connection.execute("CREATE OR REPLACE TEMP TABLE in_run (limited BOOLEAN)")
    connection.execute("INSERT INTO in_run VALUES (?)", [limited])
    open_words(connection)
    connection.execute(COUNT)
    rows = fetch_frame(connection, "SELECT * FROM verdict.source").to_dicts()
    return {row.pop("object"): SourceCounts(**row) for row in rows}


def open_words(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the temporary tables `hold_words` and `loss_words`, what the codes of the plan mean to a person, by object.

    The registry, which they are made from, is in `intercom_objects` then.
    """
    open_objects(connection)
    connection.execute("CREATE OR REPLACE TEMP TABLE wait_reasons (code VARCHAR, words VARCHAR, row_code VARCHAR)")
    reasons = [(code, *astuple(reason)) for room in rooms().values() for code, reason in room.plan.reasons.items()]
    connection.executemany("INSERT INTO wait_reasons VALUES (?, ?, ?)", reasons)
    connection.execute(WORDS)
