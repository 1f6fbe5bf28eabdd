"""Which words of two names are the same but for their spelling: the pairs that names.sql found."""

from pathlib import Path

import duckdb
import polars as pl
from rapidfuzz import process
from rapidfuzz.distance import OSA, Hamming

from migration_assets.objects.short_forms import SAME_NAMES
from migration_assets.objects.two_names import TWO_NAMES
from resources.warehouse import fetch_frame, insert_frame, scratch

BATCH = 100_000
"""How many pairs are compared at a time."""
NAME_WORDS = Path(__file__).with_name("name_words.sql")
"""The macro that takes a name apart."""
_TAKE_APART = """
SELECT name_words(one), name_words(other), titles_differ(name_titles(one), name_titles(other)),
    marks_differ(name_words(one), name_words(other))
FROM (SELECT ?::VARCHAR AS one, ?::VARCHAR AS other)
"""
_LETTERS = r"^\p{L}+$"
_VOWEL = r"[aeiouyаеиоуыэюяёіїєαεηιουω]$"


def alike(pairs: pl.DataFrame) -> pl.Series:
    """Tell of each pair of words, the shorter one first, whether they may be one.

    They are where one is an initial of the other, its usual short form or other spelling as short_forms.py lists them,
    or a slip of the hand. What else looks alike is two people's: Karsten and Kirsten, Paul and Paula, Nico and Nicole.
    """
    short, long = pl.col("short"), pl.col("long")
    letters = short.str.contains(_LETTERS) & long.str.contains(_LETTERS)
    initial = letters & (short.str.len_chars() == 1) & long.str.starts_with(short)
    return pairs.select(initial).to_series() | _listed(pairs, SAME_NAMES) | (_slip(pairs) & ~_listed(pairs, TWO_NAMES))


def _listed(pairs: pl.DataFrame, known: pl.DataFrame) -> pl.Series:
    """Whether each pair is in a list."""
    indexed = pairs.with_row_index()
    found = indexed.join(known, on=["short", "long"], how="semi")
    return indexed["index"].is_in(found["index"].implode())


def _slip(pairs: pl.DataFrame) -> pl.Series:
    """Whether two neighbouring letters inside are exchanged (Jonh, Micheal), and nothing else.

    An exchange of the last two is none where one is a vowel: Elias and Elisa, Marian and Marina are two people.
    """
    short, long = pl.col("short"), pl.col("long")
    size = short.str.len_chars()
    begin = (size >= 4) & (size == long.str.len_chars()) & (short.str.slice(0, 1) == long.str.slice(0, 1))
    end = short.str.slice(-1) == long.str.slice(-1)
    ending = end | ~(short.str.contains(_VOWEL) | long.str.contains(_VOWEL))
    letters = short.str.contains(_LETTERS) & long.str.contains(_LETTERS)
    return pairs.select(letters & begin & ending).to_series() & _exchanged(pairs)


def _exchanged(pairs: pl.DataFrame) -> pl.Series:
    """Whether one step of writing makes one word the other, though they differ in two places."""
    one, other = pairs["short"].to_list(), pairs["long"].to_list()
    steps = pl.Series(process.cpdist(one, other, scorer=OSA.distance))
    return (steps == 1) & (pl.Series(process.cpdist(one, other, scorer=Hamming.distance)) == 2)


def names_agree(one: str | None, other: str | None, *, of_people: bool = True) -> bool:
    """Whether two names may be one person's, or one company's; a name that is not there contradicts nothing."""
    with scratch() as connection:
        connection.execute(NAME_WORDS.read_text(encoding="utf-8"))
        ((ours, theirs, other_title, other_mark),) = connection.execute(_TAKE_APART, [one, other]).fetchall()
    if not ours or not theirs or other_title or (of_people and other_mark):
        return not (other_title or (of_people and other_mark))
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
