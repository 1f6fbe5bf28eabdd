"""Writes an extract: `python -m sample_data.generate [--tickets N] [--out DIR] [--clean | --messy] [--seed S]`.

Without arguments it writes the committed sample, 400 tickets with every fault of `faults.py`, and the table in
README.md. Any other number of tickets is written clean, in constant memory.
"""

import shutil
from pathlib import Path
from typing import Annotated

import typer
from typer import Option

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


app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.command(help="Write an ITCO extract.")
def generate(
    tickets: Annotated[int, Option(min=1, help="how many tickets")] = SAMPLE_TICKETS,
    out: Annotated[Path, Option(help="the folder to write", show_default="the sample")] = HERE / "extract",
    clean: Annotated[bool, Option("--clean", help="the sample without its mess")] = False,
    messy: Annotated[bool, Option("--messy", help="plant the sample's faults in another size too")] = False,
    later_than: Annotated[
        Path | None,
        Option(help="a clean extract: write what it is a day later, one ticket in a hundred changed"),
    ] = None,
    seed: Annotated[int, Option(help="another seed gives other people and threads")] = SEED,
) -> None:
    """Write the extract that is asked for."""
    if clean and messy:
        raise typer.BadParameter("--clean and --messy exclude each other")
    if messy and not SAMPLE_TICKETS <= tickets <= MOST_MESSY:
        raise typer.BadParameter(
            f"--messy is for {SAMPLE_TICKETS} to {MOST_MESSY} tickets: the faults stand at fixed ids"
        )
    _empty(out)
    if later_than:
        write_later(later_than, out)
        return
    if clean or (tickets != SAMPLE_TICKETS and not messy):
        write_clean(out, seed, tickets)
        return
    sample = clean_sample(seed, tickets)
    plant(sample)
    write_sample(out, sample)
    if out.resolve() == HERE / "extract":
        write_readme(HERE / "README.md", out)


def _empty(folder: Path) -> None:
    """Remove an earlier extract, so that no file of it stays behind; refuse a folder that is something else."""
    if not folder.exists():
        return
    if any(folder.iterdir()) and not (folder / "extract.yaml").exists():
        raise SystemExit(f"{folder} is not empty and has no extract.yaml, so it is no extract. Choose another --out.")
    shutil.rmtree(folder)


def main(arguments: list[str] | None = None) -> None:
    """Write the extract that the arguments ask for.

    Raises:
        SystemExit: they cannot be used.
    """
    try:
        app(arguments, prog_name="python -m sample_data.generate")
    except SystemExit as ended:
        if ended.code:
            raise


if __name__ == "__main__":
    main()
