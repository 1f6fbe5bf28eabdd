"""Taking back what is there twice: a copy is deleted, a doubled part is redacted, since Intercom deletes no parts.

Each is a write of the journal like any other, under an object of its own that no plan knows: intent before, outcome
after. Whether it may be done was decided before; that the id is not one of ours is asked once more right before.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial

from migration_assets.writing.engine import Engine
from migration_assets.writing.environment import Environment
from migration_assets.writing.records import Ids, Record, Sent, Step, UnsendableError
from migration_assets.writing.resolve import UnknownWrite
from resources.intercom.errors import IntercomError
from resources.journal import State, Write, WriteCode
from resources.journal.records import DUPLICATE

DELETE, REDACT = "delete", "redact"
GONE = (404, 410)


@dataclass(frozen=True)
class Copy:
    """Something that is in Intercom once too often.

    `intercom_id` is the conversation's or part's id, `conversation_id` where a part is, `ours_id` what the journal
    knows instead.
    """

    object: str
    source_key: str
    intercom_id: str
    ours_id: str
    conversation_id: str | None = None
    is_ticket: bool = True

    @property
    def key(self) -> str:
        """What the journal calls it: a part by its conversation and its own id."""
        return self.intercom_id if self.object == "conversation" else f"{self.conversation_id}|{self.intercom_id}"

    @property
    def operation(self) -> str:
        """How it is taken back."""
        return DELETE if self.object == "conversation" else REDACT


async def take_back(env: Environment, copies: Sequence[Copy], migrations: Sequence[str]) -> None:
    """Take back all `copies`; what became of each is in the journal.

    Args:
        env: the client and the journal.
        copies: what may be taken back.
        migrations: those whose records must not be touched, this one included.

    Raises:
        Stopped: it was asked to stop, or Intercom's answers make going on pointless.
        resources.journal.JournalError: something could not be journalled.
    """
    if not copies:
        return
    if env.workspace_lease is not None:
        await env.workspace_lease.ensure()
    await env.journal.begin_object(DUPLICATE, len(copies), len(copies))
    engine = Engine(env.journal, concurrency=env.concurrency, stop_deadline=env.stop_deadline)

    async def pages() -> AsyncIterator[list[Record]]:
        yield [_record(env, copy, migrations) for copy in copies]

    await engine.run(pages())


def _record(env: Environment, copy: Copy, migrations: Sequence[str]) -> Record:
    write = Write(DUPLICATE, copy.key, copy.operation, copy.ours_id, copy.source_key)
    return Record(copy.key, (Step(write, partial(_send, env, copy, migrations)),))


async def _send(env: Environment, copy: Copy, migrations: Sequence[str], _ids: Ids) -> Sent:
    if env.journal.is_bound(migrations, copy.object, copy.intercom_id):
        raise UnsendableError("The journal knows it as a record of ours: it is not taken back.")
    try:
        await _call(env, copy)()
    except IntercomError as error:
        if error.status not in GONE:
            raise
    return Sent(copy.intercom_id)


def _call(env: Environment, copy: Copy) -> Callable[[], Awaitable[object]]:
    if copy.object == "part":
        return partial(env.client.redact_part, str(copy.conversation_id), copy.intercom_id)
    if copy.is_ticket:
        return partial(env.client.delete_ticket, copy.intercom_id)
    return partial(env.client.delete_conversation, copy.intercom_id)


async def look_back(env: Environment, open_writes: Sequence[UnknownWrite]) -> list[UnknownWrite]:
    """Find out what became of writes of the object whose outcome is unknown, by looking whether the copy is there.

    Taking back twice does no harm, so nothing is waited for: what is there still is looked at like any other copy.

    Returns:
        Those whose copy is taken back.

    Raises:
        IntercomError: Intercom cannot be read.
    """
    finished = []
    for write in open_writes:
        if await _is_back(env, write):
            found = write.source_key.rpartition("|")[2]
            finished.append(write)
            env.journal.outcome(write.write_id, State.CONFIRMED, intercom_id=found)
        else:
            env.journal.outcome(write.write_id, State.UNDONE, error_code=WriteCode.STILL_THERE)
    await env.journal.flush()
    return finished


async def _is_back(env: Environment, write: UnknownWrite) -> bool:
    conversation_id, _, part_id = write.source_key.partition("|")
    try:
        there = await env.client.get_conversation(conversation_id)
    except IntercomError as error:
        if error.status in GONE:
            return True
        raise
    return write.operation == REDACT and any(part.id == part_id and part.redacted for part in there.parts)
