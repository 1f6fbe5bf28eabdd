"""What became of every clean row: told by the rooms, and here of the source's objects that no room takes."""

from pathlib import Path

import duckdb

from migration_assets.objects.registry import target_tables
from migration_assets.shaping.shape import counts
from resources.warehouse import scalar, transaction
from schemas.source import OBJECTS

SQL = Path(__file__).with_suffix(".sql")
NOT_LOADED = {
    "team_members": "Intercom's API cannot set who is in a team",
    "automations": "Intercom has no counterpart that its API can create; the hand-over names what to build by hand",
    "articles": "articles are not loaded yet; they stay in clean.articles",
}
"""Why the rows of an object of the source are not loaded; nothing needs to be taken out once a room takes them."""


def shape_lineage(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Write `target.lineage`, one row per row of every `clean.<object>`; all other target tables must be there."""
    told = " UNION ALL BY NAME ".join(f"SELECT * FROM (\n{query}\n)" for query in _told().values())
    with transaction(connection):
        connection.execute(SQL.read_text(encoding="utf-8").replace("{told}", told))
    rows_in = sum(scalar(connection, f'SELECT count(*) FROM clean."{name}"') for name in OBJECTS)
    return counts(
        connection,
        "target.lineage",
        rows_in=rows_in,
        rows_merged=scalar(connection, "SELECT count(*) FROM target.lineage WHERE disposition = 'merged'"),
        rows_skipped=scalar(connection, "SELECT count(*) FROM target.lineage WHERE disposition = 'skipped'"),
    )


def _told() -> dict[str, str]:
    """Return by the object of the source the SELECT of what became of its rows."""
    told = {
        source: (shaping.folder / f"{file}.sql").read_text(encoding="utf-8")
        for _, shaping in target_tables().values()
        for source, file in shaping.lineage.items()
    }
    return told | {name: _not_loaded(name) for name in OBJECTS if name not in told}


def _not_loaded(name: str) -> str:
    key = " || '|' || ".join(f'"{column}"' for column in OBJECTS[name].key)
    reason = NOT_LOADED.get(name, f"{name} are not loaded").replace("'", "''")
    return (
        f"SELECT '{name}' AS object, _row AS row, {key} AS key, NULL AS target_object, NULL AS target_key, "
        f"'skipped' AS disposition, '{reason}' AS reason FROM clean.\"{name}\""
    )
