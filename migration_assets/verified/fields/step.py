"""One step of a verification: counts and reads back the objects of one group, compares them, and keeps the figures.

It holds the journal while it reads, so that nobody writes meanwhile, and hears the orders to pause and to stop.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

import migration_assets.intercom.load_step as loading
from migration_assets.ground.migration_name import migration_name
from migration_assets.intercom.load_step import count_what_stands
from migration_assets.objects.registry import load_order, read_backs
from migration_assets.objects.touch_book import TouchBook, touched_records
from migration_assets.verified.fields.applied_writes import note_applied_writes, reread
from migration_assets.verified.fields.compare import COUNTS, compare, counts, take_in
from migration_assets.verified.fields.filled import note_filled
from migration_assets.verified.fields.groups import groups, sources_of
from migration_assets.verified.fields.reading import ask, read_further
from migration_assets.verified.fields.recorder import Recorder
from migration_assets.writing.environment import Environment, Progress, environment_of, silent, unseen
from migration_assets.writing.failure import step_failure
from migration_assets.writing.records import Stopped
from migration_assets.writing.signals import asked_to_stop
from migration_assets.writing.telling import Log, telling
from resources.intercom.client import Intercom
from resources.intercom.errors import IntercomError
from resources.journal import Command, Journal, JournalError, Run
from resources.migration_run import MigrationRun
from resources.warehouse import scalar
from schemas.intercom import Answer

ASKED_AGAIN = 1000
"""Records that differ are asked for once more by their id, at most so many: what a search shows may be old."""

PAUSE_LOOK = 0.2
"""Seconds between two looks at whether a pause is over."""

Count = Callable[[MigrationRun, Environment, str, str], Awaitable[None]]
"""Counts what stands of an object, given with the ticket type, while everything that it reads is shown to us."""

_START = (Path(loading.__file__).parent / "start.sql").read_text(encoding="utf-8")


def run_verification(run: MigrationRun, name: str, log: Log) -> dict[str, Any]:
    """Read back and compare the objects of the asset `name`; return its metadata, the same numeric keys each time.

    Raises:
        dagster.Failure: it was stopped, or Intercom cannot be read; says why and what to do.
    """
    with run.warehouse.connect() as connection:
        migration = migration_name(connection)
    before, began = run.workspace.calls.snapshot(), time.monotonic()
    try:
        with run.journal.writing(migration, Run(run_id=run.run_id, kind="verify")) as journal:
            accepted = frozenset(run.drop.load_mapping().accepted_answers)
            run.workspace.call(lambda client: GroupVerification(run, client, journal, name, accepted=accepted).run(log))
    except (Stopped, JournalError, IntercomError) as error:
        raise step_failure(error, "Nothing was written. Run make verify again.") from error
    after = run.workspace.calls.snapshot()
    with run.warehouse.connect() as connection:
        objects = groups()[name]
        found = counts(connection, objects)
        chosen = "SELECT count(*) FROM verified.chosen WHERE list_contains(?, object)"
        records = scalar(connection, chosen, [list(objects)])
        touched = touched_records(connection, objects)
    return {
        "dagster/row_count": records,
        **{key: found[key] for key in COUNTS},
        "touched_since": touched,
        "calls": after["total"] - before["total"],
        "rate_limited": after["rate_limited"] - before["rate_limited"],
        "seconds_throttled": round(after["seconds_waited"] - before["seconds_waited"], 1),
        "seconds": round(time.monotonic() - began, 1),
    }


class GroupVerification:
    """The verification of one group of objects, within one session.

    `count` may be one that changes nothing; `accepted` are the fields that the mapping accepts as Intercom shows them.
    """

    def __init__(
        self,
        run: MigrationRun,
        client: Intercom,
        journal: Journal,
        name: str,
        count: Count = count_what_stands,
        *,
        accepted: Collection[str] = frozenset(),
    ) -> None:
        self._run, self._journal, self._how_to_count, self._accepted = run, journal, count, accepted
        with run.warehouse.connect() as connection:
            ((self._ticket_type,),) = connection.execute("SELECT ticket_type FROM plan.options").fetchall()
        self._again = run.options.verify_only == "differences"
        self._objects = groups()[name]
        self._sources = sources_of(self._objects)
        self._stage = f"verify {name}"
        self._tell: Progress = silent
        self._touches = TouchBook(run.warehouse, journal, self._objects)
        self._recorder = Recorder(run.warehouse, {}, judge=self._touches.take)
        self._env = environment_of(run, client, journal, seen=self._see)

    async def run(self, log: Log | None = None) -> None:
        """Count, read, compare; what differs is read once more by its id before it is called a difference.

        Raises:
            Stopped: it was asked to stop.
            IntercomError: Intercom cannot be read.
        """
        async with telling(self._journal, log) as self._tell:
            await self._read()

    async def _read(self) -> None:
        warehouse = self._run.warehouse
        self._touches.start(again=self._again)
        self._begin(differing=self._again)
        if self._again and not self._total:
            return
        for source in self._sources:
            if source.learn is not None:
                self._recorder.learnt[source.name] = await source.learn(self._env)
        if not self._again:
            await self._count()
            for source in self._sources:
                if source.search is not None:
                    await source.search(self._env, len(self._recorder.ours[source.name]))
        await self._ask_for_the_rest()
        self._compare()
        with warehouse.connect() as connection:
            reread(connection, self._objects, differing=True)
            differing = scalar(connection, "SELECT count(*) FROM verified.reread")
        if not self._again and differing > 0 and await self._worth_asking():
            self._stage += ", once more"
            self._begin(differing=True)
            await self._ask_for_the_rest()
            self._compare()

    def _begin(self, *, differing: bool) -> None:
        """Choose what is read now, and forget what was shown before."""
        with self._run.warehouse.connect() as connection:
            note_applied_writes(connection)
            note_filled(connection, self._journal)
            reread(connection, self._objects, differing=differing)
            ours = {source: _ids(connection, source.object) for source in self._sources}
        self._recorder.ours = {source.name: ids for source, ids in ours.items() if source.by_id is not None}
        self._recorder.read = {}
        self._recorder.start()
        self._total = sum(map(len, self._recorder.ours.values())) or sum(map(len, ours.values()))
        self._tell(self._stage, 0, self._total, self._env.client.calls.total)

    async def _worth_asking(self) -> bool:
        with self._run.warehouse.connect() as connection:
            ids = {source.object for source in sources_of(tuple(read_backs()))}
            query = "SELECT count(*) FROM verified.reread WHERE list_contains(?, object)"
            return scalar(connection, query, [sorted(ids)]) <= ASKED_AGAIN

    async def _count(self) -> None:
        """Count what stands as a load does, which shows us what it reads."""
        for name in (name for name in load_order() if name in self._objects):
            with self._run.warehouse.connect() as connection:
                connection.execute(_START, {"object": name})
            env = self._env if read_backs()[name].shown_while_counted else replace(self._env, seen=unseen)
            await self._how_to_count(self._run, env, name, self._ticket_type)

    async def _ask_for_the_rest(self) -> None:
        for source in self._sources:
            await ask(self._env, self._recorder, source)
        await read_further(self._env, self._recorder, self._objects)

    def _compare(self) -> None:
        self._recorder.flush()
        with self._run.warehouse.connect() as connection:
            # What is gone was found out by counting.
            note_applied_writes(connection)
            take_in(connection, self._objects)
            compare(connection, self._objects, self._accepted)

    async def _see(self, answers: Sequence[Answer]) -> None:
        """Keep what was read, say how far it is, and do what somebody at another terminal wants."""
        self._recorder.take(answers)
        done = min(self._total, sum(map(len, self._recorder.read.values())))
        self._tell(self._stage, done, self._total, self._env.client.calls.total)
        while self._journal.run_command.command is Command.PAUSE:
            await asyncio.sleep(PAUSE_LOOK)
        if self._journal.run_command.command is Command.STOP:
            raise Stopped(asked_to_stop(self._journal.run_command), asked=True)


def _ids(connection: duckdb.DuckDBPyConnection, object_name: str) -> frozenset[str]:
    query = (
        "SELECT k.intercom_id FROM verified.applied_writes k SEMI JOIN verified.reread r "
        "ON r.object = k.object AND r.source_key = k.source_key WHERE k.object = ?"
    )
    return frozenset(key for (key,) in connection.execute(query, [object_name]).fetchall())
