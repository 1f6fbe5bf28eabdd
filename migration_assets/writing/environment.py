"""What a load needs, in one place: the three stores, the pace, and who wants to hear of the progress."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

from migration_assets.writing.conflicts import KEEPING, Policy
from migration_assets.writing.workspace_answers import search_lag
from migration_assets.writing.workspace_lease import MARKER_PAUSE, WorkspaceLease
from resources.intercom.client import Intercom
from resources.journal import Command, Journal
from resources.migration_run import RunResources
from resources.terminal import stderr_console
from resources.warehouse import Warehouse
from schemas.intercom import Answer

Item = TypeVar("Item")
Result = TypeVar("Result")


class Progress(Protocol):
    """Hears of progress."""

    def __call__(self, name: str, done: int, total: int, calls: int, failed: int = 0) -> None:
        """Hear how many records of an object are done and refused, and how often the run has called until now."""


def silent(name: str, done: int, total: int, calls: int, failed: int = 0) -> None:
    """Tell nobody."""


Seen = Callable[[Sequence[Answer]], Awaitable[None]]
"""Shown what Intercom answers while everything is counted, a page at a time; may raise to end the counting."""


def say(line: str) -> None:
    """Tell on the terminal what is found while records are sent."""
    stderr_console().print(line, highlight=False, markup=False, soft_wrap=True)


async def unseen(_answers: Sequence[Answer]) -> None:
    """Look at nothing."""


@dataclass(frozen=True)
class Environment:
    """One run's surroundings.

    Times are in seconds. `settle_seconds` is how long a write whose outcome is unknown is left alone before
    Intercom is asked about it. `drop` is the folder that the paths of attachments are relative to. `complete` says
    that Intercom may hold what the journal does not know: it is asked before what would stand there twice is sent.
    `restore_deleted` says that what somebody has deleted in Intercom is to be written again.
    `policy` is what becomes of values in Intercom that are not ours. `accepted_answers` are fields, as object.field,
    that a person accepts as Intercom shows them, and `tell` is told of others that it shows otherwise.
    `seen` is shown everything that is read in order to be counted.
    `workspace_lease` is how the workspace is held against other machines while it is written; None where nobody else
    can be.
    """

    warehouse: Warehouse
    journal: Journal
    client: Intercom
    concurrency: int = 32
    settle_seconds: float = 300.0
    progress: Progress = silent
    page_size: int = 200
    stop_deadline: float = 30.0
    abort_after: int = 50
    drop: Path = Path()
    complete: bool = False
    restore_deleted: bool = False
    policy: Policy = KEEPING
    accepted_answers: frozenset[str] = frozenset()
    tell: Callable[[str], None] = say
    seen: Seen = unseen
    workspace_lease: WorkspaceLease | None = None

    def __post_init__(self) -> None:
        """Let the journal have Intercom's time and the run's calls, and calls that wait for it hear of a stop."""
        self.journal.clock = self.client.budget.settled_time
        self.journal.calls = self.client.calls.snapshot
        self.client.budget.stop_wanted = lambda: self.journal.run_command.command is Command.STOP

    @property
    def probe_gap(self) -> float:
        """Seconds between the two looks that must both find nothing before a write is sent again."""
        return min(15.0, self.settle_seconds / 20)

    async def each(self, items: Sequence[Item], work: Callable[[Item], Awaitable[Result]]) -> list[Result]:
        """Do `work` with every item, as many at a time as the load does."""
        slots = asyncio.Semaphore(self.concurrency)

        async def one(item: Item) -> Result:
            async with slots:
                return await work(item)

        return list(await asyncio.gather(*map(one, items)))


def environment_of(run: RunResources, client: Intercom, journal: Journal, **more: Any) -> Environment:  # noqa: ANN401
    """Return a run's surroundings; `more` are further fields of `Environment`.

    Where a probe has seen a search lag for longer than is waited anyway, that long is waited.
    """
    workspace = run.workspace
    with run.warehouse.connect() as connection:
        settle = max(workspace.settle_seconds, search_lag(connection))
    pace: dict[str, Any] = {"concurrency": workspace.concurrency, "settle_seconds": settle}
    return Environment(run.warehouse, journal, client, **pace, **more)


@asynccontextmanager
async def holding_the_workspace(
    run: RunResources,
    client: Intercom,
    journal: Journal,
    **more: Any,  # noqa: ANN401 - further fields of `Environment`
) -> AsyncIterator[Environment]:
    """Yield a run's surroundings with the lease of the workspace, which is given back in the end.

    Raises:
        dagster.Failure: the workspace is a real one and nobody has confirmed the run.
    """
    run.require_confirmation()
    lease = WorkspaceLease(client, journal, min(MARKER_PAUSE, run.workspace.settle_seconds))
    try:
        yield environment_of(run, client, journal, workspace_lease=lease, **more)
    finally:
        await lease.release()
