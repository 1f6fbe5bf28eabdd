"""Reading back what is in no list: conversations as such, companies beyond the ten of a contact, single records.

Most is read while it is counted (`intercom/present.py` shows every page to the recorder). What a list or search did
not show, and what differs, is asked for by its id: a search may lag, the record itself does not.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

from migration_assets.objects.ticket_type.load import find_ticket_type
from migration_assets.verified.fields.estimate import in_pages
from migration_assets.verified.fields.recorder import Recorder
from migration_assets.writing.environment import Environment
from resources.intercom.errors import IntercomError
from resources.warehouse import fetch_frame
from schemas.intercom import Answer

DAY = 86_400
ONCE = 500
"""Records that are asked for one by one before the others are thought of."""

Getter = Callable[[str], Awaitable[Answer | None]]
"""Returns the record of an id of Intercom's, or None where it is not there any more."""

TIMES = """
SELECT min(c.created_at), max(c.created_at) FROM target.conversations c
JOIN verified.reread r ON r.object = 'conversation' AND r.source_key = c.source_key
"""
MANY = """
SELECT DISTINCT owner FROM observed.shown WHERE source = 'contact' AND object = 'contact_company'
GROUP BY owner, reading HAVING count(*) >= 10
"""
COMPANY_IDS = """
SELECT k.intercom_id, c.company_id FROM verified.standing k JOIN target.companies c USING (source_key)
WHERE k.object = 'company'
"""


async def read_conversations(env: Environment, recorder: Recorder) -> None:
    """Search the time in which ours began, page by page; if others have far more there, nothing is read this way.

    Whatever is not shown is then asked for by its id. Intercom may take the day for the second, and shows
    conversations that are tickets only to tokens that may read tickets.
    """
    with env.warehouse.connect() as connection:
        ((first, last),) = connection.execute(TIMES).fetchall()
    if first is None:
        return
    since = {"field": "created_at", "operator": ">", "value": first - DAY}
    until = {"field": "created_at", "operator": "<", "value": last + DAY}
    query = {"operator": "AND", "value": [since, until]}
    async for page in env.client.search_conversations(query):
        if not in_pages(len(recorder.ours["conversation"]), page.total or 0):
            return
        await env.seen(page.items)


async def read_further_companies(env: Environment, recorder: Recorder) -> None:
    """Ask for all companies of the contacts that show ten, which may be only the first of them."""
    recorder.flush()
    with env.warehouse.connect() as connection:
        contacts = [key for (key,) in connection.execute(MANY).fetchall()]
    for contact_id in contacts:
        recorder.take_links(contact_id, await env.client.companies_of(contact_id))
        await env.seen([])


async def ask(env: Environment, recorder: Recorder, source: str, ids: Sequence[str]) -> None:
    """Ask for records by Intercom's ids; one that is not there any more is noted as absent.

    Raises:
        IntercomError: Intercom cannot be read.
    """
    if source in LISTED:
        await LISTED[source](env)
        return
    get = getters(env)[source]
    slots = asyncio.Semaphore(env.concurrency)

    async def one(key: str) -> None:
        async with slots:
            answer = await get(key)
        if answer is None:
            recorder.take_absent(source, key)
        await env.seen([answer] if answer is not None else [])

    for first in range(0, len(ids), ONCE):
        await asyncio.gather(*(one(key) for key in ids[first : first + ONCE]))


def getters(env: Environment) -> Mapping[str, Getter]:
    """Return how a record of each source is asked for."""
    client = env.client
    with env.warehouse.connect() as connection:
        company_ids = {row["intercom_id"]: row["company_id"] for row in fetch_frame(connection, COMPANY_IDS).to_dicts()}

    async def contact(key: str) -> Answer | None:
        found = await client.get_contact(key)
        # An archived contact is given by its id and does not say so, but nobody finds it by the external id.
        if found.external_id is not None and await client.find_contact(found.external_id) is None:
            return None
        return found

    async def company(key: str) -> Answer | None:
        return await client.find_company(company_ids[key])

    return {
        "contact": _unless_gone(contact),
        "company": company,
        "ticket": _unless_gone(client.get_ticket),
        "conversation": _unless_gone(client.get_conversation),
    }


def _unless_gone(get: Callable[[str], Awaitable[Answer | None]]) -> Getter:
    async def asked(key: str) -> Answer | None:
        try:
            return await get(key)
        except IntercomError as error:
            if error.status not in (404, 410):
                raise
        return None

    return asked


async def _tags(env: Environment) -> None:
    await env.seen(await env.client.list_tags())


async def _attributes(env: Environment) -> None:
    for model in ("contact", "company"):
        await env.seen(await env.client.list_data_attributes(model))


async def _ticket_type(env: Environment) -> None:
    with env.warehouse.connect() as connection:
        ((name,),) = connection.execute("SELECT ticket_type FROM plan.options").fetchall()
    found = await find_ticket_type(env.client, name)
    await env.seen([found] if found is not None else [])


LISTED: Mapping[str, Callable[[Environment], Awaitable[None]]] = {
    "tag": _tags,
    "attribute": _attributes,
    "ticket_type": _ticket_type,
}
"""What can only be read as a whole list."""
