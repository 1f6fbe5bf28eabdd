"""Matches what Intercom must have already, as its rooms say, and lists what it lacks."""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from migration_assets.objects.registry import LOOKED_UP, looked_up
from migration_assets.objects.room import Room
from migration_assets.plan.pieces import union
from migration_assets.plan.plan_options import PlanStopError
from resources.warehouse import scalar
from resources.wording import listed


@dataclass(frozen=True)
class Matched:
    """How many records of an object that is looked up were found, and how many with tickets were not."""

    kind: str
    found: int
    missing: int


def match_looked_up(connection: duckdb.DuckDBPyConnection) -> list[Matched]:
    """Write what the rooms match, and `plan.reconciliation_queue`, what Intercom lacks.

    Raises:
        PlanStopError: a room refuses it, or somebody is missing under `unmatched: stop`.
    """
    rules = [how for _, how in looked_up()]
    for how in rules:
        connection.execute(how.match.read_text(encoding="utf-8"))
    unmatched = union([how.unmatched.read_text(encoding="utf-8") for how in rules])
    connection.execute(
        f"CREATE OR REPLACE TABLE plan.reconciliation_queue AS {unmatched} "
        "ORDER BY kind, tickets DESC NULLS LAST, source_key"
    )
    require_no_refusal(connection, LOOKED_UP)
    missing = "SELECT count(*) FROM plan.reconciliation_queue WHERE kind = ? AND tickets > 0"
    found = [
        Matched(
            how.kind,
            scalar(connection, f"SELECT count(*) FROM {how.ids} WHERE via <> 'fallback'"),
            scalar(connection, missing, [how.kind]),
        )
        for how in rules
    ]
    stop = scalar(connection, "SELECT count(*) FROM plan.options WHERE unmatched = 'stop'")
    if stop and any(one.missing for one in found):
        raise PlanStopError(
            f"{listed([f'{one.missing} {one.kind}s' for one in found])} with tickets are not in Intercom, "
            "and settings.unmatched is stop. They are listed in plan.reconciliation_queue: add them to Intercom, "
            f"map them under {listed([f'{one.kind}s:' for one in found], 'or')} in the mapping, or choose hold or "
            "fallback."
        )
    return found


def require_no_refusal(connection: duckdb.DuckDBPyConnection, among: Sequence[Room]) -> None:
    """Stop where a room says that what is planned of its object must not be carried out."""
    for room in among:
        refusal = room.plan.refusal(connection) if room.plan.refusal is not None else None
        if refusal is not None:
            raise PlanStopError(refusal)
