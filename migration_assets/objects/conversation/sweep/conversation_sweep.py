"""What the sweep must know of conversations and parts: what is read of them, and how a copy is looked at and removed.

Intercom deletes conversations but no parts: a doubled part can only be redacted.
"""

from collections.abc import Awaitable, Sequence
from pathlib import Path

import duckdb

from migration_assets.objects.conversation.count import count_conversations
from migration_assets.objects.conversation.sweep.duplicate_rules import SeenConversation, why_left, why_part_left
from migration_assets.objects.conversation.sweep.opening_messages import read_opening_messages
from migration_assets.objects.destination import pages_of_planned
from migration_assets.objects.sweep import Stray, Sweep
from migration_assets.objects.undoer import found
from migration_assets.writing.environment import Environment
from migration_assets.writing.resolve import UnknownWrite, wait_until
from resources.intercom.client import Intercom

DELETE, REDACT = "delete", "redact"


async def read(env: Environment, settled: float) -> None:
    """Read all tickets of our type, and count what was found of ours.

    Not only what has changed since the load counted them: what was deleted is in no search, and shows by that alone.
    """
    with env.warehouse.connect() as connection:
        ((route, ticket_type),) = connection.execute("SELECT route, ticket_type FROM plan.options").fetchall()
    await wait_until(settled, env.journal)
    await count_conversations(env, ticket_type)
    await read_opening_messages(env, route)


def calls(connection: duckdb.DuckDBPyConnection) -> int:
    """Return the calls: the ticket type, the tickets in pages, and on the conversation route the conversations too."""
    ((route,),) = connection.execute("SELECT route FROM plan.options").fetchall()
    return 1 + pages_of_planned("conversation")(connection) * (1 if route == "ticket" else 2)


async def still_there(env: Environment, missing: Sequence[Stray]) -> list[Stray]:
    """Return the conversations that can be read, and the parts that are in one."""
    ids = sorted({row["conversation_id"] or row["intercom_id"] for row in missing})
    seen = await env.each(ids, lambda one: _seen(env.client, one))
    shown = {one: {part.id for part in there.conversation.parts} for one, there in zip(ids, seen, strict=True) if there}
    return [
        row
        for row in missing
        if row["intercom_id"] in (shown if row["object"] == "conversation" else shown.get(row["conversation_id"], ()))
    ]


async def why_copies_left(env: Environment, copies: Sequence[Stray]) -> list[str | None]:
    """Look at each copy and at ours, and say why the copy must be left."""
    with env.warehouse.connect() as connection:
        ((own_admin,),) = connection.execute("SELECT migration_admin_id FROM plan.own_admins").fetchall()
    return await env.each(copies, lambda copy: _why_left(env.client, copy, own_admin))


async def _why_left(client: Intercom, copy: Stray, own_admin: str) -> str | None:
    if copy["object"] == "part":
        there = await _seen(client, copy["conversation_id"])
        return why_part_left(copy["intercom_id"], copy["ours_id"], there.conversation.parts if there else [])
    seen, ours = [await _seen(client, copy[name], is_ticket=copy["is_ticket"]) for name in ("intercom_id", "ours_id")]
    return why_left(seen, ours, own_admin) if seen and ours else "one of the two is not there any more"


async def _seen(client: Intercom, conversation_id: str, *, is_ticket: bool = False) -> SeenConversation | None:
    """Read a conversation as it is now; None if it is not there."""
    ticket = await found(client.get_ticket(conversation_id)) if is_ticket else None
    if is_ticket and ticket is None:
        return None
    there = await found(client.get_conversation(conversation_id))
    return SeenConversation(there, ticket) if there else None


def remove(client: Intercom, copy: Stray) -> Awaitable[object]:
    """Delete a conversation, or redact a part."""
    if copy["object"] == "part":
        return client.redact_part(copy["conversation_id"], copy["intercom_id"])
    return (client.delete_ticket if copy["is_ticket"] else client.delete_conversation)(copy["intercom_id"])


async def is_removed(client: Intercom, write: UnknownWrite) -> bool:
    """Whether the conversation is not there any more, or the part is redacted."""
    conversation_id, _, part_id = write.source_key.partition("|")
    there = await found(client.get_conversation(conversation_id))
    return there is None or (
        write.operation == REDACT and any(part.id == part_id and part.redacted for part in there.parts)
    )


CONVERSATION_SWEEP = Sweep(
    read=read,
    calls=calls,
    strays=Path(__file__).with_name("strays.sql"),
    still_there=still_there,
    why_left=why_copies_left,
    remove=remove,
    is_removed=is_removed,
    operations={"conversation": DELETE, "part": REDACT},
)
