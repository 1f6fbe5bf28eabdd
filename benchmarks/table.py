"""Prints a small table, and works in a folder that is gone afterwards. No measuring."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.table import Table

from sample_data.clean import write_clean
from sample_data.generate import SEED


def show(title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print one table; every column but the first is of figures."""
    table = Table(title=title, title_justify="left")
    for place, heading in enumerate(headings):
        table.add_column(heading, justify="right" if place else "left")
    for row in rows:
        table.add_row(*row)
    Console().print(table)


@contextmanager
def scratch() -> Iterator[Path]:
    """Give a folder that is deleted at the end."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        yield Path(folder)


def extract_of(folder: Path, tickets: int) -> Path:
    """Write an extract of that many tickets below `folder` and return its folder."""
    out = folder / f"extract-{tickets}"
    out.mkdir()
    write_clean(out, SEED, tickets)
    return out
