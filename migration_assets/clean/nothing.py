"""Words for nothing: what programs write into an empty cell is taken out of it, or told where it may be meant.

In a key, a reference, an address, a date, a number or a choice such a word is no value. A name or a tag of that word
is taken away and told; a subject or a text keeps it and is told. The words are in `schemas.empty_words` and in
`empty_words` of the mapping; what the mapping names for a column (a status, an option, `meant_words`) is a value there.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import polars as pl

from schemas.column_types import CUSTOM_KINDS
from schemas.doubt_codes import DoubtCode
from schemas.empty_words import DASHES, MACHINE, QUOTES, WORDS, fold_word
from schemas.mapping import Mapping
from schemas.source_objects import CUSTOM_FIELD_PREFIX

LISTS = frozenset({"tags"})
NAMES = frozenset({"name", "author_name"}) | LISTS
"""Whom or what a person means by this word; what is taken away here is told. A key of its own is quarantined."""

TEXTS = frozenset({"subject", "title", "file_name", "body"})
"""What a person wrote: the word stays and is told."""

_SHORT = 400
"""A text with more characters than that, markup among them, is more than a word."""

Doubtful = tuple[str, DoubtCode]
"""A column, and what is doubtful about the words in it."""


@dataclass(frozen=True)
class EmptyWords:
    """The folded words that are no value; `meant` has, by column, those that are one there."""

    words: frozenset[str] = WORDS
    meant: dict[str, frozenset[str]] = field(default_factory=dict)

    def of(self, column: str, kind: str) -> list[str]:
        """Return the words that are no value in a column."""
        own_text = column.startswith(CUSTOM_FIELD_PREFIX) and kind == "text"
        usual = self.words - (WORDS - MACHINE) if own_text else self.words
        return sorted(usual - self.meant.get(column, frozenset()))

    def hits(self, column: str, kind: str, text: pl.Expr) -> pl.Expr:
        """Return the expression that is true where a tidied cell is such a word."""
        plain = text
        if kind == "html":
            short = pl.when(text.str.len_chars() <= _SHORT).then(text)
            plain = short.str.replace_all(r"<[^<>]*>|&nbsp;", "")
        return folded_word(plain).is_in(self.of(column, kind)).fill_null(value=False)


def empty_words(object_name: str, mapping: Mapping, booleans: dict[str, bool]) -> EmptyWords:
    """Return the words of an object's columns as the mapping has them; `booleans` are the words for true and false."""
    meant: dict[str, set[str]] = defaultdict(set)
    columns: dict[str, dict[str, Iterable[str]]] = {
        "tickets": {"status": mapping.statuses, "priority": mapping.priorities},
        "messages": {"kind": mapping.message_kinds, "author_type": mapping.author_types},
    }
    for column, named in columns.get(object_name, {}).items():
        meant[column].update(named)
    for item in mapping.custom_fields:
        meant[item.field].update(booleans if CUSTOM_KINDS[item.type] == "boolean" else item.options)
    for rule in mapping.skip:
        if rule.object == object_name:
            meant[rule.column].update(rule.any_of)
    for where, kept in mapping.meant_words.items():
        owner, _, column = where.partition(".")
        if owner == object_name:
            meant[column].update(kept)
    meant["active"].update(booleans)
    meant["required"].update(booleans)
    folded = {column: frozenset(fold_word(word) for word in named) for column, named in meant.items()}
    return EmptyWords(WORDS | {fold_word(word) for word in mapping.empty_words}, folded)


def folded_word(text: pl.Expr) -> pl.Expr:
    """Return texts as `schemas.empty_words.fold_word` folds them."""
    folded = text.str.to_lowercase().str.replace_all(r"\s+", "").str.strip_chars(QUOTES)
    return folded.str.replace(f"^[{DASHES.replace('-', '')}-]+$", "-")


def take_out(
    tidied: pl.DataFrame, kinds: dict[str, str], required: tuple[str, ...], words: EmptyWords
) -> tuple[pl.DataFrame, dict[tuple[str, str], int], dict[Doubtful, pl.Series]]:
    """Empty the cells that hold a word for nothing.

    Returns:
        The frame without them; how many are gone, by column and code of the note; which rows hold a word that a
        person must see.
    """
    hits = tidied.select(words.hits(name, kind, pl.col(name)).alias(name) for name, kind in kinds.items())
    found = [name for name, any_at_all in hits.select(pl.all().any()).row(0, named=True).items() if any_at_all]
    kept = {name for name in found if name in TEXTS or kinds[name] == "html"}
    doubtful: dict[Doubtful, pl.Series] = {(name, DoubtCode.WORD_KEPT): hits[name] for name in sorted(kept)}
    gone = [name for name in found if name not in kept]
    notes = {(name, "no_value"): int(hits[name].sum()) for name in gone}
    emptied = tidied.with_columns(pl.when(~hits[name]).then(pl.col(name)).alias(name) for name in gone)
    # A cell of a list with nothing but such a word has lost no tag; words among others are told by the reader.
    for name in sorted(set(gone) & (NAMES - LISTS) - set(required)):
        told = hits[name] & _unknown_author(emptied) if name == "author_name" else hits[name]
        if told.any():
            doubtful[(name, DoubtCode.WORD_TAKEN_AWAY)] = told
    return emptied, notes, doubtful


def _unknown_author(rows: pl.DataFrame) -> pl.Series:
    """Return which messages a contact is made from: their author has an address, but no id that names somebody."""
    return rows.select(pl.col("author_id").is_null() & pl.col("author_email").is_not_null()).to_series()


def without_words(lists: pl.Series, words: list[str]) -> tuple[pl.Series, pl.Series]:
    """Return lists without the elements that are words for nothing, and which rows had such an element."""
    rows = pl.DataFrame({"word": lists}).with_row_index("row")
    if lists.dtype != pl.List(pl.String) or rows.is_empty():
        return lists, pl.Series([False], dtype=pl.Boolean).new_from_index(0, len(lists))
    pieces = rows.explode("word").drop_nulls("word")
    pieces = pieces.with_columns(folded_word(pl.col("word")).is_in(words).alias("hit"))
    hit = pieces.filter("hit").select(pl.col("row").unique(), pl.lit(value=True).alias("hit"))
    if hit.is_empty():
        return lists, pl.Series([False], dtype=pl.Boolean).new_from_index(0, len(lists))
    kept = pieces.filter(~pl.col("hit")).group_by("row", maintain_order=True).agg("word")
    out = rows.select("row").join(kept, on="row", how="left", maintain_order="left")
    out = out.join(hit, on="row", how="left", maintain_order="left")
    return out["word"], out["hit"].fill_null(value=False)
