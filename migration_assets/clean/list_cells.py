"""Several words in a cell: what separates them, and the lists that programs write (JSON, Python, PostgreSQL).

What separates is decided per file by evidence over the column, as for dates: a comma may stand inside a tag, so it
separates only where most cells have one or its pieces come back in other cells. `lists` in the mapping decides instead.
"""

import json
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import duckdb
import polars as pl

from migration_assets.clean.parsed import Parsed, unruled
from migration_assets.clean.sql import quoted
from resources.warehouse import fetch_frame
from schemas.mapping import Mapping

SEPARATORS = {";": "semicolons", "|": "vertical bars", "\n": "line breaks", ",": "commas"}
"""What may separate the words of a cell, and what it is called."""

_EVIDENCE = Path(__file__).with_name("list_evidence.sql").read_text(encoding="utf-8")
_WRITTEN = r"(?s)^\s*(?:\[.*\]|\{.*\})\s*$"
_LONGEST = 20_000
_ELEMENT = re.compile(r"""\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([^'",;|:\[\]{}]+?))\s*(?:,|$)""", re.DOTALL)
"""One element of a list as Python or PostgreSQL write it, with quotes or without, and the comma behind it."""

Evidence = dict[tuple[str, str], str | None]


def separators(
    connection: duckdb.DuckDBPyConnection, object_name: str, columns: Iterable[str], mapping: Mapping
) -> tuple[Evidence, list[tuple[str, str, str, int]]]:
    """Return what separates the words of the list columns, by file and column, and what there is to say about it."""
    marks: Evidence = {}
    findings = []
    for column in columns:
        query = _EVIDENCE.replace("{column}", quoted(column)).replace("{table}", f"raw.{quoted(object_name)}")
        rows = fetch_frame(connection, query).to_dicts()
        stated = mapping.lists.get(f"{object_name}.{column}")
        whole = next((_decide(row)[0] for row in rows if row["file"] is None), None)
        for row in rows:
            if row["file"] is None:
                continue
            mark, why = _decide(row)
            if stated:
                mark, why = stated, "stated in the mapping"
            elif mark is None and row["commas"] and whole == ",":
                mark, why = ",", "as in the other files of the column"
            marks[(row["file"], column)] = mark
            findings += _findings(object_name, column, row, mark, why)
    return marks, findings


def _findings(
    object_name: str, column: str, row: dict[str, int], mark: str | None, why: str
) -> list[tuple[str, str, str, int]]:
    line = f'`lists: {{{object_name}.{column}: ","}}` in the mapping says that they do'
    if mark:
        named = SEPARATORS.get(mark, repr(mark))
        return [(column, "list_separator", f"{row['file']}: {named} separate the words, {why}", row["separated"])]
    if row["commas"]:
        message = f"{row['file']}: commas stand in cells, but nothing shows that they separate words; {line}"
        return [(column, "list_separator_unsure", message, row["commas"])]
    return []


def _decide(row: dict[str, int]) -> tuple[str | None, str]:
    """Return what separates the words, from the counts of cells that have each mark; None: nothing is certain."""
    counts = {";": row["semicolons"], "|": row["bars"], "\n": row["lines"]}
    best = max(counts, key=lambda mark: counts[mark])
    others = sum(counts.values()) - counts[best]
    if row["commas"] > sum(counts.values()):
        most = row["commas"] * 2 >= row["filled"]
        if most or row["recurring"] * 2 >= row["commas"]:
            shown = "which most cells have" if most else "because the words between them come back in other cells"
            return ",", f"{shown} ({row['commas']} of {row['filled']})"
        return None, ""
    if counts[best] > 10 * others:
        return best, f"which {counts[best]} of {row['filled']} cells have"
    return None, ""


def read_lists(text: pl.Series, *, commas: bool, marks: pl.Series | None = None, stated: bool = False) -> Parsed:
    """Split cells into words as `split` does: trimmed, in order, each once; nothing can be wrong with them."""
    return unruled(split(text, commas=commas, marks=marks, stated=stated))


def split(text: pl.Series, *, commas: bool, marks: pl.Series | None = None, stated: bool = False) -> pl.Series:
    """Return the words of every cell; an empty cell gives NULL, and so does one of separators only.

    A cell that has its column's mark (`marks`, per row) is split at that alone; any other at ; | and line breaks, or
    with `commas` at commas where it has none of those. Where the mark is `stated`, nothing else separates. A list as a
    program writes it is read as such.
    """
    none = pl.Series([None], dtype=pl.String).new_from_index(0, len(text))
    frame = pl.DataFrame({"text": text, "mark": none if marks is None else marks})
    cell = pl.col("text").str.replace_all(r"[|\r\n]+", ";")
    if commas:
        cell = pl.when(cell.str.contains(";", literal=True)).then(cell).otherwise(cell.str.replace_all(",", ";"))
    newlines = pl.col("text").str.replace_all(r"\r\n?", "\n")
    marked = pl.col("mark").is_not_null() & (pl.lit(stated) | newlines.str.contains(pl.col("mark"), literal=True))
    pieces = pl.when(marked).then(newlines.str.split(pl.col("mark"))).otherwise(cell.str.split(";"))
    frame = frame.with_columns(pieces.alias("words"))
    written = _written(text)
    if written is not None:
        frame = frame.with_columns(pl.coalesce(written, pl.col("words")).alias("words"))
    words = pl.col("words").list.eval(pl.element().str.strip_chars())
    words = words.list.eval(pl.element().filter(pl.element() != "")).list.unique(maintain_order=True)
    return frame.select(pl.when(words.list.len() > 0).then(words).alias("words"))["words"]


def _written(text: pl.Series) -> pl.Series | None:
    """Return the lists that a program has written, NULL where a cell is none; None where no cell of all is one."""
    distinct = text.filter(text.str.contains(_WRITTEN).fill_null(value=False)).unique()
    lists = {cell: found for cell in distinct if (found := written_list(cell)) is not None}
    if not lists:
        return None
    words = pl.Series("list", list(lists.values()), dtype=pl.List(pl.String))
    known = pl.DataFrame({"text": pl.Series(list(lists), dtype=pl.String), "list": words})
    return pl.DataFrame({"text": text}).join(known, on="text", how="left", maintain_order="left")["list"]


@lru_cache(maxsize=50_000)
def written_list(cell: str) -> list[str] | None:
    """Return the words of a list as JSON, Python or PostgreSQL write it; None where the text is no such list."""
    inner = cell.strip()[1:-1]
    if len(cell) > _LONGEST:
        return None
    try:
        found = json.loads(f"[{inner}]")
    except (ValueError, RecursionError):
        return _elements(inner, single=cell.lstrip().startswith("{"))
    plain = all(isinstance(one, str | int | float | None) for one in found)
    return [str(one) for one in found if one is not None] if plain else None


def _elements(inner: str, *, single: bool) -> list[str] | None:
    """Read the elements one by one; a word alone and without quotes is a list only if `single`: [internal] is a tag."""
    words, at = [], 0
    while at < len(inner):
        found = _ELEMENT.match(inner, at)
        if found is None or found.end() == at:
            return None
        words.append(re.sub(r"\\(.)", r"\1", next(group for group in found.groups() if group is not None)))
        at = found.end()
    quotes = inner.lstrip()[:1] in ("'", '"')
    return words if single or quotes or len(words) > 1 else None


def unwrapped(text: pl.Series) -> pl.Series:
    """Return texts in which a list that a program has written reads as words with semicolons between them."""
    lists = _written(text)
    return text if lists is None else pl.select(pl.coalesce(lists.list.join(";"), text)).to_series()
