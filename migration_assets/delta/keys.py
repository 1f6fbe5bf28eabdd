"""Whether the keys of this drop still mean the records that were loaded under them, before anything is written.

A message whose key is a row's number is another message as soon as one more stands above it. So each key is held
against what it stood for when it was loaded; what does not agree is a doubt, which stops the run above its limit.
"""

from pathlib import Path

import dagster as dg
import duckdb

from migration_assets.accounting import doubts
from migration_assets.clean.known_keys import (
    ALSO_THEIRS,
    MARK,
    MEANINGS,
    columns_of,
    keep,
    meaning_query,
    remembered,
    times_of,
)
from migration_assets.clean.sql import quoted
from migration_assets.objects.registry import declarations
from resources.run import ExtractFolder
from resources.warehouse import Warehouse
from schemas.doubt_codes import DoubtCode
from schemas.source import OBJECTS

STEP = "plan/actions"
_OTHER_PLACE, _OTHER_TIME = "n.place <> k.place", "n.created_at <> k.created_at"
_OTHER_PERSON = "coalesce(n.person <> k.person, n.address <> k.address, FALSE)"
_IDENTIFYING = ("address", *ALSO_THEIRS)
_AGREES = " OR ".join(f"coalesce(n.{column} = k.{column}, FALSE)" for column in _IDENTIFYING)
_DIFFERS = " OR ".join(f"coalesce(n.{column} <> k.{column}, FALSE)" for column in _IDENTIFYING)
_OTHER_NAME = "coalesce(NOT list_has_any(n.words, k.words), n.says <> k.says, FALSE)"
"""No word in common; where an earlier version has remembered no words, the whole name is another."""
_OTHER_WHOLE = f"coalesce(n.says <> k.says, TRUE) AND NOT ({_AGREES}) AND ({_DIFFERS} OR {_OTHER_NAME})"
"""Another name and nothing that agrees, as `clean.reused_keys` says it of two rows of one drop; who lacks an address is
told by the phone or the external id, and who lacks these too by the name alone."""
_HANDED_ON = """
    EXISTS (FROM clean.{table} o WHERE o.{key} <> k.key AND (
        n.address <> k.address AND k.address = {address} OR n.says <> k.says AND k.says = {says}))
"""
"""That another record now has the name or the address."""


def handed_on(name: str) -> str:
    """Return the SQL for whether what a key of an object stood for is another one's now, in whole or in part."""
    meaning = MEANINGS[name]
    address, says = (MARK.format(key="k.key", value=f"o.{column}") for column in (meaning.address, meaning.says))
    other = _HANDED_ON.format(table=quoted(name), key=OBJECTS[name].key[0], address=address, says=says)
    return f"({_OTHER_WHOLE}) OR {other}"


ANOTHER = {name: handed_on(name) if meaning.few else _OTHER_WHOLE for name, meaning in MEANINGS.items()} | {
    "tickets": f"{_OTHER_PLACE} AND (coalesce({_OTHER_TIME}, FALSE) OR coalesce(n.says <> k.says, FALSE))",
    "messages": f"coalesce({_OTHER_PLACE}, FALSE) OR coalesce({_OTHER_TIME}, FALSE) OR {_OTHER_PERSON}",
}
"""When a key stands for another record, by the source's object; `n` is the present drop, `k` what was known."""

STANDING = """
    SELECT DISTINCT source_key FROM plan.journal WHERE object IN ({}) AND intercom_id IS NOT NULL
"""
_HOLDER = {"messages": ("place", "tickets")}
"""The first message of a ticket is loaded with it: so of a message its ticket tells whether it was loaded."""

_TIMES = f"if({_OTHER_TIME}, 'was of ' || k.created_at || ', now of ' || n.created_at, NULL)"
_FOUND = f"""
    concat_ws('; ',
        if({_OTHER_PLACE}, 'belonged to ' || k.place || ', now to ' || n.place, NULL),
        {{times}},
        if({{person}}, 'is of somebody else', NULL),
        if(n.says <> k.says, 'says something else', NULL))
"""


def compare_keys(connection: duckdb.DuckDBPyConnection, state: Path) -> None:
    """Record every loaded key that stands for another record now, under the step of the plan."""
    doubts.clear(connection, STEP)
    for name, another in ANOTHER.items():
        with remembered(connection, state, name) as there:
            if there:
                found = _FOUND.format(
                    times=_TIMES if "created_at" in times_of(name) else "NULL",
                    person=_DIFFERS if MEANINGS[name].named else _OTHER_PERSON,
                )
                query = f"""
                    SELECT n.key, n._file AS file, n._line AS line, {found} AS found
                    FROM ({meaning_query(name)}) n JOIN known k ON k.key = n.key
                    WHERE ({another}) AND {_stands(name)}
                """
                doubts.record(connection, STEP, name, DoubtCode.KEY_REUSED, query)


def remember_keys(connection: duckdb.DuckDBPyConnection, state: Path) -> None:
    """Remember what the drop's keys stand for; of what stands in Intercom, what it stood for when it was loaded."""
    for name in MEANINGS:
        columns = ", ".join(columns_of(name))
        now = f"SELECT {columns} FROM ({meaning_query(name)})"
        with remembered(connection, state, name) as there:
            if there:
                # Agents are only looked up: what counts is what they were in the drop before.
                gone = f"k.key NOT IN (SELECT key FROM ({now}))"
                kept = f"SELECT {columns} FROM ({_known(name)}) k WHERE {_stands(name) if _written(name) else gone}"
                now = f"WITH kept AS ({kept}) FROM kept UNION ALL ({now} WHERE key NOT IN (SELECT key FROM kept))"
            keep(connection, state, name, now)


def _known(name: str) -> str:
    """Return the query for what is known of an object; what an earlier version did not remember, as it is now."""
    if not MEANINGS[name].named:
        return "FROM known"
    same = "n.address IS NOT DISTINCT FROM k.address AND n.says IS NOT DISTINCT FROM k.says"
    learnt = ", ".join(f"coalesce(k.{column}, n.{column}) AS {column}" for column in (*ALSO_THEIRS, "words"))
    return f"SELECT k.* REPLACE ({learnt}) FROM known k LEFT JOIN ({meaning_query(name)}) n ON n.key = k.key AND {same}"


def _written(name: str) -> list[str]:
    """Return the objects of Intercom that an object of the source is written to."""
    _, holder = _HOLDER.get(name, ("key", name))
    return [one.name for one in declarations().values() if one.keyed_by == holder and one.operation != "look_up"]


def _stands(name: str) -> str:
    """Return the SQL for whether the record `k` was loaded and stands in Intercom; what is looked up was known."""
    column, _ = _HOLDER.get(name, ("key", name))
    objects = ", ".join(f"'{one}'" for one in _written(name))
    return f"k.{column} IN ({STANDING.format(objects)})" if objects else "TRUE"


@dg.multi_asset_check(
    specs=[
        dg.AssetCheckSpec(
            doubts.CHECK, asset=dg.AssetKey(["plan", "actions"]), blocking=True, description=doubts.CHECK_DESCRIPTION
        )
    ],
    name="plan_actions_doubts",
)
def keys_mean_the_same(warehouse: Warehouse, drop: ExtractFolder) -> dg.AssetCheckResult:
    """Hold the drop's keys against those of the drops before, and remember them if the run may go on."""
    with warehouse.connect() as connection:
        compare_keys(connection, drop.state)
        answer = doubts.check_result(connection, drop.load_mapping(), STEP, drop.rejects_path)
        if answer.passed or answer.severity is not dg.AssetCheckSeverity.ERROR:
            remember_keys(connection, drop.state)
    return answer._replace(asset_key=dg.AssetKey(["plan", "actions"]), check_name=doubts.CHECK)
