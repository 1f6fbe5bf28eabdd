"""What was loaded and is in Intercom no more: somebody deleted, archived or merged it there.

Of a merged contact the one that it went into is left: it takes its place (merged.py), and nothing is gone.

A list or search that does not show a record proves nothing, so each is asked for by its id. What is gone is written
to `observed.gone`, counts as failed with that reason, holds back what depends on it, and is not written again unless
a person says so.
"""

import asyncio
from collections.abc import Awaitable, Callable

import duckdb
import polars as pl

from migration_assets.intercom.destination_counts import OBSERVED
from migration_assets.objects.contact.merged import follow
from migration_assets.objects.registry import hanging_on
from migration_assets.plan.plan import judge_again, refresh_verdicts
from migration_assets.writing.environment import Environment
from resources.intercom.client import Intercom
from resources.intercom.errors import ContactMerged, IntercomError
from resources.journal import Undoes
from resources.warehouse import insert_frame, scalar

DELETED, ARCHIVED, MERGED = "deleted_in_intercom", "archived_in_intercom", "merged_in_intercom"

MISSING = """
SELECT DISTINCT j.source_key, j.intercom_id, own.intercom_id AS conversation_id
FROM plan.journal j
SEMI JOIN plan.wanted w ON w.object = j.object AND w.source_key = j.source_key AND w.operation <> 'take_off'
ANTI JOIN observed.{table} o ON o.source_key = j.source_key
LEFT JOIN plan.journal own
    ON j.object = 'part' AND own.object = 'conversation' AND own.operation = 'create' AND own.source_key = j.parent_key
WHERE j.object = ? AND j.operation IN ('create', 'upsert', 'attach', 'append') AND j.intercom_id IS NOT NULL
"""
FORGET = """
SELECT DISTINCT object, source_key, code FROM observed.gone WHERE list_contains(?, object)
"""
SCHEMA = {"object": pl.String, "source_key": pl.String, "intercom_id": pl.String, "code": pl.String}

Missing = tuple[str, str, str | None]
"""Our key, Intercom's id, and of a part the id of its conversation."""


async def look_for_deleted(env: Environment, object_name: str, *, short: bool) -> bool:
    """Ask Intercom for each record of an object that was loaded and was not found, and keep what is gone.

    Nothing is asked where nothing is missing (`short` says whether anything is) and nothing was gone before.
    Those that are there after all are added to what was found. The verdicts are made anew if anything changed.

    Returns:
        Whether anything was looked at, so that what was found has to be counted anew.

    Raises:
        IntercomError: Intercom cannot be read.
    """
    if object_name not in OBSERVED:
        return False
    table = OBSERVED[object_name]
    with env.warehouse.connect() as connection:
        if not short and not scalar(connection, "SELECT count(*) FROM observed.gone WHERE object = ?", [object_name]):
            return False
        rows: list[Missing] = connection.execute(MISSING.format(table=table), [object_name]).fetchall()
    codes = await _ask(env, object_name, rows)
    followed = await follow(env, {key: found for key, found, _ in rows if codes[found] == MERGED})
    lost = [(object_name, key, found, codes[found]) for key, found, _ in rows if codes[found] is not None]
    gone = [row for row in lost if row[1] not in followed]
    there = [(key, followed.get(key, found)) for key, found, _ in rows if codes[found] is None or key in followed]
    with env.warehouse.connect() as connection:
        _keep(connection, object_name, gone, there)
        refresh_verdicts(connection, env.journal)
        judge_again(connection)
    return True


def _keep(
    connection: duckdb.DuckDBPyConnection,
    object_name: str,
    gone: list[tuple[str, str, str, str | None]],
    there: list[tuple[str, str]],
) -> None:
    connection.execute("DELETE FROM observed.gone WHERE object = ?", [object_name])
    insert_frame(connection, "observed.gone", pl.DataFrame(gone, schema=SCHEMA, orient="row"))
    if there:
        frame = pl.DataFrame(there, schema={"source_key": pl.String, "intercom_id": pl.String}, orient="row")
        insert_frame(connection, "observed.found_by_id", frame, create=True)
        connection.execute(f"INSERT INTO observed.{OBSERVED[object_name]} BY NAME FROM observed.found_by_id")
        connection.execute("DROP TABLE observed.found_by_id")


async def _ask(env: Environment, object_name: str, rows: list[Missing]) -> dict[str, str | None]:
    """Return what became of each record by Intercom's id, None for what is there."""
    if object_name == "part":
        return await _ask_for_parts(env, rows)
    asking: dict[str, Callable[[Intercom, str], Awaitable[str | None]]] = {
        "contact": _contact,
        "conversation": _conversation,
    }
    if object_name == "tag":
        # Tags are counted by their names; one that was renamed is still worn where we put it.
        tags = {tag.id for tag in await env.client.list_tags()}
        return {found: None if found in tags else DELETED for _, found, _ in rows}
    if object_name not in asking:
        # These were listed, or asked for one by one, when they were counted.
        return {found: DELETED for _, found, _ in rows}
    slots = asyncio.Semaphore(env.concurrency)

    async def one(intercom_id: str) -> str | None:
        async with slots:
            return await asking[object_name](env.client, intercom_id)

    ids = [found for _, found, _ in rows]
    return dict(zip(ids, await asyncio.gather(*(one(found) for found in ids)), strict=True))


async def _contact(client: Intercom, contact_id: str) -> str | None:
    try:
        contact = await client.get_contact(contact_id)
        # An archived contact is given by its id and does not say so, but nobody finds it by the external id.
        archived = contact.external_id is not None and await client.find_contact(contact.external_id) is None
        return ARCHIVED if archived else None
    except ContactMerged:
        return MERGED
    except IntercomError as error:
        return _deleted(error)


async def _conversation(client: Intercom, conversation_id: str) -> str | None:
    try:
        await client.get_ticket(conversation_id)
    except IntercomError as error:
        return _deleted(error)
    return None


async def _ask_for_parts(env: Environment, rows: list[Missing]) -> dict[str, str | None]:
    there: set[str] = set()
    for conversation_id in sorted({found for _, _, found in rows if found is not None}):
        try:
            there |= {part.id for part in (await env.client.get_ticket(conversation_id)).parts}
        except IntercomError as error:
            _deleted(error)
    return {found: None if found in there else DELETED for _, found, _ in rows}


def _deleted(error: IntercomError) -> str:
    """Return the word for an answer that says that something is not there; raise any other one."""
    if error.status not in (404, 410):
        raise error
    return DELETED


async def bring_back(env: Environment, objects: tuple[str, ...]) -> int:
    """Let what is gone be written again: the journal no longer says that it stands.

    Returns:
        How many records these are.
    """
    with env.warehouse.connect() as connection:
        rows = connection.execute(FORGET, [list(objects)]).fetchall()
    for object_name, key, code in rows:
        await env.journal.undo(Undoes(object_name, key, hanging_on(object_name)), code)
    if rows:
        with env.warehouse.connect() as connection:
            connection.execute("DELETE FROM observed.gone WHERE list_contains(?, object)", [list(objects)])
    return len(rows)
