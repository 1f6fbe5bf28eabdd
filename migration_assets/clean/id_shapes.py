"""How the ids of rows that join nothing differ from those of the records that they should belong to, in a sentence."""

import duckdb

from migration_assets.clean.references import REFERENCES
from migration_assets.clean.sql import quoted
from resources.warehouse import table_exists
from resources.wording import listed, number
from schemas.source import OBJECTS

_SHOWN = 3
_FOUND = """
SELECT count(DISTINCT row), list_slice(list_sort(list(DISTINCT found)), 1, ?), list_sort(list(DISTINCT {shape}))
FROM quarantine.faults
WHERE object = ? AND stage = 'clean' AND severity = 'row' AND starts_with(rule, 'unknown_') AND "column" = ?
"""
_KEYS = """
SELECT count(*), list_slice(list_sort(list(DISTINCT {key})), 1, ?), list_sort(list(DISTINCT {shape})) FROM clean.{table}
"""


def _shape(column: str) -> str:
    """Return the SQL of an id's shape: its digits as 9, its letters as A, repeated ones once."""
    digits = f"regexp_replace({column}, '[0-9]+', '9', 'g')"
    return f"regexp_replace({digits}, '\\p{{L}}+', 'A', 'g')"


def how_ids_differ(connection: duckdb.DuckDBPyConnection, object_name: str) -> str:
    """Return a sentence per reference that holds rows back; empty where none does."""
    said = ""
    for reference in REFERENCES.get(object_name, ()):
        parent = reference.parents[0]
        found = _FOUND.format(shape=_shape("found"))
        rows, examples, shapes = connection.execute(found, [_SHOWN, object_name, reference.column]).fetchall()[0]
        if not rows or not table_exists(connection, f"clean.{parent}"):
            continue
        key = quoted(OBJECTS[parent].key[0])
        keys = _KEYS.format(key=key, shape=_shape(key), table=quoted(parent))
        there, others, other_shapes = connection.execute(keys, [_SHOWN]).fetchall()[0]
        said += f" {number(rows)} of them name by {reference.column} what no file has, such as {listed(examples, 'or')}"
        if not there:
            said += f": {parent} has no row that can be used."
        elif set(shapes) & set(other_shapes):
            said += f"; {parent} has ids of the same form, such as {listed(others, 'or')}, but not these."
        else:
            said += f"; the ids of {parent} are of another form, such as {listed(others, 'or')}."
    return said
