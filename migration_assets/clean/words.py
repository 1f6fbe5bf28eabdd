"""Words: yes and no, internet domains."""

from collections.abc import Mapping as MappingOf
from typing import Literal

import polars as pl

from migration_assets.clean.parsed import Parsed, judged
from schemas.mapping_parts import fold

TRUE_WORDS = "true yes y ja j oui o si sí s sim 1 x t on wahr vrai verdadero verdadeiro vero ✓ ✔"
FALSE_WORDS = "false no n nein non não nao 0 f off falsch faux falso -"
"""The usual words for true and false; the mapping's `booleans` adds more."""

_DOMAIN = r"^(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+[\p{L}][\p{L}\p{N}-]{0,61}[\p{L}\p{N}]$"


def boolean_words(extra: MappingOf[Literal["true", "false"], list[str]]) -> dict[str, bool]:
    """Return every folded word for true and false; the mapping's words go before the usual ones."""
    words = dict.fromkeys(TRUE_WORDS.split(), True) | dict.fromkeys(FALSE_WORDS.split(), False)
    return words | {fold(word): value == "true" for value, found in extra.items() for word in found}


def read_booleans(text: pl.Series, words: MappingOf[str, bool]) -> Parsed:
    """Read yes and no by `words` (folded); an unknown word breaks bad_boolean."""
    folded = text.str.to_lowercase().str.replace_all(r"\s+", " ")
    values = folded.replace_strict(words, default=None, return_dtype=pl.Boolean)
    return judged(text, values, "bad_boolean")


def read_domains(text: pl.Series) -> Parsed:
    """Read domains out of addresses such as https://www.example.com/about; others break bad_domain."""
    bare = text.str.to_lowercase().str.replace(r"^[a-z][a-z0-9+.-]*://", "").str.replace(r"[/?#:].*$", "")
    bare = bare.str.replace(r"^www\d?\.", "").str.strip_chars(".")
    values = pl.select(pl.when(bare.str.contains(_DOMAIN)).then(bare)).to_series()
    return judged(text, values, "bad_domain")
