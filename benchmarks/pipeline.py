"""The whole pipeline up to the plan at two sizes: `python -m benchmarks.pipeline [--tickets 2000 20000]`.

Each size is a dry run in a process of its own. Ten times the tickets should take about ten times as long, less what
every run costs whatever its size, and little more memory. A run of a few tickets shows that fixed cost. Processor
seconds are compared: they do not count the time that other programs have.
"""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.table import extract_of, scratch, show
from schemas.settings import PROJECT

FEW = 20


@dataclass(frozen=True)
class Measured:
    """A dry run: its tickets, its seconds by the clock and of the processor, and its peak resident memory in MB."""

    tickets: int
    clock: float
    seconds: float
    megabytes: float


def dry_run(folder: Path, tickets: int) -> Measured:
    """Generate an extract, plan it in a process of its own, and measure that process.

    Raises:
        SystemExit: the run failed; its output is printed.
    """
    environment = os.environ | {
        "MIGRATION_EXTRACT": str(extract_of(folder, tickets)),
        "MIGRATION_MAP": str(PROJECT / "sample_data" / "mapping.yaml"),
        "MIGRATION_STATE": str(folder / f"state-{tickets}"),
    }
    # A benchmark must never reach a real workspace.
    environment = {name: value for name, value in environment.items() if not name.startswith("INTERCOM_")}
    log = folder / f"run-{tickets}.log"
    started = time.perf_counter()
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "migration_assets", "dry-run"],
            cwd=PROJECT, env=environment, stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip
        _, status, usage = os.wait4(process.pid, 0)
    clock = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"The dry run of {tickets} tickets failed:\n{log.read_text(errors='replace')[-3000:]}")
    kilobytes = usage.ru_maxrss / (1024 if sys.platform == "darwin" else 1)
    return Measured(tickets, clock, usage.ru_utime + usage.ru_stime, kilobytes / 1024)


def main(tickets: Annotated[tuple[int, int], typer.Option(metavar="SMALL LARGE")] = (2_000, 20_000)) -> None:
    """Measure and print."""
    with scratch() as folder:
        fixed, small, large = [dry_run(folder, number) for number in (FEW, *tickets)]
    rows = [
        (f"{run.tickets:,} tickets", f"{run.clock:.1f}", f"{run.seconds:.1f}", f"{run.megabytes:.0f}")
        for run in (fixed, small, large)
    ]
    growth = _beyond(large, fixed) / _beyond(small, fixed)
    memory = large.megabytes / small.megabytes
    rows += [
        ("ratio", f"{large.clock / small.clock:.1f}", f"{large.seconds / small.seconds:.1f}", f"{memory:.1f}"),
        ("ratio without the fixed cost", "", f"{growth:.1f}", ""),
    ]
    show(
        f"Dry run: everything up to the plan, {large.tickets / small.tickets:.0f} times the tickets",
        ("", "clock s", "processor s", "peak MB"),
        rows,
    )


def _beyond(run: Measured, fixed: Measured) -> float:
    return max(run.seconds - fixed.seconds, 0.01)


if __name__ == "__main__":
    typer.run(main)
