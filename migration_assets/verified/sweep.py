"""The sweep: after the load Intercom is asked for everything that is ours, for what is missing, orphaned or twice.

What is there twice, is equal to ours and was touched by nobody is taken back; everything else is told. Its decisions
are `strays.sql` over what Intercom shows, and `duplicate_rules.py` over the few that are read again one by one.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TypeVar

import duckdb
import polars as pl

from migration_assets.ground.migration_name import INTO
from migration_assets.intercom.step import last_write
from migration_assets.objects.conversation.tickets import read_at, read_tickets
from migration_assets.objects.registry import written_parts
from migration_assets.plan.plan import refresh_verdicts
from migration_assets.verified.deduplicate import GONE, Copy, look_back, take_back
from migration_assets.verified.duplicate_rules import SeenConversation, why_left, why_part_left
from migration_assets.verified.opening_messages import read_openings
from migration_assets.verified.verdict import keep_sweep, leave
from migration_assets.writing.environment import Environment
from migration_assets.writing.resolve import UnknownWrite, leftovers, wait_until
from resources.intercom.client import Intercom
from resources.intercom.errors import IntercomError
from resources.journal.records import DUPLICATE
from resources.warehouse import fetch_frame, insert_frame

_HERE = Path(__file__).parent
WRITTEN = ("conversation", "part", "conversation_tag")
DAY = 86_400
FIRST_OF_RUN = "SELECT min(intent_at) FROM plan.journal WHERE run_id = ? AND list_contains(?, object)"
BOUND_ELSEWHERE = {"object": pl.String, "intercom_id": pl.String}
TWICE = """
SELECT object, source_key, intercom_id, ours_id, conversation_id, is_ticket FROM verdict.strays
WHERE kind = 'twice' AND outcome IS NULL ORDER BY object, intercom_id
"""
MISSING = "SELECT object, intercom_id, conversation_id FROM verdict.strays WHERE kind = 'missing'"
Item = TypeVar("Item")
Found = TypeVar("Found")


READ_ONLY = "a verification takes nothing back; the next make migrate does"
"""Why a copy was left that would be taken back after a load."""


async def sweep(env: Environment, run_id: str, *, heal: bool = True) -> None:
    """Ask, decide, take back what may be (with `heal`), and write `verdict.strays` and `verdict.sweep`.

    Raises:
        Stopped: it was asked to stop.
        IntercomError: Intercom cannot be read.
        resources.journal.JournalError: something could not be journalled.
    """
    with env.warehouse.connect() as connection:
        refresh_verdicts(connection, env.journal)
        ((route, ticket_type),) = connection.execute("SELECT route, ticket_type FROM plan.options").fetchall()
        ((own_admin,),) = connection.execute("SELECT migration_admin_id FROM plan.own_admins").fetchall()
    await _read(env, run_id, ticket_type)
    openings = await read_openings(env, route)
    finished = await look_back(env, _open_writes(env))
    migrations = _of_this_workspace(env)
    with env.warehouse.connect() as connection:
        _keep_bound_elsewhere(connection, env, migrations)
        connection.execute((_HERE / "strays.sql").read_text())
    await _forget_what_is_there(env)
    copies = await _copies(env, own_admin)
    if heal:
        await take_back(env, copies, migrations)
    else:
        with env.warehouse.connect() as connection:
            for copy in copies:
                leave(connection, copy, READ_ONLY)
    await look_back(env, _open_writes(env))
    with env.warehouse.connect() as connection:
        refresh_verdicts(connection, env.journal)
        keep_sweep(connection, finished, openings)


async def _read(env: Environment, run_id: str, ticket_type: str) -> None:
    """Read the tickets, unless the load's count did so when everything written had had its time to settle."""
    settled = last_write(env.warehouse, WRITTEN) + env.settle_seconds
    with env.warehouse.connect() as connection:
        read = read_at(connection)
        ((first,),) = connection.execute(FIRST_OF_RUN, [run_id, list(WRITTEN)]).fetchall()
    if read is not None and read >= settled:
        return
    await wait_until(settled, env.journal)
    # What this run did not touch was read before. Intercom may take a day, in its own time zone, for the second.
    since = None if read is None or first is None else int(first) - 2 * DAY
    await read_tickets(env, ticket_type, since)


def _open_writes(env: Environment) -> list[UnknownWrite]:
    with env.warehouse.connect() as connection:
        refresh_verdicts(connection, env.journal)
        return leftovers(connection, [DUPLICATE])


def _of_this_workspace(env: Environment) -> list[str]:
    """Return the migrations whose records are in the same workspace, this one included."""
    workspace = env.journal.migration.partition(INTO)[2]
    return [name for name in env.journal.migrations() if name.partition(INTO)[2] == workspace]


def _keep_bound_elsewhere(connection: duckdb.DuckDBPyConnection, env: Environment, migrations: Sequence[str]) -> None:
    """Write what belongs to other migrations to `plan.bound_elsewhere`: their tickets may have the same type."""
    empty = pl.DataFrame(schema=BOUND_ELSEWHERE)
    insert_frame(connection, "plan.bound_elsewhere", empty, create=True)
    others = [name for name in migrations if name != env.journal.migration]
    if others:
        objects = sorted({name for item in written_parts() for name in (item.name, item.part_of or item.name)})
        for frame in env.journal.bound(others, objects):
            insert_frame(connection, "plan.bound_elsewhere", frame)


async def _forget_what_is_there(env: Environment) -> None:
    """Ask for each missing record by its id, since no list proves that something is not there."""
    with env.warehouse.connect() as connection:
        missing = fetch_frame(connection, MISSING).to_dicts()
    ids = sorted({row["conversation_id"] or row["intercom_id"] for row in missing})
    seen = dict(zip(ids, await _each(env, ids, lambda found: _conversation(env.client, found)), strict=True))
    with env.warehouse.connect() as connection:
        for row in missing:
            there = seen[row["conversation_id"] or row["intercom_id"]]
            shown = there is not None and (
                row["object"] == "conversation" or row["intercom_id"] in {part.id for part in there.conversation.parts}
            )
            if shown:
                connection.execute(
                    "DELETE FROM verdict.strays WHERE kind = 'missing' AND object = ? AND intercom_id = ?",
                    [row["object"], row["intercom_id"]],
                )


async def _copies(env: Environment, own_admin: str) -> list[Copy]:
    """Look at everything that is there twice as it is now, and return what may be taken back."""
    with env.warehouse.connect() as connection:
        rows = fetch_frame(connection, TWICE).to_dicts()
    copies = [Copy(**row) for row in rows]
    reasons = await _each(env, copies, lambda copy: _why_left(env.client, copy, own_admin))
    with env.warehouse.connect() as connection:
        for copy, reason in zip(copies, reasons, strict=True):
            if reason is not None:
                leave(connection, copy, reason)
    return [copy for copy, reason in zip(copies, reasons, strict=True) if reason is None]


async def _why_left(client: Intercom, copy: Copy, own_admin: str) -> str | None:
    if copy.object == "part":
        there = await _conversation(client, str(copy.conversation_id))
        parts = there.conversation.parts if there is not None else []
        return why_part_left(copy.intercom_id, copy.ours_id, parts)
    seen = await _conversation(client, copy.intercom_id, is_ticket=copy.is_ticket)
    ours = await _conversation(client, copy.ours_id, is_ticket=copy.is_ticket)
    if seen is None or ours is None:
        return "one of the two is not there any more"
    return why_left(seen, ours, own_admin)


async def _conversation(client: Intercom, conversation_id: str, *, is_ticket: bool = False) -> SeenConversation | None:
    """Read a conversation as it is now; None if it is not there."""
    try:
        ticket = await client.get_ticket(conversation_id) if is_ticket else None
        return SeenConversation(await client.get_conversation(conversation_id), ticket)
    except IntercomError as error:
        if error.status in GONE:
            return None
        raise


async def _each(env: Environment, items: Sequence[Item], work: Callable[[Item], Awaitable[Found]]) -> list[Found]:
    """Do `work` with every item, as many at a time as the load does."""
    slots = asyncio.Semaphore(env.concurrency)

    async def one(item: Item) -> Found:
        async with slots:
            return await work(item)

    return list(await asyncio.gather(*map(one, items)))
