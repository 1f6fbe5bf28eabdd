"""One key for two records within a drop: the newer stands in the other's place, which a person must see.

A later version of the same record is none of that. What makes a record the one that it is says `known_keys`; a person
or a company is another where the names differ and nothing else agrees.
"""

import duckdb

from migration_assets.accounting import doubts
from migration_assets.clean.known_keys import ALSO_THEIRS, MEANINGS, words_of
from migration_assets.clean.sql import quoted
from schemas.doubt_codes import DoubtCode
from schemas.source import OBJECTS

_MINUTE = 60
"""Times that differ by less are the same: one of two files may lack the seconds."""


def doubt_reused_keys(connection: duckdb.DuckDBPyConnection, object_name: str) -> None:
    """Record the rows of `temp._duplicates` that give way to another record; those that conflict are quarantined."""
    if object_name not in MEANINGS:
        return
    query = f"""
        SELECT '{OBJECTS[object_name].key[0]}' AS "column", d.key, d._file AS file, d._line AS line,
            concat_ws('; ', {", ".join(_told(column) for column in _compared(object_name))},
                'what stands in ' || k._file || ':' || k._line || ' is loaded') AS found
        FROM temp._duplicates d
        JOIN clean.{quoted(object_name)} o ON o._row = d._row
        JOIN clean.{quoted(object_name)} k ON k._row = d.kept_row
        WHERE d.verdict NOT IN ('kept', 'conflict', 'exact copy') AND {is_another(object_name)}
    """
    doubts.record(connection, f"clean/{object_name}", object_name, DoubtCode.KEY_TWICE, query)


def is_another(object_name: str) -> str:
    """Return the SQL for whether the row `o` is another record than the row `k`, which has its key."""
    meaning = MEANINGS[object_name]
    other_time = f"abs(epoch(o.created_at) - epoch(k.created_at)) >= {_MINUTE}"
    if object_name == "messages":
        signs = [_differs(meaning.place), _differs(meaning.person), _differs(meaning.address), other_time]
        return f"({' OR '.join(f'coalesce({sign}, FALSE)' for sign in signs)})"
    if object_name == "tickets":
        # Any of the three may change; two of them at once make another ticket.
        signs = [_differs(meaning.place), _differs(meaning.says), other_time]
        return " + ".join(f"coalesce({sign}, FALSE)::INTEGER" for sign in signs) + " >= 2"
    theirs = [column for column in _compared(object_name) if column != meaning.says]
    agrees = " OR ".join(f"coalesce(NOT {_differs(column)}, FALSE)" for column in theirs)
    differs = " OR ".join(f"coalesce({_differs(column)}, FALSE)" for column in theirs)
    shared = f"list_has_any({words_of(f'o.{meaning.says}')}, {words_of(f'k.{meaning.says}')})"
    return f"""
        coalesce({_differs(meaning.says)}, TRUE) AND NOT ({agrees}) AND ({differs} OR coalesce(NOT {shared}, FALSE))
    """


def _compared(object_name: str) -> list[str]:
    """Return the columns by which two records of one key are told apart, but for texts that are long."""
    meaning, there = MEANINGS[object_name], OBJECTS[object_name].by_name
    columns = (meaning.place, meaning.person, meaning.says, meaning.address, *ALSO_THEIRS)
    return [column for column in columns if column in there and there[column].kind != "html"]


def _differs(column: str) -> str:
    return f"(lower(trim(o.{column})) <> lower(trim(k.{column})))"


def _told(column: str) -> str:
    return f"if({_differs(column)}, '{column} ' || o.{column} || ', there ' || k.{column}, NULL)"
