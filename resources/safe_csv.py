"""The one writer of CSV files that people open in spreadsheets: what a spreadsheet would compute is made text.

An apostrophe makes it text, and every cell is in quotes. In a list it stands before `=`, `+`, `-`, `@` (their
full-width forms too), a tab or a line break at the beginning of a cell, and before such a mark after a semicolon, a tab
or a line break inside one, where a spreadsheet of another country begins a cell. Where apostrophes stood already, one
more stands, so that whoever takes one away at each such place has the text as it was.

Rows that are given back to be corrected and read in again have it at the beginning of a cell only, where reading takes
it off again (`migration_assets.clean.tidy`): a mark inside a message could not be told from the customer's own.
"""

from collections.abc import Iterator
from pathlib import Path

import polars as pl

_MARKS = "=+@\\-＝＋－＠"
_BEGINNING = f"^('*(?:\\s*[{_MARKS}]|[\t\r\n]))"
_INSIDE = f"([;\t\r\n][\"\\s]*)('*[{_MARKS}])"
_GIVEN_BACK = f"^([{_MARKS}]|[\t\r\n]\\s*\\S)"  # blanks alone are nothing, and stay so
_TAKEN_OFF = f"^'([{_MARKS}]|[\t\r\n]\\s*\\S)"
_BOM = b"\xef\xbb\xbf"


def write_safe_csv(path: Path, frames: Iterator[pl.DataFrame], *, given_back: bool = False) -> int:
    """Write frames to `path` in one step and return the number of their rows; with none, an earlier file is removed.

    Args:
        path: the file; its owner alone may read it.
        frames: the rows, in batches of the same columns.
        given_back: whether the rows are the customer's own, to be corrected and read in again.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_suffix(".csv.part")
    draft.unlink(missing_ok=True)
    rows = 0
    with draft.open("xb") as file:
        draft.chmod(0o600)
        file.write(_BOM)
        for number, frame in enumerate(frames):
            texts = _guarded(frame.cast(pl.String), given_back)
            texts.write_csv(file, include_header=number == 0, quote_style="always", line_terminator="\r\n")
            rows += frame.height
    if rows:
        draft.replace(path)
    else:
        draft.unlink()
        path.unlink(missing_ok=True)
    return rows


def as_it_was(text: pl.Expr) -> pl.Expr:
    """Return the cells of rows that were given back without the apostrophe that `write_safe_csv` put before them."""
    return text.str.replace(_TAKEN_OFF, "$1")


def _guarded(frame: pl.DataFrame, given_back: bool) -> pl.DataFrame:
    """Return a frame of texts in which, headings included, a spreadsheet computes nothing."""
    headings = pl.DataFrame({"heading": frame.columns}, schema={"heading": pl.String})
    safe = headings.select(_inert(pl.col("heading"), given_back))["heading"].to_list()
    return frame.with_columns(_inert(pl.all(), given_back)).rename(dict(zip(frame.columns, safe, strict=True)))


def _inert(text: pl.Expr, given_back: bool) -> pl.Expr:
    if given_back:
        return text.str.replace(_GIVEN_BACK, "'$1")
    return text.str.replace_all(_INSIDE, "${1}'${2}").str.replace(_BEGINNING, "'$1")
