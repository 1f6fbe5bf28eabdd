"""The phases of a run and what each came to: one line per object, kept in `verdict.phases` until the next run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from migration_assets.accounting.certificate import in_load_order
from migration_assets.accounting.inputs import TABLES, open_inputs
from migration_assets.accounting.outcomes import open_words
from resources.warehouse import fetch_frame, insert_frame, scalar, table_exists
from schemas.source import OBJECTS

HERE = Path(__file__).parent

TABLE = "verdict.phases"
SCHEMA: dict[str, Any] = {
    "phase": pl.String,
    "object": pl.String,
    "came": pl.Int64,
    "went": pl.Int64,
    "reasons": pl.List(pl.Struct({"words": pl.String, "rows": pl.Int64})),
}

READS: Mapping[str, Mapping[str, str]] = {
    "landing": {"raw.files": "object records landed quarantined"},
    "cleaning": {
        "raw.files": "object landed",
        "quarantine.faults": "object row stage rule severity",
        "clean.superseded": "object reason",
    },
    "shaping": {"target.lineage": "object disposition reason"},
    "plan": {"plan.actions": "object action reason"},
    "loading": {
        "verdict.loads": "object planned failed present",
        "plan.writes": "object source_key verdict reason",
    },
    "verification": {"verdict.fields": "object field compared equal explained different"},
}
"""What each phase has counted, by phase: tables and their columns. The query over them is in <phase>.sql."""

WHOLE = "whole"
PHASES = (*READS, WHOLE)
"""The phases in the order in which a row passes through them, and at the end what it came to in all."""


@dataclass(frozen=True)
class PhaseLine:
    """One object in one phase: how many came, how many went on, and why the others did not (words, rows)."""

    phase: str
    object: str
    came: int
    went: int
    reasons: tuple[tuple[str, int], ...] = ()

    @property
    def left(self) -> int:
        """How many did not go on."""
        return self.came - self.went

    @property
    def adds_up(self) -> bool:
        """Whether the reasons account for all that did not go on."""
        return self.left == sum(rows for _, rows in self.reasons)


def begin_phases(connection: duckdb.DuckDBPyConnection) -> None:
    """Forget what an earlier run came to."""
    connection.execute("CREATE SCHEMA IF NOT EXISTS verdict")
    insert_frame(connection, TABLE, pl.DataFrame(schema=SCHEMA), create=True)


def record_phase(connection: duckdb.DuckDBPyConnection, phase: str) -> list[PhaseLine]:
    """Keep what a phase has come to so far, in place of what it had come to before, and return its lines."""
    read = {table: {name: TABLES[table][name] for name in names.split()} for table, names in READS[phase].items()}
    open_inputs(connection, read)
    if phase == "cleaning":
        _count_clean(connection)
    if phase in ("plan", "loading"):
        open_words(connection)
    rows = fetch_frame(connection, (HERE / f"{phase}.sql").read_text(encoding="utf-8"))
    return keep(connection, phase, [_line(phase, row) for row in rows.to_dicts()])


def keep(connection: duckdb.DuckDBPyConnection, phase: str, lines: Sequence[PhaseLine]) -> list[PhaseLine]:
    """Keep the lines of a phase in place of those it had, and return them in the order of the objects."""
    if not table_exists(connection, TABLE):
        begin_phases(connection)
    connection.execute(f"DELETE FROM {TABLE} WHERE phase = ?", [phase])
    rows = [
        {"phase": line.phase, "object": line.object, "came": line.came, "went": line.went}
        | {"reasons": [{"words": words, "rows": number} for words, number in line.reasons]}
        for line in lines
    ]
    insert_frame(connection, TABLE, pl.DataFrame(rows, schema=SCHEMA))
    return in_order(lines)


def read_phases(connection: duckdb.DuckDBPyConnection) -> list[PhaseLine]:
    """Return the lines of every phase so far, in their order."""
    if not table_exists(connection, TABLE):
        return []
    return in_order([_line(row["phase"], row) for row in fetch_frame(connection, f"SELECT * FROM {TABLE}").to_dicts()])


def in_order(lines: Sequence[PhaseLine]) -> list[PhaseLine]:
    """Return lines by phase, then by object as it is landed or loaded."""
    order = [*OBJECTS, *in_load_order({line.object for line in lines} - set(OBJECTS))]
    return sorted(lines, key=lambda line: (PHASES.index(line.phase), order.index(line.object)))


def _line(phase: str, row: Mapping[str, Any]) -> PhaseLine:
    reasons = tuple((reason["words"], reason["rows"]) for reason in row["reasons"])
    return PhaseLine(phase, row["object"], row["came"], row["went"], reasons)


def _count_clean(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `cleaned(object, rows)`: how many rows each clean table has that is there."""
    counts = [
        (name, scalar(connection, f"SELECT count(*) FROM clean.{name}"))
        for name in OBJECTS
        if table_exists(connection, f"clean.{name}")
    ]
    frame = pl.DataFrame(counts, schema={"object": pl.String, "rows": pl.Int64}, orient="row")
    connection.execute("CREATE OR REPLACE TEMP TABLE cleaned (object VARCHAR, rows BIGINT)")
    insert_frame(connection, "cleaned", frame)
