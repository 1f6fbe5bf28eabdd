"""Keeps a large load to the hours in which it may write: it pauses outside them and goes on by itself inside.

The pause is an order in the journal like any other, so that `make status` says who asked for it and why, and
`make resume` overrules it for the rest of the run.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from resources.journal import Command, Journal, RunCommand
from resources.terminal import stderr_console
from resources.wording import number
from schemas.hours import Hours

LOOK_SECONDS = 20.0
"""Seconds between two looks at the clock."""


@dataclass(frozen=True)
class LargeLoad:
    """A load that keeps to `hours` because its plan has `records`, more than `limit`."""

    hours: Hours
    records: int
    limit: int

    @property
    def asks(self) -> str:
        """Say who asks for the pause, as `make status` shows it."""
        return (
            f"MIGRATION_OFF_PEAK {self.hours}: {number(self.records)} records are planned, more than "
            f"{number(self.limit)}; it goes on by itself then"
        )


def large_load(hours: Hours | None, records: int, limit: int) -> LargeLoad | None:
    """Return what keeps a load of so many planned records to certain hours; None where it may write at any time."""
    return LargeLoad(hours, records, limit) if hours is not None and records > limit else None


def next_order(load: LargeLoad, order: RunCommand, now: datetime) -> RunCommand | None:
    """Return the order to be given now, or None to leave everything as it is.

    A pause or a stop that a person asked for is theirs to lift, and so is a `make resume`: it is not paused again.
    """
    ours = order.asked_by in ("", load.asks)
    if load.hours.inside(now):
        return (
            RunCommand(Command.GO, load.asks)
            if order.command is Command.PAUSE and order.asked_by == load.asks
            else None
        )
    return RunCommand(Command.PAUSE, load.asks) if order.command is Command.GO and ours else None


async def attend(load: LargeLoad, journal: Journal, clock: Callable[[], float]) -> None:
    """Give the order that the clock calls for, if any."""
    now = datetime.fromtimestamp(clock(), UTC)
    order = next_order(load, journal.run_command, now)
    if order is None:
        return
    await asyncio.to_thread(journal.ask, order.command, order.asked_by)
    if order.command is Command.PAUSE:
        said = f"Pausing until {load.hours.opens(now).astimezone(load.hours.zone):%Y-%m-%d %H:%M} ({load.asks})."
        stderr_console().print(said, highlight=False, soft_wrap=True)


@asynccontextmanager
async def hold_to(
    load: LargeLoad | None, journal: Journal, clock: Callable[[], float] = time.time
) -> AsyncIterator[None]:
    """Keep what is inside to the hours of `load`; to none where it is None."""
    if load is None:
        yield
        return
    await attend(load, journal, clock)
    task = asyncio.create_task(_keep(load, journal, clock))
    try:
        yield
    finally:
        task.cancel()
        for ended in await asyncio.gather(task, return_exceptions=True):
            if isinstance(ended, Exception):
                raise ended


async def _keep(load: LargeLoad, journal: Journal, clock: Callable[[], float]) -> None:
    """Look at the clock again and again, until cancelled."""
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        await attend(load, journal, clock)
