"""Landing relative to a plain reading of the same file: `python -m benchmarks.landing`.

Landing keeps every record's place, hash and text and quarantines what is faulty; `polars.read_csv` only splits the
cells. The ratio says what that care costs, whatever the machine.
"""

import statistics
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl

from benchmarks.table import extract_of, scratch, show
from migration_assets.itco.drop import open_drop
from migration_assets.itco.land import land_object
from resources.warehouse import Warehouse
from schemas.mapping import load_mapping
from schemas.settings import PROJECT

TICKETS, ROUNDS = 10_000, 3
OBJECTS = ("messages", "tickets", "customers")


def rate(work: Callable[[], int]) -> float:
    """Return the rows per second of `work`, which returns its rows."""
    started = time.perf_counter()
    rows = work()
    return rows / (time.perf_counter() - started)


def main() -> None:
    """Measure and print."""
    mapping = load_mapping(PROJECT / "sample_data" / "mapping.yaml")
    rows = []
    with scratch() as folder:
        extract = extract_of(folder, TICKETS)
        warehouse = Warehouse(database=str(folder / "warehouse.duckdb"))
        drop = open_drop(extract)
        for name in OBJECTS:
            file = extract / f"{name}.csv"

            def read(file: Path = file) -> int:
                return pl.read_csv(file, infer_schema=False).height

            def land(name: str = name) -> int:
                with warehouse.connect() as connection:
                    return land_object(connection, drop, mapping, name).landed

            if read() != land():
                raise SystemExit(f"{name}: landing and reading do not agree on the number of rows.")
            plain, landed = [], []
            for _ in range(ROUNDS):
                plain.append(rate(read))
                landed.append(rate(land))
            ratio = statistics.median(a / b for a, b in zip(plain, landed, strict=True))
            figures = (statistics.median(plain), statistics.median(landed))
            size = f"{file.stat().st_size / 1e6:.1f}"
            rows.append((name, size, *(f"{figure:,.0f}" for figure in figures), f"{ratio:.1f}"))
    show(
        f"Landing {TICKETS:,} tickets",
        ("file", "MB", "read_csv rows/s", "landed rows/s", "times as long"),
        rows,
    )


if __name__ == "__main__":
    main()
