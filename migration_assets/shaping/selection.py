"""Which clean rows are left out on purpose (the mapping's skip rules) and which are worked on.

Writes `target.skipped`, `target.kept` and the views `target.live_*`. Why a row was left out is told in
`target.lineage`.
"""

from pathlib import Path

import duckdb

from schemas.mapping import Mapping, MappingError
from schemas.mapping_parts import SkipRule, fold
from schemas.source import OBJECTS
from schemas.source_objects import CUSTOM_FIELD_PREFIX


def select_rows(connection: duckdb.DuckDBPyConnection, mapping: Mapping) -> None:
    """Apply the skip rules; of several rules that fit a row, the first in the mapping counts it.

    Raises:
        MappingError: a rule names a column that its object does not have.
    """
    connection.execute(
        "CREATE OR REPLACE TABLE target.skipped "
        '(object VARCHAR, "key" VARCHAR, rule VARCHAR, PRIMARY KEY (object, "key"))'
    )
    for rule in mapping.skip:
        _apply(connection, rule)
    connection.execute(Path(__file__).with_name("selection.sql").read_text(encoding="utf-8"))


def _apply(connection: duckdb.DuckDBPyConnection, rule: SkipRule) -> None:
    (key,) = OBJECTS[rule.object].key
    values, bound = _values(rule)
    connection.execute(
        f'INSERT OR IGNORE INTO target.skipped SELECT ?, "{key}", ? FROM clean."{rule.object}" '
        f"WHERE list_has_any(list_transform({values}, lambda x: fold(x)), ?)",
        [rule.object, rule.name, *bound, [fold(value) for value in rule.any_of]],
    )


def _values(rule: SkipRule) -> tuple[str, list[str]]:
    """Return SQL for the column's values as a list, and what it binds. Only known column names get into SQL."""
    column = OBJECTS[rule.object].by_name.get(rule.column)
    if column is not None:
        listed = column.kind in ("list", "email_list")
        return (f'"{column.name}"' if listed else f'["{column.name}"::VARCHAR]'), []
    if not rule.column.startswith(CUSTOM_FIELD_PREFIX):
        expected = ", ".join(OBJECTS[rule.object].by_name)
        raise MappingError(
            f"skip rule {rule.name!r}: {rule.object} has no column {rule.column!r}; expected cf_… or {expected}"
        )
    # A multi-select is an array in `custom`, everything else a single value, of which the cast makes NULL.
    path = f'$."{rule.column}"'
    return "list_append(TRY_CAST(json_extract(custom, ?) AS VARCHAR[]), json_extract_string(custom, ?))", [path, path]
