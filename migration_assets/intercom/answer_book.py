"""The book of a load's answers: opened with what earlier runs left open, and kept in `verdict.answers` at its end."""

from collections.abc import Sequence
from typing import Any

import polars as pl

from migration_assets.accounting.load_figures import ANSWERS, begin_answers
from migration_assets.objects.explaining import judge_answers
from migration_assets.writing.answers import AnswerBook
from migration_assets.writing.environment import Environment
from resources.warehouse import insert_frame

_BEFORE = """
SELECT object, source_key, list(field) FROM plan.answered_otherwise
WHERE list_contains(?, object) GROUP BY object, source_key
"""
_STOOD = """
SELECT object, count(DISTINCT source_key) FROM plan.journal
WHERE list_contains(?, object) AND state = 'confirmed' GROUP BY object
"""
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
        rows = connection.execute(_BEFORE, [list(objects)]).fetchall()
        stood = dict(connection.execute(_STOOD, [list(objects)]).fetchall())
    before = {(name, key): frozenset(fields) for name, key, fields in rows}
    return AnswerBook(judge_answers, before=before, stood=stood, accepted=env.accepted_answers, tell=env.tell)


def keep_book(env: Environment, objects: Sequence[str], book: AnswerBook) -> None:
    """Write the book's numbers in place of what the present run has written for these objects."""
    rows = [(name, field, one.carried, one.otherwise, one.examples) for (name, field), one in book.tallies.items()]
    with env.warehouse.connect() as connection:
        begin_answers(connection)
        connection.execute(f"DELETE FROM {ANSWERS} WHERE list_contains(?, object)", [list(objects)])
        insert_frame(connection, ANSWERS, pl.DataFrame(rows, schema=_SCHEMA, orient="row"))
