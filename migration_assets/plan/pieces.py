"""The plan's SQL, filled with what the rooms say of their objects. Read from the registry whenever a plan is made."""

from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import duckdb
import polars as pl

from migration_assets.objects.declaration import Declaration, Requirement
from migration_assets.objects.registry import declarations, rooms
from migration_assets.objects.room import Room
from resources.warehouse import insert_frame
from schemas.mapping_settings import RouteName

_HERE = Path(__file__).parent
_CALLS = {"object": pl.String, "operation": pl.String, "calls": pl.Int64}
NO_HOLDS = "SELECT NULL::VARCHAR AS object, NULL::VARCHAR AS source_key, NULL::INTEGER AS rank, NULL::VARCHAR AS reason"
NOTHING_OFF = "SELECT *, 0 AS step FROM put_on WHERE FALSE"


def planned() -> list[Room]:
    """Return the rooms of the objects that writes are planned of; files go with the parts that carry them."""
    return [room for room in rooms().values() if room.loader is not None or room.declaration.parent is not None]


def count_calls(connection: duckdb.DuckDBPyConnection, route: RouteName) -> None:
    """Write `plan.calls`, of the writes that take several."""
    calls = [
        (room.name, operation, number)
        for room in planned()
        for (on, operation), number in room.plan.calls.items()
        if on == route
    ]
    insert_frame(connection, "plan.calls", pl.DataFrame(calls, schema=_CALLS, orient="row"), create=True)


def scripts() -> Iterator[str]:
    """Yield the statements that write plan.needs, plan.scope, plan.taken_off and plan.desired, in their order."""
    yield from (_read(room.plan.records) for room in planned() if room.plan.records is not None)
    yield f"CREATE OR REPLACE VIEW plan.needs AS {union(_needs())}"
    yield "CREATE OR REPLACE TABLE plan.scope (object VARCHAR, source_key VARCHAR)"
    yield from (_scope(declarations()[name]) for name in _scope_order())
    desired = [
        _read(room.plan.desired) if room.plan.desired else _fill("desired.sql", room.declaration) for room in planned()
    ]
    off = [_read(room.plan.taken_off) for room in planned() if room.plan.taken_off is not None]
    yield _replaced("writes.sql", desired=union(desired), taken_off=union([NOTHING_OFF, *off]))


def judging() -> Iterator[str]:
    """Yield the statements that give every write its verdict, in their order."""
    apart = [room for room in planned() if room.plan.wanted is not None]
    yield from (_read(room.plan.wanted) for room in apart if room.plan.wanted is not None)
    holds = [_read(room.plan.holds) for room in planned() if room.plan.holds is not None]
    yield _replaced(
        "verdicts.sql",
        wanted_apart=", ".join([f"'{room.name}'" for room in apart] or ["''"]),
        wanted="\n".join(f"UNION ALL BY NAME FROM plan.wanted_{room.declaration.plural}" for room in apart),
        holds=union(holds or [NO_HOLDS]),
    )


def actions() -> str:
    """Return the statements that decide on one action per record."""
    records = [
        f"SELECT '{one.name}' AS object, t.source_key FROM {one.target} t WHERE {one.where}"
        for one in (room.declaration for room in planned())
        if not one.relation
    ]
    return _replaced("actions.sql", records=union(records))


def unplanned() -> str:
    """Return the query of how many records in scope have no action, though their object is always planned."""
    wanted = [
        f"SELECT '{one.name}' AS object, t.source_key FROM {one.records} t SEMI JOIN "
        f"(FROM plan.scope WHERE object = '{one.name}') s ON s.source_key = t.source_key WHERE {one.where}"
        for one in (room.declaration for room in planned())
        if one.parent is None
    ]
    return f"SELECT count(*) FROM ({union(wanted)}) wanted ANTI JOIN plan.actions USING (object, source_key)"


def _scope_of(one: Declaration) -> tuple[str, str]:
    """Return the object by whose records it is decided what of `one` is planned, and the column with their keys."""
    return (one.parent_object, one.parent) if one.parent_object and one.parent else (one.name, "source_key")


def _requirements() -> Iterator[tuple[Declaration, Requirement]]:
    yield from ((room.declaration, need) for room in planned() for need in room.declaration.references)


def _scope_order() -> list[str]:
    """Return the objects that have a scope of their own, each after those whose records may need it."""
    after: dict[str, set[str]] = {room.name: set() for room in planned() if room.declaration.parent is None}
    for one, need in _requirements():
        by = _scope_of(one)[0]
        if by != need.object:
            after[need.object].add(by)
    return list(TopologicalSorter(after).static_order())


def _scope(one: Declaration) -> str:
    if one.limited_by is not None:
        return _fill("scope_limited.sql", one, limited_by=one.limited_by)
    needed = any(need.object == one.name and _scope_of(by)[0] != one.name for by, need in _requirements())
    return _fill("scope.sql", one, unneeded=str(not needed).upper())


def _needs() -> list[str]:
    return [
        _fill(
            "needs.sql",
            one,
            needed=need.object,
            column=need.column,
            needed_where=need.where,
            essential=str(need.essential).upper(),
        )
        for one, need in _requirements()
    ]


def _fill(name: str, one: Declaration, **more: str) -> str:
    scope_object, scope_column = _scope_of(one)
    return _replaced(
        name,
        object=one.name,
        records=one.records,
        where=one.where,
        record_object=one.record_object,
        record_column=one.record_column,
        scope_object=scope_object,
        scope_column=scope_column,
        operation=one.operation,
        parent=f"t.{one.parent}" if one.parent else "NULL",
        **more,
    )


def _replaced(name: str, **words: str) -> str:
    """Return a file of SQL with its placeholders filled; SQL's own braces stay."""
    text = _read(_HERE / name)
    for word, value in words.items():
        text = text.replace(f"{{{word}}}", value)
    return text


def union(queries: list[str]) -> str:
    """Return the rows of all queries as one query."""
    return "\nUNION ALL\n".join(f"SELECT * FROM (\n{query}\n)" for query in queries)


def _read(path: Path | None) -> str:
    return path.read_text(encoding="utf-8") if path is not None else ""
