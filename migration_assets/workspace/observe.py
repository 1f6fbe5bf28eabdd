"""Keeps what the preflight read of the workspace in `observed.*`, where the plan's SQL finds it."""

import duckdb
import polars as pl

from resources.intercom.preflight import Preflight
from resources.warehouse import insert_frame

WORKSPACE = {"app_id": pl.String, "name": pl.String, "region": pl.String, "calls_per_window": pl.Int64}
ADMINS = {"id": pl.String, "name": pl.String, "email": pl.String}
TEAMS = {"id": pl.String, "name": pl.String}
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
