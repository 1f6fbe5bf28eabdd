"""Having the workspace for oneself while writing to it: taking its marker, keeping it alive, giving it back.

On one machine, and between machines that share a journal, the journal's lease decides. The marker is for the rest: a
second machine with a journal of its own. It also tells that this journal is older than what was written last.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, replace

from migration_assets.writing.records import Stopped
from resources.intercom.client import Intercom
from resources.intercom.errors import IntercomError
from resources.intercom.marker import Marker, read_marker, write_marker
from resources.journal import Command, Holder, Journal
from resources.wording import duration

BEAT_SECONDS, STALE_SECONDS = 300.0, 900.0
"""How often the marker is written anew, and after how long of silence its holder is taken for dead."""


MARKER_PAUSE = 5.0
"""Seconds after which the marker is read again, at the most: a workspace that settles at once needs no pause."""


@dataclass(frozen=True)
class LeaseClaim:
    """Who wants the marker: a journal, and the process that writes it."""

    journal: str
    writes: int
    holder: Holder
    shared: bool
    """Whether other machines use the same journal, so that its lease has already decided between them."""


def refusal(found: Marker | None, claim: LeaseClaim, now: float) -> str | None:
    """Say why the workspace may not be written to, or None; `now` is by Intercom's clock."""
    if found is None or not found.writing or now - found.seen >= STALE_SECONDS:
        return None
    same_machine = found.holder.host == claim.holder.host
    if found.journal == claim.journal and (claim.shared or same_machine):
        return None
    return (
        f"Another run is writing to this Intercom workspace: {found.holder}, for {duration(now - found.since)}, heard "
        f"of {duration(max(0.0, now - found.seen))} ago, with the journal {found.journal}. Wait for it, or stop it "
        f"there. If it is dead, run again {duration(STALE_SECONDS)} after it was last heard of."
    )


def needs_recovery(found: Marker | None, claim: LeaseClaim) -> bool:
    """Whether something was written that this journal does not know: by another journal, or after this copy of it."""
    return found is not None and (found.journal != claim.journal or found.writes > claim.writes)


class WorkspaceLease:
    """The marker of one workspace, held from the first write of a load step to its end."""

    def __init__(self, client: Intercom, journal: Journal, pause: float, *, beat_seconds: float = BEAT_SECONDS) -> None:
        """Prepare to hold the marker; `pause` seconds lie between writing it and reading it again."""
        self._client = client
        self._journal = journal
        self._pause = pause
        self._beat_seconds = beat_seconds
        self._held: Marker | None = None
        self._beating: asyncio.Task[None] | None = None

    async def ensure(self) -> None:
        """Take the marker, unless it is held already.

        Raises:
            Stopped: another run is writing to the workspace, or Intercom cannot be asked.
        """
        if self._held is not None:
            return
        claim = LeaseClaim(self._journal.name, self._journal.last_write(), Holder.this_process(), self._journal.shared)
        try:
            await self._take(claim)
        except IntercomError as error:
            raise Stopped(f"The marker of the workspace cannot be read or written: {error}") from None
        self._beating = asyncio.create_task(self._beat())

    async def _take(self, claim: LeaseClaim) -> None:
        found = await read_marker(self._client)
        now = self._client.budget.intercom_time()
        busy = refusal(found, claim, now)
        if busy is not None:
            raise Stopped(busy)
        if needs_recovery(found, claim):
            await self._journal.note_recovery()
        mine = Marker(claim.journal, claim.writes, claim.holder, writing=True, since=int(now), seen=int(now))
        await write_marker(self._client, mine)
        if found is None or (found.journal, found.holder) != (mine.journal, mine.holder):
            await asyncio.sleep(self._pause)
            seen = await read_marker(self._client)
            if seen != mine:
                who = seen.holder if seen is not None else "somebody who removed the marker"
                raise Stopped(f"Another run has just begun to write to this Intercom workspace: {who}.")
        self._held = mine

    async def release(self) -> None:
        """Give the marker back, if it is held."""
        if self._beating is not None:
            self._beating.cancel()
            with suppress(asyncio.CancelledError):
                await self._beating
        held, self._held, self._beating = self._held, None, None
        if held is not None:
            # One that cannot be given back becomes stale by itself.
            with suppress(IntercomError):
                await self._write(held, writing=False)

    async def _write(self, held: Marker, *, writing: bool) -> Marker | None:
        """Write the marker anew and return it, or None when it has become another's, who is left alone."""
        found = await read_marker(self._client)
        if found is None or (found.journal, found.holder) != (held.journal, held.holder):
            return None
        now = int(self._client.budget.intercom_time())
        since = held.since if writing else now
        fresh = replace(held, writes=self._journal.last_write(), writing=writing, since=since, seen=now)
        await write_marker(self._client, fresh)
        return fresh

    async def _beat(self) -> None:
        """Write the marker anew now and then; once it is another's, the load is asked to stop."""
        while self._held is not None:
            await asyncio.sleep(self._beat_seconds)
            # While Intercom is down nobody can take the marker either.
            with suppress(IntercomError):
                self._held = await self._write(self._held, writing=True)
                if self._held is None:
                    self._journal.ask(Command.STOP, "the marker in Intercom, which another run has taken")
