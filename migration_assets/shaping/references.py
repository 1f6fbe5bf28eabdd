"""The small tables that others point at: admins, teams, tags, attributes.

Admins and teams are only listed here: Intercom's API cannot create them, and the plan matches them.
"""

import duckdb

from migration_assets.shaping.stage import counts, forget_findings, run_sql
from resources.warehouse import scalar


def shape_admins(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Write `target.admins`; `placeholders` counts agents who are named in the extract but not listed in it."""
    run_sql(connection, "admins")
    rows = scalar(connection, "SELECT count(*) FROM clean.agents")
    unknown = scalar(connection, "SELECT count(*) FROM target.admins WHERE NOT known")
    return counts(connection, "target.admins", rows_in=rows, placeholders=unknown)


def shape_teams(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Write `target.teams`; `placeholders` counts teams that are named in the extract but not listed in it."""
    run_sql(connection, "teams")
    rows = scalar(connection, "SELECT count(*) FROM clean.teams")
    unknown = scalar(connection, "SELECT count(*) FROM target.teams WHERE NOT known")
    return counts(connection, "target.teams", rows_in=rows, placeholders=unknown)


def shape_tags(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Write `target.tags`; `rows_merged` counts listed tags that differ from another only in case or spaces."""
    run_sql(connection, "tags")
    rows = scalar(connection, "SELECT count(*) FROM clean.tags")
    distinct = scalar(connection, "SELECT count(DISTINCT fold(tag)) FROM clean.tags")
    return counts(connection, "target.tags", rows_in=rows, rows_merged=rows - distinct)


def shape_attributes(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Write `target.attributes`; `rows_in` counts the mapping's custom fields."""
    forget_findings(connection, "attributes")
    run_sql(connection, "attributes")
    return counts(connection, "target.attributes", rows_in=scalar(connection, "SELECT count(*) FROM map.custom_fields"))
