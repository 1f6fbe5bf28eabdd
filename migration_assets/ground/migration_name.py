"""The name under which the journal keeps a migration: the source instance and the workspace."""

from collections.abc import Iterable

import duckdb

INTO = " > "
"""Stands in a migration's name between the source instance and the workspace."""


def migration_name(connection: duckdb.DuckDBPyConnection) -> str:
    """Return the name under which the journal keeps this migration: the source instance and the workspace.

    What was written to one workspace says nothing about another one, so both are part of the name.
    """
    rows = connection.execute(
        "SELECT e.source_instance, w.app_id FROM raw.extract e CROSS JOIN observed.workspace w"
    ).fetchall()
    return f"{rows[0][0]}{INTO}{rows[0][1]}"


def known_workspaces(migrations: Iterable[str], source_instance: str, stand_in: str) -> set[str]:
    """Return the ids of the workspaces that a source instance was loaded into before, by the names of migrations.

    Args:
        migrations: the journal's names.
        source_instance: the source instance.
        stand_in: the embedded workspace's id, which does not count: it is what one rehearses on.
    """
    begin = f"{source_instance}{INTO}"
    return {name.removeprefix(begin) for name in migrations if name.startswith(begin)} - {stand_in}
