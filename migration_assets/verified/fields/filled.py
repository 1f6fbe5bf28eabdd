"""Which fields of adopted records we filled: those alone must be as the target says, the others are their own."""

import duckdb
import polars as pl

from resources.journal import Journal
from resources.warehouse import insert_frame

SCHEMA = {"object": pl.String, "source_key": pl.String, "field": pl.String}
CUSTOM = "custom_attributes."


def note_filled(connection: duckdb.DuckDBPyConnection, journal: Journal) -> None:
    """Write `verified.filled(object, source_key, field)` from what the journal says of adopted records."""
    frame = pl.DataFrame(journal.filled(), schema=SCHEMA, orient="row")
    own = pl.when(pl.col("field").str.starts_with(CUSTOM))
    shown = own.then("attribute." + pl.col("field").str.strip_prefix(CUSTOM)).otherwise(pl.col("field"))
    insert_frame(connection, "verified.filled", frame.with_columns(shown.alias("field")).unique(), create=True)
