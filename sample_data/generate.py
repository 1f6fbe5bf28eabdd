"""Writes an extract: `python -m sample_data.generate [--tickets N] [--out DIR] [--clean | --messy] [--seed S]`.

Without arguments it writes the committed sample, 400 tickets with every fault of `faults.py`, and the table in
README.md. Any other number of tickets is written clean, in constant memory.
"""

import argparse
import shutil
from pathlib import Path

from sample_data.clean import write_clean
from sample_data.later import write_later
from sample_data.mess import plant
from sample_data.readme import write_readme
from sample_data.tables import clean_sample
from sample_data.writer import write_sample

SAMPLE_TICKETS = 400
MOST_MESSY = 1300
SEED = 20261102
HERE = Path(__file__).resolve().parent


def main(arguments: list[str] | None = None) -> None:
    """Write the extract that the arguments ask for."""
    options = _parse(arguments)
    _empty(options.out)
    if options.later_than:
        write_later(options.later_than, options.out)
        return
    if options.clean or (options.tickets != SAMPLE_TICKETS and not options.messy):
        write_clean(options.out, options.seed, options.tickets)
        return
    sample = clean_sample(options.seed, options.tickets)
    plant(sample)
    write_sample(options.out, sample)
    if options.out.resolve() == HERE / "extract":
        write_readme(HERE / "README.md", options.out)


def _empty(folder: Path) -> None:
    """Remove an earlier extract, so that no file of it stays behind; refuse a folder that is something else."""
    if not folder.exists():
        return
    if any(folder.iterdir()) and not (folder / "extract.yaml").exists():
        raise SystemExit(f"{folder} is not empty and has no extract.yaml, so it is no extract. Choose another --out.")
    shutil.rmtree(folder)


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sample_data.generate", description="Write an ITCO extract.")
    parser.add_argument("--tickets", type=int, default=SAMPLE_TICKETS, help="how many tickets (default: 400)")
    parser.add_argument("--out", type=Path, default=HERE / "extract", help="the folder to write (default: the sample)")
    parser.add_argument("--clean", action="store_true", help="the sample without its mess")
    parser.add_argument("--messy", action="store_true", help="plant the sample's faults in another size too")
    parser.add_argument(
        "--later-than", type=Path, help="a clean extract: write what it is a day later, one ticket in a hundred changed"
    )
    parser.add_argument("--seed", type=int, default=SEED, help="another seed gives other people and threads")
    options = parser.parse_args(arguments)
    if options.clean and options.messy:
        parser.error("--clean and --messy exclude each other")
    if options.tickets < 1:
        parser.error("--tickets must be at least 1")
    if options.messy and not SAMPLE_TICKETS <= options.tickets <= MOST_MESSY:
        parser.error(f"--messy is for {SAMPLE_TICKETS} to {MOST_MESSY} tickets: the faults stand at fixed ids")
    return options


if __name__ == "__main__":
    main()
