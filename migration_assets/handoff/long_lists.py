"""The lists that are too long for the report: whole, as files beside it, so that every name can be looked up."""

from pathlib import Path

import polars as pl

from migration_assets.accounting.pages import SHOWN
from migration_assets.handoff.evidence import Evidence, Row
from resources.safe_csv import write_safe_csv

FOLDER = "lists"
"""The folder of the lists, in the state folder."""
LEFT_OUT = "attachments_left_out"
UNNAMED = "files_of_no_row"


def lists_of(evidence: Evidence) -> dict[str, list[Row]]:
    """Return every list of the report that may be longer than what it shows, by the name of its file."""
    by_fate = {
        f"rows_{fate}": [row for row in evidence.fates if row["fate"] == fate]
        for fate in ("skipped", "merged", "superseded", "unaccounted")
    }
    by_state = {
        f"writes_{state}": [row for row in evidence.failures if row["kind"] == state]
        for state in ("rejected", "unsendable", "ambiguous")
    }
    return {
        "noticed_while_reading": evidence.findings,
        "quarantined_rows": evidence.faults("row"),
        "values_left_out": evidence.faults("value"),
        **by_fate,
        "agents_and_teams_missing": evidence.queue,
        "held_records": evidence.held,
        **by_state,
        "rows_failed": evidence.failed_rows,
        "unmapped_values": evidence.unmapped,
        "missing_or_twice": evidence.strays,
        "edited_in_intercom": evidence.edits,
        "merged_in_intercom": evidence.merged,
    }


def write_lists(folder: Path, evidence: Evidence) -> None:
    """Write each list that the report cannot show whole, and those that a sentence names; remove the others."""
    for name, rows in lists_of(evidence).items():
        _write(folder / FOLDER / f"{name}.csv", rows if len(rows) > SHOWN else [])
    _write(folder / FOLDER / f"{LEFT_OUT}.csv", evidence.left_out)
    _write(folder / FOLDER / f"{UNNAMED}.csv", evidence.unnamed_files)


def _write(path: Path, rows: list[Row]) -> None:
    frame = pl.DataFrame(rows, infer_schema_length=None)
    texts = frame.with_columns(pl.selectors.by_dtype(pl.List(pl.String)).list.join(", ")).cast(pl.String)
    write_safe_csv(path, iter([texts] if rows else []))
