"""The last line of the reconciliation: what became of every row in all, as the certificate counts it."""

from pathlib import Path

import duckdb

from migration_assets.accounting.reconciliation.page import write_page
from migration_assets.accounting.reconciliation.phases import WHOLE, PhaseLine, keep, record_phase
from migration_assets.handoff.evidence import Evidence


def reconcile_whole(connection: duckdb.DuckDBPyConnection, evidence: Evidence, folder: Path) -> None:
    """Record what became of every row in all, as the certificate counts it, and write the page anew."""
    record_phase(connection, "verification")
    keep(connection, WHOLE, whole(evidence))
    write_page(connection, folder)


def whole(evidence: Evidence) -> list[PhaseLine]:
    """Return a line per source object from the six fates and their reasons."""
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
        lines.append(PhaseLine(WHOLE, name, counts.rows, counts.loaded, ordered))
    return lines
