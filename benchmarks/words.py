"""The words check relative to shaping: `python -m benchmarks.words [--tickets 20000]`.

Every title and text is compared with its source before the plan. That must cost little beside what makes the texts:
processor seconds of both are measured in one run, over the sample's own extract and over a larger one.
"""

import argparse
import time
from collections.abc import Mapping as AnyMapping
from graphlib import TopologicalSorter
from pathlib import Path

from benchmarks.table import extract_of, scratch, show
from migration_assets.clean.objects import clean_object
from migration_assets.ground.quarantine import prepare as prepare_quarantine
from migration_assets.itco.drop import open_drop
from migration_assets.itco.extract import land_extract
from migration_assets.itco.land import land_object
from migration_assets.objects.conversation.shape.words import compare_words
from migration_assets.shaping.assets import in_order
from migration_assets.shaping.shape import prepare, shape
from resources.warehouse import Warehouse
from schemas.mapping import load_mapping
from schemas.settings import PROJECT
from schemas.source import OBJECTS

TICKETS = 20_000


def measure(folder: Path, extract: Path) -> AnyMapping[str, float]:
    """Shape an extract in a warehouse of its own; return the seconds of the check and of the rest."""
    mapping = load_mapping(PROJECT / "sample_data" / "mapping.yaml")
    drop = open_drop(extract)
    with Warehouse(database=str(folder / f"{extract.name}.duckdb")).connect() as connection:
        prepare_quarantine(connection)
        land_extract(connection, drop, mapping)
        for name in OBJECTS:
            land_object(connection, drop, mapping, name)
        for name in TopologicalSorter({name: OBJECTS[name].parents for name in OBJECTS}).static_order():
            clean_object(connection, name, mapping)
        prepare(connection, mapping)
        numbers, began = {}, time.process_time()
        for table in in_order():
            numbers[table] = shape(connection, table, extract)
        whole, began = time.process_time() - began, time.process_time()
        compare_words(connection, extract)
        check = time.process_time() - began
    found = numbers["conversations"]
    return {
        "texts": found["texts_compared"],
        "losing": found["texts_with_lost_words"],
        "check": check,
        "shaping": whole - check,
    }


def main(arguments: list[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=TICKETS)
    tickets = parser.parse_args(arguments).tickets
    rows = []
    with scratch() as folder:
        for name, extract in (
            ("sample", PROJECT / "sample_data" / "extract"),
            (f"{tickets:,} tickets", extract_of(folder, tickets)),
        ):
            found = measure(folder, extract)
            seconds = (f"{found['shaping']:.2f}", f"{found['check']:.2f}", f"{found['check'] / found['shaping']:.0%}")
            rows.append((name, f"{found['texts']:,}", f"{found['losing']:,}", *seconds))
    headings = ("extract", "texts compared", "with lost words", "shaping s", "check s", "of shaping")
    show("The words check, in processor seconds", headings, rows)


if __name__ == "__main__":
    main()
