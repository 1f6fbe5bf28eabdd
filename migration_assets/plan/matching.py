"""Finds the Intercom admin of every agent and the Intercom team of every team, and lists who was not found."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from migration_assets.plan.options import PlanStopError
from resources.warehouse import scalar


@dataclass(frozen=True)
class Matched:
    """How many agents and teams were found, and how many were not."""

    agents: int
    agents_unmatched: int
    teams: int
    teams_unmatched: int


def match_people(connection: duckdb.DuckDBPyConnection) -> Matched:
    """Write `plan.admin_ids`, `plan.team_ids` and `plan.reconciliation_queue`.

    Raises:
        PlanStopError: the migration's own admin is not in Intercom, or somebody is missing under
            `unmatched: stop`.
    """
    connection.execute(Path(__file__).with_name("matching.sql").read_text())
    _require_own_admins(connection)
    count = "SELECT count(*) FROM plan.reconciliation_queue WHERE kind = ? AND tickets > 0"
    found = Matched(
        agents=scalar(connection, "SELECT count(*) FROM plan.admin_ids WHERE via = 'email'"),
        agents_unmatched=scalar(connection, count, ["agent"]),
        teams=scalar(connection, "SELECT count(*) FROM plan.team_ids"),
        teams_unmatched=scalar(connection, count, ["team"]),
    )
    stop = scalar(connection, "SELECT count(*) FROM plan.options WHERE unmatched = 'stop'")
    if stop and (found.agents_unmatched or found.teams_unmatched):
        raise PlanStopError(
            f"{found.agents_unmatched} agents and {found.teams_unmatched} teams with tickets are not in Intercom, "
            "and settings.unmatched is stop. They are listed in plan.reconciliation_queue: add them to Intercom, "
            "map them under agents: or teams: in the mapping, or choose hold or fallback."
        )
    return found


def _require_own_admins(connection: duckdb.DuckDBPyConnection) -> None:
    rows = connection.execute(
        "SELECT o.migration_admin, a.migration_admin_id, o.unmatched, o.fallback_admin, a.fallback_admin_id "
        "FROM plan.options o, plan.own_admins a"
    ).fetchall()
    migration_admin, migration_id, unmatched, fallback_admin, fallback_id = rows[0]
    if migration_id is None:
        raise PlanStopError(
            f"settings.migration_admin is {migration_admin}, but Intercom has no admin with that e-mail address."
        )
    if unmatched == "fallback" and fallback_id is None:
        raise PlanStopError(
            f"settings.fallback_admin is {fallback_admin}, but Intercom has no admin with that e-mail address."
        )
