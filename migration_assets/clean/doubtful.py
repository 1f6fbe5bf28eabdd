"""What cleaning doubts of single cells: words for nothing, and spreadsheets' errors where a name or a text belongs."""

import duckdb
import polars as pl

from migration_assets.accounting import doubts
from migration_assets.clean.nothing import NAMES, TEXTS, Doubtful
from resources.warehouse import insert_frame
from schemas.doubts import DoubtCode
from schemas.source_objects import SourceObject

FOUND_LENGTH = 200
"""How much of a cell is shown to a person."""

_COLUMNS = dict.fromkeys(("code", "column", "key", "file"), pl.String) | {"line": pl.Int64, "found": pl.String}


def words_told(
    tidied: pl.DataFrame, raw: pl.DataFrame, told: dict[Doubtful, pl.Series], item: SourceObject
) -> pl.DataFrame:
    """Return the words for nothing that a person must see, with their places; `told` has the rows of each column."""
    place = tidied.select(
        pl.concat_str(item.key, separator="|", ignore_nulls=True).alias("key"),
        pl.col("_file").alias("file"),
        pl.col("_line").alias("line"),
    )
    lines = [
        place.with_columns(
            pl.lit(code.value).alias("code"),
            pl.lit(column).alias("column"),
            raw[column].str.slice(0, FOUND_LENGTH).alias("found"),
        ).filter(hit)
        for (column, code), hit in told.items()
    ]
    return pl.concat([pl.DataFrame(schema=_COLUMNS), *(_shaped(line) for line in lines)])


def texts_lost(faults: pl.DataFrame, kinds: dict[str, str]) -> pl.DataFrame:
    """Return the names and texts in whose place a spreadsheet has put an error, of rows that go on without them."""
    texts = [name for name, kind in kinds.items() if kind == "html" or name in NAMES | TEXTS]
    lost = faults.filter(
        (pl.col("rule") == "excel_error") & (pl.col("severity") == "value") & pl.col("column").is_in(texts)
    )
    return _shaped(lost.with_columns(pl.lit(DoubtCode.WORD_TAKEN_AWAY.value).alias("code")))


def _shaped(lines: pl.DataFrame) -> pl.DataFrame:
    return lines.select(pl.col(name).cast(dtype) for name, dtype in _COLUMNS.items())


def record_words(connection: duckdb.DuckDBPyConnection, object_name: str, lines: pl.DataFrame) -> None:
    """Append the lines of a batch to the doubts."""
    if lines.is_empty():
        return
    whole = lines.with_columns(
        pl.lit(f"clean/{object_name}").alias("step"),
        pl.lit(object_name).alias("object"),
        pl.lit(1, pl.Int64).alias("rows"),
    )
    insert_frame(connection, doubts.TABLE, whole.select(list(doubts.COLUMNS)))
