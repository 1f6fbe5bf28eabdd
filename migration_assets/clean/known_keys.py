"""What the keys of the drops before stood for: kept in the state folder, so that a later drop can be held against it.

A file per object, a row per key: what it belongs to, its times, and marks of who and what it says; no text of a
customer. What belongs elsewhere: judging by it whether a key still means the same record (`delta.keys`).
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from migration_assets.clean.sql import quoted
from resources.dry_run import KNOWN_KEYS as FOLDER
from resources.warehouse import scalar
from schemas.source import OBJECTS

MARK = "md5({key} || ' ' || nullif(regexp_replace(lower({value}), '\\s+', ' ', 'g'), ''))"
"""With the key in it, so that nobody finds a person's address by its mark."""


ALSO_THEIRS = ("phone", "external_id")
"""What is one person's or company's beside the address that is remembered."""
_NO_NAME = (
    "ag and bv co company corp dr frau gmbh herr inc kg limited llc ltd mr mrs ms nv sa sarl se spa srl the ug und"
)
"""Forms of company and of address: that two names share one of them says nothing."""
_WORDS = r"""
    nullif(list_filter(regexp_split_to_array(lower(strip_accents({name})), '[^\p{{L}}\p{{N}}]+'),
        lambda word: word <> '' AND word NOT IN ({no_name})), [])
"""


@dataclass(frozen=True)
class Meaning:
    """What makes a record of an object the one that it is: columns of `clean.<object>`.

    Attributes:
        place: the key of what it belongs to.
        person: the key of who it is of.
        address: the person's address, of which a mark is kept.
        says: what it says, or its name, of which a mark is kept.
        named: whether what it says is a name, of whose words marks are kept too.
        few: whether there are so few that each can be held against all others; then a name or an address that went
            to another one is told as well.
    """

    place: str = "NULL"
    person: str = "NULL"
    address: str = "NULL"
    says: str = "NULL"
    named: bool = False
    few: bool = False


MEANINGS = {
    "agents": Meaning(address="email", says="name", named=True, few=True),
    "companies": Meaning(address="domain", says="name", named=True),
    "customers": Meaning(address="email", says="name", named=True),
    "tickets": Meaning(place="customer_id", says="subject"),
    "messages": Meaning(place="ticket_id", person="author_id", address="author_email", says="body"),
}
"""The objects whose keys are remembered."""


def words_of(name: str) -> str:
    """Return the SQL for the words of a name by which it is known; NULL where it has none."""
    return _WORDS.format(name=name, no_name=", ".join(f"'{word}'" for word in _NO_NAME.split()))


def columns_of(object_name: str) -> list[str]:
    """Return the columns that are remembered of an object, in their order."""
    return ["key", "place", "person", "address", "says", *ALSO_THEIRS, "words", *times_of(object_name)]


def times_of(object_name: str) -> list[str]:
    """Return the columns of an object that are times."""
    return [column.name for column in OBJECTS[object_name].columns if column.kind == "timestamp"]


def meaning_query(object_name: str) -> str:
    """Return the query for what the keys of `clean.<object>` stand for now."""
    meaning = MEANINGS[object_name]
    key = OBJECTS[object_name].key[0]
    marks = {"address": meaning.address, "says": meaning.says}
    marks |= {name: name if name in OBJECTS[object_name].by_name else "NULL" for name in ALSO_THEIRS}
    parts = {"place": meaning.place, "person": meaning.person}
    parts |= {name: MARK.format(key=key, value=column) for name, column in marks.items()}
    columns = ", ".join(f"{sql}::VARCHAR AS {name}" for name, sql in parts.items())
    marked = MARK.format(key=key, value="word")
    words = f"list_transform({words_of(meaning.says)}, lambda word: {marked})" if meaning.named else "NULL"
    columns += f", ({words})::VARCHAR[] AS words"
    times = "".join(f"{column}, " for column in times_of(object_name))
    return f"SELECT {key} AS key, {columns}, {times}_file, _line FROM clean.{quoted(object_name)}"


def file_of(state: Path, instance: str, object_name: str) -> Path:
    """Return the file that remembers an object's keys of a source instance."""
    folder = hashlib.sha256(instance.encode()).hexdigest()[:12]
    return state / FOLDER / folder / f"{object_name}.parquet"


def instance_of(connection: duckdb.DuckDBPyConnection) -> str:
    """Return which source the landed drop is from; empty where none is landed."""
    rows = connection.execute("SELECT source_instance FROM raw.extract").fetchall()
    return str(rows[0][0]) if rows else ""


@contextmanager
def remembered(connection: duckdb.DuckDBPyConnection, state: Path, object_name: str) -> Iterator[bool]:
    """Give the view `known` of what is remembered of an object, or tell that nothing is."""
    path = file_of(state, instance_of(connection), object_name) if (state / FOLDER).exists() else None
    if path is None or not path.exists():
        yield False
        return
    place = str(path).replace("'", "''")
    there = {name for name, *_ in connection.execute(f"DESCRIBE FROM read_parquet('{place}')").fetchall()}
    # A folder of an earlier version remembers less.
    lacks = [f"NULL::VARCHAR AS {name}" for name in ALSO_THEIRS if name not in there]
    lacks += ["NULL::VARCHAR[] AS words"] if "words" not in there else []
    columns = ", ".join(["*", *lacks])
    connection.execute(f"CREATE OR REPLACE TEMP VIEW known AS SELECT {columns} FROM read_parquet('{place}')")
    try:
        yield True
    finally:
        connection.execute("DROP VIEW IF EXISTS temp.known")


def keep(connection: duckdb.DuckDBPyConnection, state: Path, object_name: str, query: str) -> None:
    """Replace what is remembered of an object by what a query gives, in one step."""
    path = file_of(state, instance_of(connection), object_name)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_suffix(".new")
    place = str(fresh).replace("'", "''")
    connection.execute(f"COPY ({query}) TO '{place}' (FORMAT parquet, COMPRESSION zstd)")
    with fresh.open("rb") as file:
        os.fsync(file.fileno())
    fresh.replace(path)


def give_back_seconds(connection: duckdb.DuckDBPyConnection, state: Path, object_name: str) -> dict[str, int]:
    """Put back the seconds of times that only lost or gained them since an earlier drop; how many, by column.

    Only where the record is the same by its key and by what it belongs to. With another time, each of them would count
    as changed, and two of one minute as the same.
    """
    given: dict[str, int] = {}
    if object_name not in MEANINGS:
        return given
    place = MEANINGS[object_name].place
    key = OBJECTS[object_name].key[0]
    with remembered(connection, state, object_name) as there:
        for column in times_of(object_name) if there else []:
            same = f"""
                FROM known k WHERE c.{key} = k.key AND ({place})::VARCHAR IS NOT DISTINCT FROM k.place
                AND c.{column} <> k.{column} AND (
                    abs(epoch(c.{column}) - epoch(k.{column})) < 1
                    OR abs(epoch(c.{column}) - epoch(k.{column})) < 60
                        AND (c.{column} = date_trunc('minute', c.{column})
                            OR k.{column} = date_trunc('minute', k.{column}))
                )
            """
            table = f"clean.{quoted(object_name)}"
            count = scalar(connection, f"SELECT count(*) FROM {table} c WHERE EXISTS ({same})")
            if count:
                connection.execute(f"UPDATE {table} c SET {column} = k.{column} {same}")
                given[column] = count
    return given
