"""The page reconciliation.html, which grows phase by phase, and what the last asset of each phase shows of it."""

from itertools import groupby
from pathlib import Path

import dagster as dg
import duckdb

from migration_assets.handoff.evidence import Evidence
from migration_assets.handoff.pages import fill
from migration_assets.handoff.reconciliation import words
from migration_assets.handoff.reconciliation.phases import WHOLE, Line, keep, read_phases, record_phase
from resources.durable import write_whole

PAGE = "reconciliation.html"
TEMPLATE = Path(__file__).with_name("reconciliation.html.jinja")


def reconcile(connection: duckdb.DuckDBPyConnection, phase: str, folder: Path) -> dict[str, dg.MetadataValue]:
    """Record what a phase has come to, write the page anew, and return the phase's table as metadata."""
    lines = record_phase(connection, phase)
    write_page(connection, folder)
    return {"reconciliation": dg.MetadataValue.md(words.table(lines))}


def reconcile_whole(connection: duckdb.DuckDBPyConnection, evidence: Evidence, folder: Path) -> None:
    """Record what became of every row in all, as the certificate counts it, and write the page anew."""
    record_phase(connection, "verification")
    keep(connection, WHOLE, whole(evidence))
    write_page(connection, folder)


def whole(evidence: Evidence) -> list[Line]:
    """Return a line per ITCO object from the six fates and their reasons."""
    lines = []
    for name, counts in evidence.source.items():
        reasons = [
            (f"{row['fate']}: {row['reason']}" if row["reason"] else row["fate"], row["rows"])
            for row in evidence.fates
            if row["object"] == name and row["fate"] != "unaccounted"
        ]
        reasons += [
            (f"failed: {row['reason']}" if row["reason"] else "failed", row["rows"])
            for row in evidence.failed_rows
            if row["object"] == name
        ]
        if counts.quarantined:
            reasons.append(("quarantined: see the folder rejects", counts.quarantined))
        ordered = tuple(sorted(reasons, key=lambda reason: (-reason[1], reason[0])))
        lines.append(Line(WHOLE, name, counts.rows, counts.loaded, ordered))
    return lines


def write_page(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Write reconciliation.html into the state folder from what the phases have come to."""
    write_whole(folder / PAGE, render(read_phases(connection)))


def render(lines: list[Line]) -> str:
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
