"""CSV files that people open in spreadsheets: every cell that a spreadsheet would compute is made text.

A leading apostrophe makes it text, and every cell is in quotes: otherwise one with a semicolon could be split into one
that is computed.
"""

from collections.abc import Iterator
from pathlib import Path

import polars as pl

_COMPUTED = "^[=+@\\-\t\r\n＝＋－＠]"
_BOM = b"\xef\xbb\xbf"


def guarded(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a frame of texts with no cell that a spreadsheet would compute."""
    computed = pl.all().str.contains(_COMPUTED)
    return frame.with_columns(pl.when(computed).then("'" + pl.all()).otherwise(pl.all()).name.keep())


def safe_header(header: str) -> str:
    """Return a heading that a spreadsheet does not compute."""
    return str(guarded(pl.DataFrame({"header": [header]}))["header"][0])


def write_safe_csv(path: Path, frames: Iterator[pl.DataFrame], rows: int) -> None:
    """Write frames of guarded texts to `path` in one step; with no rows, an earlier file is removed."""
    if not rows:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_suffix(".csv.part")
    with draft.open("wb") as file:
        file.write(_BOM)
        for number, frame in enumerate(frames):
            frame.write_csv(file, include_header=number == 0, quote_style="always", line_terminator="\r\n")
    draft.chmod(0o600)
    draft.replace(path)
