"""Keeps what somebody but us has done to our records since, while Intercom's answers are read: `observed.touches`.

What is ours is known from the journal. The latest answer about a record takes the place of what an earlier one showed.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import duckdb
import polars as pl

from migration_assets.objects.registry import declarations, journal_objects, rooms
from migration_assets.objects.tables import known_records, open_objects
from migration_assets.objects.touches import Judge, Touch, TouchContext, TouchReading, own_admins
from migration_assets.writing.touch_rules import left_of
from migration_assets.writing.workspace_answers import known_answers
from resources.journal import Journal
from resources.journal.applied_writes import APPLIED_SCHEMA
from resources.warehouse import Warehouse, fetch_frame, insert_frame, scalar, table_exists
from schemas.intercom import Answer

SCHEMA: dict[str, Any] = dict.fromkeys(
    ("object", "source_key", "intercom_id", "shown_by", "code", "what", "by", "part_id"), pl.String
) | {"at": pl.Int64}
"""One row per touch; `shown_by` is the kind of answer that shows it."""
BELONGING = """(
    SELECT s.*, coalesce(o.part_of, w.record_object, s.object) AS record_object,
        if(o.part_of IS NULL AND w.object IS NULL, s.source_key, s.parent_key) AS record_key,
        o.part_of IS NULL AND w.object IS NULL AND s.operation IN ('create', 'upsert', 'attach') AS makes
    FROM observed.applied_writes s LEFT JOIN intercom_objects o ON o.name = s.object
    LEFT JOIN touch_worn w ON w.object = s.object
    -- What hangs on a record is missed only where the other record, to which it leads, is not taken back by us.
    WHERE w.object IS NULL OR EXISTS (
        SELECT 1 FROM observed.applied_writes other
        WHERE other.object = w.leads_to AND other.intercom_id = split_part(s.intercom_id, '|', 2))
)"""
WORN = dict.fromkeys(("object", "record_object", "leads_to"), pl.String)
"""What hangs on a record and is judged with it, and the object of the other record, to which it leads."""
LEFT = "SELECT * FROM observed.touch_left WHERE object = ? AND list_contains(?, intercom_id)"
KNOWN = "SELECT DISTINCT intercom_id FROM plan.journal WHERE object = ? AND list_contains(?, intercom_id)"


def readings(objects: Iterable[str]) -> dict[str, TouchReading]:
    """Return how the answers of these objects show touches; objects whose rooms say nothing of it are left out."""
    found = {name: rooms()[name].touches for name in objects if name in rooms()}
    return {name: reading for name, reading in found.items() if reading is not None}


class TouchBook:
    """Judges the answers of some objects against how the journal says that we left their records."""

    def __init__(self, warehouse: Warehouse, journal: Journal, objects: Iterable[str]) -> None:
        self._warehouse, self._journal = warehouse, journal
        self._readings = readings(objects)
        self._judges: dict[type[Answer], tuple[str, Judge]] = {
            model: (name, judge) for name, reading in self._readings.items() for model, judge in reading.shows.items()
        }
        self._own_admins: frozenset[str] = frozenset()
        self._answers: Mapping[str, str] = {}

    def start(self, *, again: bool = False) -> None:
        """Bring how the records were left out of the journal, and forget what was known of their touches.

        Where only some are looked at `again`, what is known of the others is kept.
        """
        worn = [_worn(name, reading.wears) for name, reading in self._readings.items() if reading.wears]
        written = {name for item in self._readings for name in journal_objects(item)}
        written |= {name for one in worn for name in (one["object"], one["leads_to"])}
        with self._warehouse.connect() as connection:
            if not table_exists(connection, "observed.touches"):
                insert_frame(connection, "observed.touches", pl.DataFrame(schema=SCHEMA), create=True)
            forgotten = [] if again else list(self._readings)
            connection.execute("DELETE FROM observed.touches WHERE list_contains(?::VARCHAR[], object)", [forgotten])
            insert_frame(connection, "observed.applied_writes", pl.DataFrame(schema=APPLIED_SCHEMA), create=True)
            for frame in self._journal.applied_writes(sorted(written)):
                insert_frame(connection, "observed.applied_writes", frame)
            insert_frame(connection, "temp.touch_worn", pl.DataFrame(worn, schema=WORN, orient="row"), create=True)
            open_objects(connection)
            connection.execute(f"CREATE OR REPLACE TABLE observed.touch_left AS {known_records(BELONGING)}")
            connection.execute("DROP TABLE observed.applied_writes")
            connection.execute("DROP TABLE touch_worn")
            self._own_admins, self._answers = own_admins(connection), known_answers(connection)

    def take(self, answers: Sequence[Answer]) -> None:
        """Judge a page of answers; those of records that are not ours say nothing."""
        by_model: dict[type[Answer], list[Any]] = {}
        for answer in answers:
            if type(answer) in self._judges:
                by_model.setdefault(type(answer), []).append(answer)
        for model, judged in by_model.items():
            self._judge(model, judged)

    async def see(self, answers: Sequence[Answer]) -> None:
        """Judge a page, as what is read while everything is counted is shown."""
        self.take(answers)

    def _judge(self, model: type[Answer], answers: Sequence[Any]) -> None:
        name, judge = self._judges[model]
        ids = [str(answer.id) for answer in answers]
        other, refers = self._readings[name].refers
        with self._warehouse.connect() as connection:
            left = {row["intercom_id"]: row for row in fetch_frame(connection, LEFT, [name, ids]).to_dicts()}
            named = [one for answer in answers if answer.id in left for one in refers(answer)] if left else []
            known = fetch_frame(connection, KNOWN, [other, named])["intercom_id"].to_list() if named else []
            context = TouchContext(frozenset(known), self._own_admins, self._answers, self._journal.took_back)
            rows = [
                _row(left[answer.id], model, touch)
                for answer in answers
                if answer.id in left
                for touch in judge(answer, left_of(left[answer.id]), context)
            ]
            connection.execute(
                "DELETE FROM observed.touches WHERE object = ? AND shown_by = ? AND list_contains(?, intercom_id)",
                [name, model.__name__, ids],
            )
            if rows:
                insert_frame(connection, "observed.touches", pl.DataFrame(rows, schema=SCHEMA, orient="row"))


def touched_records(connection: duckdb.DuckDBPyConnection, objects: Sequence[str]) -> int:
    """Return how many records of these objects somebody has touched since, as far as was looked."""
    if not table_exists(connection, "observed.touches"):
        return 0
    query = "SELECT count(DISTINCT row(object, source_key)) FROM observed.touches WHERE list_contains(?, object)"
    return scalar(connection, query, [list(objects)])


def _worn(record_object: str, name: str) -> dict[str, str]:
    """Return a row of `touch_worn`: what hangs on a record, the record's object, and that to which it leads."""
    leads_to = next(one.object for one in declarations()[name].references if one.object != record_object)
    return {"object": name, "record_object": record_object, "leads_to": leads_to}


def _row(known: Mapping[str, Any], model: type[Answer], touch: Touch) -> dict[str, Any]:
    keys = {name: known[name] for name in ("object", "source_key", "intercom_id")}
    what = {"code": touch.code.value, "what": touch.what, "by": touch.by, "part_id": touch.part_id, "at": touch.at}
    return {**keys, "shown_by": model.__name__, **what}
