"""Keeps what the preflight read of the workspace in `observed.*`, where the plan's SQL finds it."""

from collections.abc import Iterable

import duckdb
import polars as pl

from resources.intercom.preflight import Preflight
from resources.warehouse import insert_frame

WORKSPACE = {"app_id": pl.String, "name": pl.String, "region": pl.String, "calls_per_window": pl.Int64}
ADMINS = {"id": pl.String, "name": pl.String, "email": pl.String}
TEAMS = {"id": pl.String, "name": pl.String}
INTO = " > "
"""Stands in a migration's name between the ITCO instance and the workspace."""
TICKET_STATES = {"id": pl.String, "category": pl.String, "label": pl.String}


def write_observed(connection: duckdb.DuckDBPyConnection, found: Preflight) -> None:
    """Replace `observed.workspace` (one row), `observed.admins`, `observed.teams`, `observed.ticket_states`."""
    workspace = [(found.app_id, found.workspace, found.region, found.calls_per_window)]
    admins = [(admin.id, admin.name, admin.email) for admin in found.admins]
    teams = [(team.id, team.name) for team in found.teams]
    states = [(state.id, state.category, state.internal_label) for state in found.ticket_states if not state.archived]
    for table, schema, rows in (
        ("observed.workspace", WORKSPACE, workspace),
        ("observed.admins", ADMINS, admins),
        ("observed.teams", TEAMS, teams),
        ("observed.ticket_states", TICKET_STATES, states),
    ):
        insert_frame(connection, table, pl.DataFrame(rows, schema=schema, orient="row"), create=True)


def migration_name(connection: duckdb.DuckDBPyConnection) -> str:
    """Return the name under which the journal keeps this migration: the ITCO instance and the workspace.

    What was written to one workspace says nothing about another one, so both are part of the name.
    """
    rows = connection.execute(
        "SELECT e.source_instance, w.app_id FROM raw.extract e CROSS JOIN observed.workspace w"
    ).fetchall()
    return f"{rows[0][0]}{INTO}{rows[0][1]}"


def known_workspaces(migrations: Iterable[str], source_instance: str, stand_in: str) -> set[str]:
    """Return the ids of the workspaces that an ITCO instance was loaded into before, by the names of migrations.

    Args:
        migrations: the journal's names.
        source_instance: the ITCO instance.
        stand_in: the embedded workspace's id, which does not count: it is what one rehearses on.
    """
    begin = f"{source_instance}{INTO}"
    return {name.removeprefix(begin) for name in migrations if name.startswith(begin)} - {stand_in}
