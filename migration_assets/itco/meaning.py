"""Rows that are no records of the object, told by what they say: totals lines, and text taken for a record."""

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from migration_assets.itco.headers import HeaderCell
from schemas.source_objects import SourceObject

_WORDS = (
    "(grand |sub)?total(s|e|en|es)?|totaux|total g[eé]n[eé]ral|total general|(gesamt)?summe|gesamt|gesamtzahl|"
    "somme|suma|sum|totaal|razem|итого|всього|合計|anzahl|count"
)
_ROWS = (
    "rows?|records?|entries|items|results|tickets|zeilen|datens[aä]tze|eintr[aä]ge|lignes|enregistrements|filas|"
    "registros|righe|linhas|rijen|件"
)
_NUMBER = r"[\d.,' \u00a0]*\d"
_TOTALS = f"^(?:(?:{_WORDS})[ :=]*(?:{_NUMBER})?|\\(?{_NUMBER} (?:{_ROWS})(?: .{{0,40}})?\\)?)$"
_TOTALS_CELL = re.compile(_TOTALS, re.IGNORECASE)
_NUMERIC = re.compile(r"[-+\d.,:%/' \u00a0]*")
_MANY_COLUMNS = 4
_FEW_COLUMNS = 3
TIME = r"\d.*\d.*\d.*\d"
"""What every way to write a time has."""


def totals_candidates(frame: pl.DataFrame) -> npt.NDArray[np.int64]:
    """Return the positions of the rows whose first filled cell reads like a totals line."""
    first = frame.to_series(0)
    if first.null_count():
        first = frame.select(pl.coalesce(pl.all())).to_series()
    reads = first.str.strip_chars().str.contains(f"(?i){_TOTALS}").fill_null(False)
    return reads.arg_true().to_numpy().astype(np.int64)


def is_totals(cells: Sequence[str | None], columns: int) -> bool:
    """Whether a row is a totals line: a word for total or a number of rows, and otherwise only numbers or nothing.

    In a file of few columns a word alone is no evidence: a tag may be called 'total'.
    """
    filled = [cell.strip() for cell in cells if cell and cell.strip()]
    if not filled or not _TOTALS_CELL.match(filled[0]):
        return False
    if len(filled) == 1:
        return columns >= _MANY_COLUMNS or len(cells) < columns
    return len(filled) <= max(2, columns // 2) and all(_NUMERIC.fullmatch(cell) for cell in filled[1:])


def plausible(frame: pl.DataFrame, header: Sequence[HeaderCell], item: SourceObject) -> npt.NDArray[np.bool_]:
    """Return which rows look like records of the object, not like text with the right number of commas.

    Asked only of rows read after a misplaced quote. In files of few columns no row can prove itself.
    """
    if len(header) < _FEW_COLUMNS:
        return np.zeros(frame.height, dtype=bool)
    tests = [pl.lit(True)]
    for number, cell in enumerate(header):
        column = item.by_name.get(cell.column or "")
        if column is None:
            continue
        value = pl.col(f"c{number}")
        if column.required:
            tests.append(value.is_not_null())
        if column.kind == "id":
            tests.append(~value.str.strip_chars().str.contains(r"\s").fill_null(False))
        if column.kind == "timestamp":
            tests.append(value.str.contains(TIME).fill_null(True))
    return frame.select(pl.all_horizontal(tests).alias("trusted")).to_series().to_numpy().reshape(-1) & np.ones(
        frame.height, dtype=bool
    )
