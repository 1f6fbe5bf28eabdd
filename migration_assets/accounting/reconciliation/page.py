"""The page reconciliation.html, which grows phase by phase, and what the last asset of each phase shows of it."""

from itertools import groupby
from pathlib import Path

import dagster as dg
import duckdb

from migration_assets.accounting.pages import fill
from migration_assets.accounting.reconciliation import words
from migration_assets.accounting.reconciliation.phases import WHOLE, PhaseLine, read_phases, record_phase
from migration_assets.ground.markdown import shown
from resources.durable import write_whole

PAGE = "reconciliation.html"
TEMPLATE = Path(__file__).with_name("reconciliation.html.jinja")


def reconcile(connection: duckdb.DuckDBPyConnection, phase: str, folder: Path) -> dict[str, dg.MetadataValue]:
    """Record what a phase has come to, write the page anew, and return the phase's table as metadata."""
    lines = record_phase(connection, phase)
    write_page(connection, folder)
    return {"reconciliation": shown(words.table(lines))}


def write_page(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Write reconciliation.html into the state folder from what the phases have come to."""
    write_whole(folder / PAGE, render(read_phases(connection)))


def render(lines: list[PhaseLine]) -> str:
    """Return the page."""
    total = [line for line in lines if line.phase == WHOLE]
    phases = [line for line in lines if line.phase != WHOLE]
    given = {
        "words": words,
        "whole": total,
        "adds_up": all(line.adds_up for line in total),
        "phases": [(phase, list(found)) for phase, found in groupby(phases, key=lambda line: line.phase)],
    }
    return fill(TEMPLATE, given)
