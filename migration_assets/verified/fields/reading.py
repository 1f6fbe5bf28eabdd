"""Asking for single records, and for what no answer shows in full.

Most is read while it is counted (`intercom/destination_counts.py` shows every page to the recorder). What a list or
search did not show, and what differs, is asked for by its id: a search may lag, the record itself does not.
"""

from collections.abc import Sequence

from migration_assets.objects.read_back import AnswerSource
from migration_assets.objects.registry import read_backs
from migration_assets.verified.fields.recorder import Recorder
from migration_assets.writing.environment import Environment

ONCE = 500
"""Records that are asked for one by one before the others are thought of."""


async def ask(env: Environment, recorder: Recorder, source: AnswerSource) -> None:
    """Ask for what was not shown: by Intercom's ids, or for a whole list where none of it was.

    A record that is not there any more is noted as absent.

    Raises:
        IntercomError: Intercom cannot be read.
    """
    if source.whole is not None and not recorder.read.get(source.name):
        await source.whole(env)
    if source.by_id is not None:
        await _ask_by_id(env, recorder, source, recorder.unread(source.name))


async def _ask_by_id(env: Environment, recorder: Recorder, source: AnswerSource, ids: Sequence[str]) -> None:
    if source.by_id is None:
        raise TypeError(f"Nothing of {source.name} can be asked for by its id")
    get = source.by_id(env)

    async def one(key: str) -> None:
        answer = await get(key)
        if answer is None:
            recorder.take_absent(source.name, key)
        await env.seen([answer] if answer is not None else [])

    for first in range(0, len(ids), ONCE):
        await env.each(ids[first : first + ONCE], one)


async def read_further(env: Environment, recorder: Recorder, objects: Sequence[str]) -> None:
    """Read what no answer shows in full, of the objects that have such."""
    for name in objects:
        further = read_backs()[name].further
        if further is None:
            continue
        recorder.flush()
        async for owner, rows in further(env):
            recorder.take_rows(name, owner, rows)
            await env.seen([])
