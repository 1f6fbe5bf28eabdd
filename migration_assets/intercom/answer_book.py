"""The book of a load's answers: opened with what earlier runs left open, and kept in `verdict.answers` at its end."""

from collections.abc import Sequence
from typing import Any

import polars as pl

from migration_assets.accounting.load_figures import ANSWERS, begin_answers
from migration_assets.accounting.open_answers import view_open_answers
from migration_assets.objects.carrying import carried_fields
from migration_assets.objects.explaining import judge_answers
from migration_assets.objects.registry import declarations
from migration_assets.writing.answers import EXAMPLES, AnswerBook, AnswerTally, why_stopped
from migration_assets.writing.environment import Environment
from resources.warehouse import insert_frame

_BEFORE = """
SELECT o.object, o.source_key, o.field, e.field IS NULL AS settled
FROM plan.answered_otherwise o LEFT JOIN open_answers e USING (object, source_key, field)
WHERE list_contains(?, o.object)
"""
_PLANNED = """
SELECT object, count(DISTINCT source_key) FROM plan.writes WHERE list_contains(?, object) GROUP BY object
"""
_OPEN = "SELECT source_key FROM open_answers WHERE object = ? AND field = ? ORDER BY source_key"
_SCHEMA: dict[str, Any] = {
    "object": pl.String,
    "field": pl.String,
    "carried": pl.Int64,
    "otherwise": pl.Int64,
    "examples": pl.List(pl.String),
}


def open_book(env: Environment, objects: Sequence[str]) -> AnswerBook:
    """Return the book for a load of these objects; the journal's news must have been read."""
    with env.warehouse.connect() as connection:
        view_open_answers(connection)
        rows = connection.execute(_BEFORE, [list(objects)]).fetchall()
        planned = dict(connection.execute(_PLANNED, [list(objects)]).fetchall())
        stood = {
            (name, field): records
            for name in objects
            for field, records in carried_fields(connection, declarations()[name]).items()
        }
    before: dict[tuple[str, str], set[str]] = {}
    for name, key, field, _ in rows:
        before.setdefault((name, key), set()).add(field)
    return AnswerBook(
        judge_answers,
        before=before,
        settled=[row[:3] for row in rows if row[3]],
        stood=stood,
        planned=planned,
        accepted=env.accepted_answers,
        tell=env.tell,
    )


def stopped_because(env: Environment, book: AnswerBook) -> str | None:
    """Return why the book has stopped a load, once everything that was under way has ended; None where it has not.

    Its numbers are the journal's, as those of the verdict are; its news must have been read.
    """
    if book.stops_for is None:
        return None
    name, field = book.stops_for
    with env.warehouse.connect() as connection:
        view_open_answers(connection)
        keys = [key for (key,) in connection.execute(_OPEN, [name, field]).fetchall()]
        carried = carried_fields(connection, declarations()[name]).get(field, 0)
    return why_stopped(name, field, AnswerTally(max(carried, len(keys)), len(keys), keys[:EXAMPLES]))


def keep_book(env: Environment, objects: Sequence[str], book: AnswerBook) -> None:
    """Write the book's numbers in place of what the present run has written for these objects."""
    rows = [(name, field, one.carried, one.otherwise, one.examples) for (name, field), one in book.tallies.items()]
    with env.warehouse.connect() as connection:
        begin_answers(connection)
        connection.execute(f"DELETE FROM {ANSWERS} WHERE list_contains(?, object)", [list(objects)])
        insert_frame(connection, ANSWERS, pl.DataFrame(rows, schema=_SCHEMA, orient="row"))
