"""Which words of two names are the same but for their spelling: the pairs that names.sql found."""

from pathlib import Path

import duckdb
import polars as pl
from rapidfuzz import process
from rapidfuzz.distance import OSA, Hamming

from migration_assets.objects.short_forms import SHORT_FORMS
from resources.warehouse import fetch_frame, insert_frame, scratch

LONG = 7
"""From how many letters on another letter inside is a slip: of Petersen and Peterson, not of Anja and Anna."""
BATCH = 100_000
"""How many pairs are compared at a time."""
NAME_WORDS = Path(__file__).with_name("name_words.sql")
"""The macro that takes a name apart."""
_TAKE_APART = """
SELECT name_words(one), name_words(other), titles_differ(name_titles(one), name_titles(other))
FROM (SELECT ?::VARCHAR AS one, ?::VARCHAR AS other)
"""
_LETTERS = r"^\p{L}+$"
_VOWEL = r"[aeiouyаеиоуыэюяёіїєαεηιουω]$"
_DOUBLED = {letter * 2: letter for letter in "bcdfgklmnprstvzбвгджзклмнпрстфхцчшщ"}
_ONE_SOUND = (
    (r"^chr", "kr"), (r"th", "t"), (r"ohn", "on"), (r"(..[^aeiou]a)h$", "$1"), (r"ck", "k"), (r"c([^h]|$)", "k$1"),
    (r"^y", "j"), (r"(.)[yj]", "${1}i"), (r"(.)z", "${1}s"), (r"w", "v"), (r"x", "ks"),
)  # fmt: skip
"""Spellings of one sound: Katharina, Catarina; Sarah, Sara; Sonja, Sonya; Elisabeth, Elizabeth."""


def alike(pairs: pl.DataFrame) -> pl.Series:
    """Tell of each pair of words, the shorter one first, whether they may be one.

    They are where one is an initial of the other, its usual short form, another spelling of its sounds, or an obvious
    slip. That one word has a letter more is no slip: Paul and Paula, Luca and Lucas, Maria and Marina are two names.
    """
    short, long = pl.col("short"), pl.col("long")
    letters = short.str.contains(_LETTERS) & long.str.contains(_LETTERS)
    initial = (short.str.len_chars() == 1) & long.str.starts_with(short)
    silent = short.str.ends_with("nn") & (long == short + "e")
    same = _sounds(short) == _sounds(long)
    found = pairs.select(letters & (initial | silent | same)).to_series()
    return found | _short_form(pairs) | (_slip(pairs) & pairs.select(letters).to_series())


def _sounds(word: pl.Expr) -> pl.Expr:
    """Write a word by its sounds. A doubled vowel stays: René and Renée are two people."""
    word = word.str.replace_many(_DOUBLED)
    for spelling, sound in _ONE_SOUND:
        word = word.str.replace_all(spelling, sound)
    return word


def _short_form(pairs: pl.DataFrame) -> pl.Series:
    """Whether one word is the usual short form of the other one."""
    indexed = pairs.with_row_index()
    found = indexed.join(SHORT_FORMS, on="short").filter(pl.col("long").str.starts_with(pl.col("beginning")))
    return indexed["index"].is_in(found["index"].unique().implode())


def _slip(pairs: pl.DataFrame) -> pl.Series:
    """Whether two neighbouring letters are exchanged (Jonh, Micheal), or one inside a long word is another one.

    An exchange of the last two is none where one is a vowel: Elias and Elisa, Marian and Marina are two people.
    """
    sounds = pairs.select(_sounds(pl.col("short")).alias("short"), _sounds(pl.col("long")).alias("long"))
    exchanged, other = _differ(pairs, 2), _differ(sounds, 1)
    short, long = pl.col("short"), pl.col("long")
    size = short.str.len_chars()
    begin = (size == long.str.len_chars()) & (short.str.slice(0, 1) == long.str.slice(0, 1))
    end = short.str.slice(-1) == long.str.slice(-1)
    ending = end | ~(short.str.contains(_VOWEL) | long.str.contains(_VOWEL))
    swapped = pairs.select(begin & ending & (size >= 4)).to_series()
    inside = sounds.select(begin & end & (size >= LONG)).to_series()
    return (exchanged & swapped) | (other & inside)


def _differ(pairs: pl.DataFrame, places: int) -> pl.Series:
    """Whether one step of writing makes one word the other, and they differ in so many places: two are an exchange."""
    one, other = pairs["short"].to_list(), pairs["long"].to_list()
    steps = pl.Series(process.cpdist(one, other, scorer=OSA.distance))
    return (steps == 1) & (pl.Series(process.cpdist(one, other, scorer=Hamming.distance)) == places)


def names_agree(one: str | None, other: str | None) -> bool:
    """Whether two names may be one person's; a name that is not there contradicts nothing."""
    with scratch() as connection:
        connection.execute(NAME_WORDS.read_text(encoding="utf-8"))
        ((ours, theirs, other_title),) = connection.execute(_TAKE_APART, [one, other]).fetchall()
    if not ours or not theirs or other_title:
        return not other_title
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
