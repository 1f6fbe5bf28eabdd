"""Which words of two names are the same but for their spelling: the pairs that names.sql found."""

from pathlib import Path

import duckdb
import polars as pl
from rapidfuzz import fuzz, process

from resources.warehouse import fetch_frame, insert_frame, scratch

ALIKE = 85
"""How alike, of 100, two words must be to be spellings of one: Petersen and Peterson are, Maria and Mario are not."""
BATCH = 100_000
"""How many pairs are compared at a time."""
NAME_WORDS = Path(__file__).with_name("name_words.sql")
"""The macro that takes a name apart."""
_SOUNDS = {"c": "k", "y": "i", "j": "i"}
"""First letters that stand for one sound: Katharina and Catharina."""
_HERS = (
    "a", "ia", "na", "ina", "ita", "isa", "ela", "ella", "ova", "eva", "e", "ie", "ee", "ine", "le", "lle", "elle",
    "ne", "nne", "ette", "etta", "pa", "pe", "а", "на", "ва",
)  # fmt: skip
"""What makes a man's name a woman's: Stefan, Stefanie; Daniel, Danielle; Novák, Nováková."""
_HIS_AND_HERS = (
    ("er", "ra"), ("er", "ria"), ("o", "a"), ("o", "ina"), ("an", "a"), ("an", "ina"), ("ian", "ina"), ("ian", "ine"),
    ("us", "a"), ("us", "ia"), ("us", "ina"), ("il", "ila"), ("ek", "ka"), ("in", "ina"), ("y", "ine"), ("io", "ia"),
    ("ий", "ия"), ("ий", "ая"), ("й", "я"),
)  # fmt: skip
"""Endings of a man's name beside those of the woman's: Alexander, Alexandra; Fernando, Fernanda; Julian, Julia."""
_LETTERS = r"^\p{L}+$"


def alike(pairs: pl.DataFrame) -> pl.Series:
    """Tell of each pair of words, the shorter one first, whether they may be one.

    They are where one is an initial of the other, its short form, or another spelling. Of a couple, who often share an
    address, neither is: a name and its feminine form (Stefan, Stefanie) are two persons'.
    """
    short, long = pl.col("short"), pl.col("long")
    score = process.cpdist(pairs["short"].to_list(), pairs["long"].to_list(), scorer=fuzz.ratio)
    size = short.str.len_chars()
    begins = long.str.starts_with(short)
    short_form = begins & ((size == 1) | ((size >= 3) & (long.str.len_chars() >= size + 2)))
    first, other = (word.str.slice(0, 1).replace(_SOUNDS) for word in (short, long))
    spelling = (pl.lit(pl.Series(score)) >= ALIKE) & (first == other)
    letters = short.str.contains(_LETTERS) & long.str.contains(_LETTERS)
    return pairs.select(letters & (short_form | spelling) & ~_couple(short, long)).to_series()


def _couple(short: pl.Expr, long: pl.Expr) -> pl.Expr:
    """Whether one word is the other's feminine form. Ann and Anne, Rob and Robie are no couple."""
    more = long.str.slice(short.str.len_chars())
    small = short.str.ends_with("nn") & (more == "e") | (short.str.len_chars() < 4) & (more == "ie")
    joined = long.str.starts_with(short) & (short.str.len_chars() > 2) & more.is_in(_HERS) & ~small
    stem = pl.lit(value=False)
    for his, hers in _HIS_AND_HERS:
        for one, other in ((short, long), (long, short)):
            same = one.str.strip_suffix(his) == other.str.strip_suffix(hers)
            stem |= one.str.ends_with(his) & other.str.ends_with(hers) & same
    return joined | stem


def names_agree(one: str | None, other: str | None) -> bool:
    """Whether two names may be one person's; a name that is not there contradicts nothing."""
    with scratch() as connection:
        connection.execute(NAME_WORDS.read_text(encoding="utf-8"))
        ((ours, theirs),) = connection.execute("SELECT name_words(?), name_words(?)", [one, other]).fetchall()
    if not ours or not theirs:
        return True
    fewer, more = sorted((ours, theirs), key=len)
    pairs = pl.DataFrame(
        [sorted((word, found), key=len) for word in fewer for found in more], ["short", "long"], orient="row"
    )
    same = alike(pairs) | (pairs["short"] == pairs["long"])
    return all(same.slice(first, len(more)).any() for first in range(0, pairs.height, len(more)))


def make_macro(connection: duckdb.DuckDBPyConnection, _drop: Path) -> None:
    """Make the macro that takes a name apart."""
    connection.execute(NAME_WORDS.read_text(encoding="utf-8"))


def compare_words(connection: duckdb.DuckDBPyConnection, _drop: Path) -> None:
    """Write `target.words_alike`."""
    write_alike(connection, "target.word_pairs", "target.words_alike")


def compare_said(connection: duckdb.DuckDBPyConnection, _drop: Path) -> None:
    """Write `target.said_alike`."""
    write_alike(connection, "target.said_pairs", "target.said_alike")


def write_alike(connection: duckdb.DuckDBPyConnection, pairs_table: str, table: str) -> None:
    """Write a table (a, b) of those pairs (short, long) of another one that may be one word, in either order."""
    schema = {"short": pl.String, "long": pl.String}
    insert_frame(connection, table, pl.DataFrame(schema=schema), create=True)
    first, more = 0, True
    while more:
        query = f"SELECT short, long FROM {pairs_table} ORDER BY ALL LIMIT {BATCH} OFFSET {first}"
        pairs = fetch_frame(connection, query)
        insert_frame(connection, table, pairs.filter(alike(pairs)))
        first, more = first + BATCH, pairs.height == BATCH
    connection.execute(
        f"CREATE OR REPLACE TABLE {table} AS SELECT short AS a, long AS b FROM {table} "
        f"UNION ALL SELECT long, short FROM {table}"
    )
