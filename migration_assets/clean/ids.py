"""References between files, tested as they stand and under each reading that a formatted id can have.

What joins only under a reading is a doubt that stops the run until `ids` in the mapping says how the column is read;
then the reference becomes its parent's own id, and is counted. An id whose plain form two parents have joins none.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import duckdb

from migration_assets.accounting import doubts
from migration_assets.clean.clean_tables import record_findings
from migration_assets.clean.held_at_landing import held_keys
from migration_assets.clean.readings import AS_IT_STANDS, READINGS, as_list, plain_form
from migration_assets.clean.references import REFERENCES, SourceReference
from migration_assets.clean.sql import quoted
from resources.warehouse import scalar, table_exists
from resources.wording import listed, number
from schemas.doubt_codes import DoubtCode
from schemas.mapping import Mapping
from schemas.source import OBJECTS

_PARENT = """
SELECT {key} AS key, '{parent}' AS parent FROM clean.{table} WHERE {key} IS NOT NULL
UNION SELECT key, '{parent}' FROM quarantine.faults WHERE object = '{parent}' AND severity = 'row' AND key IS NOT NULL
"""
_LOST = """
CREATE OR REPLACE TEMP TABLE _lost AS
SELECT {column} AS id, count(*) AS rows FROM clean.{table} AS child
WHERE {column} IS NOT NULL AND NOT EXISTS (FROM temp._parents WHERE key = child.{column}) GROUP BY ALL
"""
_JOINED = """
SELECT lost.id, lost.rows, min(parents.key) AS key, min(parents.parent) AS parent,
    bool_and({own} = lost.id) AS unchanged
FROM temp._lost AS lost JOIN temp._parents AS parents ON {own} = {theirs}
GROUP BY lost.id, lost.rows HAVING count(DISTINCT parents.key) = 1
"""


@dataclass(frozen=True, slots=True)
class JoinUnder:
    """What joins under some readings: rows, one of them, and whether it is the parent's key that is formatted."""

    readings: tuple[str, ...]
    rows: int
    id: str
    key: str
    parent: str
    by_key: bool

    def told(self, column: str) -> tuple[str, str]:
        """Return the clause that says so and the mapping's line."""
        words = listed([READINGS[name].words for name in self.readings])
        line = f"{self.parent}.{OBJECTS[self.parent].key[0]}" if self.by_key else column
        named = self.readings[0] if len(self.readings) == 1 else f"[{', '.join(self.readings)}]"
        return f"{number(self.rows)} would join, read {words} ({self.id} as {self.key})", f"ids: {{{line}: {named}}}"


def read_keys(connection: duckdb.DuckDBPyConnection, object_name: str, mapping: Mapping) -> None:
    """Read the object's own key as `ids` of the mapping says: in its table and in what was quarantined of it."""
    key = OBJECTS[object_name].key[0]
    readings = as_list(mapping.ids.get(f"{object_name}.{key}"))
    if not readings or len(OBJECTS[object_name].key) > 1:
        return
    table, column = f"clean.{quoted(object_name)}", quoted(key)
    # Two keys that have one plain form may be two records: they are never made one here, both stay as they stand.
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE _forms AS
        SELECT id, form, count(*) OVER (PARTITION BY form) > 1 AS shared
        FROM (SELECT DISTINCT {column} AS id, {plain_form(readings, column)} AS form FROM {table})
        """
    )
    formatted = f"SELECT count(*) FROM {table} JOIN temp._forms ON id = {column} AND form <> id"
    changed = scalar(connection, f"{formatted} AND NOT shared")
    left = scalar(connection, f"{formatted} AND shared")
    connection.execute(
        f"UPDATE {table} SET {column} = form FROM temp._forms WHERE id = {column} AND form <> id AND NOT shared"
    )
    connection.execute(
        f"UPDATE quarantine.faults SET key = {plain_form(readings, 'key')} WHERE object = ? AND stage = 'clean'",
        [object_name],
    )
    _count(connection, object_name, key, changed)
    if left:
        message = "keys that another record has in another form: they are two records and stay as they stand"
        record_findings(connection, object_name, [(key, "id_left_as_it_is", message, left)])


def read_references(connection: duckdb.DuckDBPyConnection, object_name: str, mapping: Mapping) -> None:
    """Read the object's references as `ids` of the mapping says, and doubt what would join only in another form."""
    for reference in REFERENCES.get(object_name, ()):
        if not _find_lost(connection, object_name, reference):
            continue
        where = f"{object_name}.{reference.column}"
        keys = [f"{parent}.{OBJECTS[parent].key[0]}" for parent in reference.parents]
        readings = {name for line in (where, *keys) for name in as_list(mapping.ids.get(line))}
        if readings:
            _apply(connection, object_name, reference, sorted(readings))
        if not stands(mapping, where):
            _doubt(connection, object_name, reference)
    if object_name == "agents" and not stands(mapping, "agents.agent_id"):
        _doubt_mapped_agents(connection, list(mapping.agents))


def stands(mapping: Mapping, where: str) -> bool:
    """Tell whether a person has said that the ids of a column are what they seem."""
    said = mapping.ids.get(where, ())
    return AS_IT_STANDS in ((said,) if isinstance(said, str) else said)


def _doubt_mapped_agents(connection: duckdb.DuckDBPyConnection, mapped: list[str]) -> None:
    """Doubt the agents whom the mapping names by ids that the agents have only in another form."""
    agents = SourceReference("agent_id", ("agents",))
    _find_lost(connection, "agents", agents)
    lost = "SELECT id, 1::BIGINT AS rows FROM (SELECT unnest(?::VARCHAR[]) AS id) ANTI JOIN temp._parents ON key = id"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE _lost AS {lost}", [mapped])
    found = _tried(connection, [(name,) for name in READINGS])
    if found:
        text = (
            f"The mapping's agents name {found[0].id}, and the extract has {found[0].key}: "
            f"write the extract's own into mapping.yaml, or `ids: {{agents.agent_id: {found[0].readings[0]}}}`; or "
            f"`ids: {{agents.agent_id: {AS_IT_STANDS}}}` where they are others."
        )
        _record(connection, "agents", "agent_id", text, found[0].rows)


def _find_lost(connection: duckdb.DuckDBPyConnection, object_name: str, reference: SourceReference) -> int:
    """Make temp._parents and temp._lost; return how many ids no parent has. Parents that were not cleaned have none."""
    parents = [name for name in reference.parents if table_exists(connection, f"clean.{name}")]
    if not parents:
        return 0
    for name in parents:
        held_keys(connection, name)
    union = " UNION ".join(
        _PARENT.format(parent=name, table=quoted(name), key=quoted(OBJECTS[name].key[0])) for name in parents
    )
    connection.execute(f"CREATE OR REPLACE TEMP TABLE _parents AS {union}")
    connection.execute(_LOST.format(column=quoted(reference.column), table=quoted(object_name)))
    return scalar(connection, "SELECT count(*) FROM temp._lost")


def _joined(readings: Sequence[str]) -> str:
    return _JOINED.format(own=plain_form(readings, "lost.id"), theirs=plain_form(readings, "parents.key"))


def _is_constant(connection: duckdb.DuckDBPyConnection, reading: str) -> bool:
    """Tell whether what a reading takes away is the same throughout: A-101 and B-101 are two records."""
    constant = READINGS[reading].constant
    if not constant:
        return True
    lost, parents = (constant.replace("{x}", column) for column in ("id", "key"))
    return (
        scalar(connection, f"SELECT count(DISTINCT {lost}) FROM temp._lost") <= 1
        and scalar(connection, f"SELECT count(DISTINCT {parents}) FROM temp._parents") <= 1
    )


def _apply(
    connection: duckdb.DuckDBPyConnection, object_name: str, reference: SourceReference, readings: list[str]
) -> None:
    readings = [name for name in readings if _is_constant(connection, name)]
    connection.execute(f"CREATE OR REPLACE TEMP TABLE _read AS {_joined(readings)}")
    column = quoted(reference.column)
    connection.execute(
        f"UPDATE clean.{quoted(object_name)} AS child SET {column} = found.key FROM temp._read AS found "
        f"WHERE child.{column} = found.id"
    )
    _count(
        connection, object_name, reference.column, scalar(connection, "SELECT coalesce(sum(rows), 0) FROM temp._read")
    )
    connection.execute("DELETE FROM temp._lost WHERE id IN (SELECT id FROM temp._read)")


def doubt_keys(connection: duckdb.DuckDBPyConnection, object_name: str, mapping: Mapping) -> None:
    """Doubt the keys of one object that are equal under a reading, and differ as they stand."""
    item = OBJECTS[object_name]
    key = item.key[0]
    if len(item.key) > 1 or item.by_name[key].kind != "id" or stands(mapping, f"{object_name}.{key}"):
        return
    # Letters and leading zeros do make two ids: only what a program writes otherwise does not.
    key, form = quoted(key), plain_form([name for name, one in READINGS.items() if one.of_the_key], quoted(key))
    query = f"""
        SELECT '{item.key[0]}' AS "column", {key} AS key, _file AS file, _line AS line, min({key}) OVER same AS found
        FROM clean.{quoted(object_name)} WHERE {key} IS NOT NULL
        WINDOW same AS (PARTITION BY {form})
        QUALIFY count(DISTINCT {key}) OVER same > 1 AND {key} <> {form}
    """
    doubts.record(connection, f"clean/{object_name}", object_name, DoubtCode.KEY_FORMATTED, query)


def _count(connection: duckdb.DuckDBPyConnection, object_name: str, column: str, rows: int) -> None:
    if rows:
        message = "ids that were read as `ids` in the mapping says"
        record_findings(connection, object_name, [(column, "id_read_otherwise", message, rows)])


def _doubt(connection: duckdb.DuckDBPyConnection, object_name: str, reference: SourceReference) -> None:
    found = _tried(connection, [(name,) for name in READINGS]) or _tried(connection, combinations(READINGS, 2))
    if not found:
        return
    where = f"{object_name}.{reference.column}"
    told = [one.told(where) for one in found]
    lost = scalar(connection, "SELECT sum(rows)::BIGINT FROM temp._lost")
    lines = listed([f"`{line}`" for _, line in told], "or")
    text = (
        f"Of {number(lost)} values of {where} that join nothing as they stand, "
        f"{listed([clause for clause, _ in told])}. Write into mapping.yaml how they are read, {lines}; or "
        f"`ids: {{{where}: {AS_IT_STANDS}}}` where they are other records."
    )
    _record(connection, object_name, reference.column, text, max(one.rows for one in found))


def _record(connection: duckdb.DuckDBPyConnection, object_name: str, column: str, text: str, rows: int) -> None:
    query = 'SELECT ?::VARCHAR AS "column", ?::VARCHAR AS found, ?::BIGINT AS rows'
    step = f"clean/{object_name}"
    doubts.record(connection, step, object_name, DoubtCode.ID_FORMATTED, query, [column, text, rows])


def _tried(connection: duckdb.DuckDBPyConnection, readings: Iterable[tuple[str, ...]]) -> list[JoinUnder]:
    """Return the readings under which something joins, those with the most rows first."""
    found = []
    usable = {name for name in READINGS if _is_constant(connection, name)}
    for names in readings:
        if not usable.issuperset(names):
            continue
        query = f"""
            SELECT sum(rows)::BIGINT, min(id), arg_min(key, id), arg_min(parent, id), bool_and(unchanged)
            FROM ({_joined(names)})
        """
        rows, example, key, parent, unchanged = connection.execute(query).fetchall()[0]
        if rows:
            by_key = unchanged and all(READINGS[name].of_the_key for name in names)
            found.append(JoinUnder(names, rows, example, key, parent, by_key))
    return sorted(found, key=lambda one: -one.rows)
