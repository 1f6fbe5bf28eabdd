"""Keeps what the preflight read of the workspace in `observed.*`, where the plan's SQL finds it."""

import duckdb
import polars as pl

from migration_assets.objects.registry import looked_up
from resources.intercom.preflight import Preflight
from resources.warehouse import insert_frame

WORKSPACE = {"app_id": pl.String, "name": pl.String, "region": pl.String, "calls_per_window": pl.Int64}
TOKEN_ADMIN = {"id": pl.String}
TICKET_STATES = {"id": pl.String, "category": pl.String, "label": pl.String}


def write_observed(connection: duckdb.DuckDBPyConnection, found: Preflight) -> None:
    """Replace `observed.workspace` and `.token_admin` (one row), `.ticket_states`, and what is looked up, by object."""
    workspace = [(found.app_id, found.workspace, found.region, found.calls_per_window)]
    states = [(state.id, state.category, state.internal_label) for state in found.ticket_states if not state.archived]
    for table, schema, rows in (
        ("observed.workspace", WORKSPACE, workspace),
        ("observed.ticket_states", TICKET_STATES, states),
        ("observed.token_admin", TOKEN_ADMIN, [(found.me.id,)] if found.me else []),
    ):
        insert_frame(connection, table, pl.DataFrame(rows, schema=schema, orient="row"), create=True)
    for item, how in looked_up():
        records = [[getattr(one, name) for name in how.fields] for one in getattr(found, item.plural)]
        frame = pl.DataFrame(records, schema=dict.fromkeys(how.fields, pl.String), orient="row")
        insert_frame(connection, f"observed.{item.plural}", frame, create=True)
