"""Tells how far a step is while it sends or reads: on the terminal and in the run's own log, pauses as well."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from migration_assets.writing.environment import say
from resources.journal import Command, Journal
from resources.progress import StageTotals
from resources.terminal import progress

LOOK_SECONDS = 0.2
"""Seconds between two looks at whether a pause is wanted."""

Log = Callable[[str], object]
"""Writes one line into the run's own log: `context.log.info`."""


@asynccontextmanager
async def telling(journal: Journal, log: Log | None = None) -> AsyncIterator[StageTotals]:
    """Yield what the engines tell their totals; it hears of pauses and of the time that passes by itself.

    Without a `log` only the terminal is told.
    """
    told = StageTotals(progress(log=log))
    task = asyncio.create_task(_attend(journal, told))
    try:
        yield told
    finally:
        task.cancel()
        for ended in await asyncio.gather(task, return_exceptions=True):
            # A fault of the display is a fault; it hides none of what was told of.
            if isinstance(ended, Exception):
                (log or say)(f"Progress could not be told to the end ({type(ended).__name__}).")
        told.end()


async def _attend(journal: Journal, told: StageTotals) -> None:
    """Look at what is wanted of the run again and again, until cancelled."""
    while True:
        order = journal.run_command
        told.attend(order.asked_by if order.command is Command.PAUSE else None)
        await asyncio.sleep(LOOK_SECONDS)
