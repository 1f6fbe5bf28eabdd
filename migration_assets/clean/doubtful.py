"""What cleaning doubts of single cells: words for nothing, and spreadsheets' errors where a name or a text belongs."""

from collections.abc import Iterable

import duckdb
import polars as pl

from migration_assets.accounting import doubts
from migration_assets.clean.nothing import NAMES, TEXTS, Doubtful, EmptyWords, folded_word
from migration_assets.clean.sql import custom_text, key_text, quoted
from resources.warehouse import fetch_frame, insert_frame, scalar
from schemas.doubt_codes import DoubtCode
from schemas.source_objects import SourceObject

FOUND_LENGTH = 200
"""How much of a cell is shown to a person."""

LEAST_ROWS = 3
"""Rows with a value, at least, before all of them say something of a field."""

MOST_WORDS = 20
"""More different values than there are ways to write nothing."""

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


def doubt_empty_fields(
    connection: duckdb.DuckDBPyConnection, item: SourceObject, fields: Iterable[str], words: EmptyWords
) -> None:
    """Record the text fields of the customer's own that hold nothing but words for nothing, in every row.

    Some rows with `N/A` or `-` are answers that people gave; where all have one, nobody filled the field.
    """
    table = f"clean.{quoted(item.name)}"
    for name in fields:
        text = custom_text(name)
        rows, kinds = (scalar(connection, f"SELECT count({what}{text}) FROM {table}") for what in ("", "DISTINCT "))
        if rows < LEAST_ROWS or kinds > MOST_WORDS:
            continue
        found = fetch_frame(connection, f"SELECT DISTINCT {text} AS word FROM {table} WHERE {text} IS NOT NULL", [])
        usual = sorted(words.words - words.meant.get(name, frozenset()))
        if found.select(folded_word(pl.col("word")).is_in(usual).all()).item():
            query = (
                f'SELECT ? AS "column", {key_text(item.key)} AS key, _file AS file, _line AS line, '
                f"{text} AS found FROM {table} WHERE {text} IS NOT NULL"
            )
            doubts.record(connection, f"clean/{item.name}", item.name, DoubtCode.WORD_KEPT, query, [name])
