"""The Intercom workspace that a run writes to: the real one, or the embedded one that it starts and stops.

A run holds one call budget and one call log, shared by all its steps; each step opens its own session. The token
is handed down beside the configuration and is never part of it, because Dagster stores that.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import dagster as dg
from pydantic import Field, PrivateAttr, SecretStr

from resources.dead_runs import end_dead_runs
from resources.embedded_launcher import EmbeddedLauncher
from resources.intercom.budget import Budget
from resources.intercom.calls import CallLog
from resources.intercom.client import Intercom
from resources.intercom.http import USER_AGENT
from resources.occupancy import StateBusyError, StateLock, last_holder
from resources.redaction import install as mask_secret

Result = TypeVar("Result")


@dataclass
class RunFigures:
    """What a run has called, and whom Intercom would have told.

    Dagster makes a workspace of its own from the one that is given to it, and ends it with the run. This object is
    handed on as it is, so that whoever started a run that failed can still say what it did.
    """

    begun: bool = False
    """Whether the run had its state folder; False where another one had it."""
    calls: CallLog = field(default_factory=CallLog)
    contacts: int | None = None
    """Notifications to customers, ever; None where the workspace does not tell."""
    teammates: int | None = None
    """Notifications to teammates in this run; None where the workspace does not tell."""
    teammates_before: int | None = None

    def begin(self) -> None:
        """Forget an earlier run."""
        self.begun, self.calls = True, CallLog()
        self.contacts = self.teammates = self.teammates_before = None


class IntercomWorkspace(dg.ConfigurableResource):
    """Where the records go, and how fast."""

    state: str = Field(description="The state folder, which one run has at a time.")
    base_url: str | None = Field(default=None, description="The API's address; unset: the embedded workspace.")
    expected_region: str | None = Field(default=None, description="The region the workspace must be in; unset: any.")
    named: str | None = Field(default=None, description="The exact name of the workspace that is meant.")
    rate_share: float = Field(default=0.9, description="The share of the call quota that may be used, 0 to 1.")
    calls_per_minute: int | None = Field(default=None, description="An upper limit of calls per minute.")
    concurrency: int = Field(default=32, description="How many records are loaded at the same time.")
    deadline: float = Field(default=60.0, description="Seconds after which a call is given up as ambiguous.")
    outage: float = Field(default=1800.0, description="Seconds without a clear answer after which the run stops.")
    settle_seconds: float = Field(default=300.0, description="Seconds before an ambiguous write is looked up.")

    token: dg.ResourceDependency[SecretStr | None] = Field(
        default=None,  # type: ignore[arg-type]
        exclude=True,
        description="The access token, where an address is given. It is a secret, so it is no configuration.",
    )
    launcher: dg.ResourceDependency[EmbeddedLauncher] = Field(
        description="Starts the embedded workspace, where no address is given."
    )
    figures: dg.ResourceDependency[RunFigures] = Field(
        default_factory=RunFigures,  # type: ignore[arg-type]
        exclude=True,
        description="What the run has called so far, and whom Intercom would have told; no configuration.",
    )

    _url: str = PrivateAttr(default="")
    _token: str = PrivateAttr(default="")
    _budget: Budget | None = PrivateAttr(default=None)
    _lock: StateLock | None = PrivateAttr(default=None)

    @property
    def embedded(self) -> bool:
        """Whether the target is the embedded workspace."""
        return self.base_url is None

    @property
    def calls(self) -> CallLog:
        """What the run has called so far."""
        return self.figures.calls

    @property
    def calls_per_window(self) -> int | None:
        """Intercom's quota per ten seconds, as it said last in this run; None before the first answer."""
        return None if self._budget is None else self._budget.calls_per_window

    def setup_for_execution(self, context: dg.InitResourceContext | None) -> None:
        """Take the state folder's lock, start the embedded workspace if it is the target, take the token."""
        before = last_holder(Path(self.state))
        self._take_lock(context.run.run_id if context and context.run else None)
        if context and context.run and context.instance:
            end_dead_runs(context.instance, context.run.run_id, before)
        self.figures.begin()
        self._budget = Budget(share=self.rate_share, calls_per_minute=self.calls_per_minute)
        if self.base_url is None:
            self._url, self._token = self.launcher.start()
            self.figures.teammates_before = self.launcher.notifications("teammate", USER_AGENT)
        else:
            if self.token is None:
                raise dg.Failure(
                    "INTERCOM_ACCESS_TOKEN is not set, but the target is not the embedded workspace. "
                    "Set it in the environment of the process that runs the migration.",
                    allow_retries=False,
                )
            self._url, self._token = self.base_url, self.token.get_secret_value()
        mask_secret(self._token)

    def teardown_after_execution(self, context: dg.InitResourceContext | None) -> None:  # noqa: ARG002
        """Stop what was started and free the lock."""
        self._count_notifications()
        self.launcher.stop()
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def _take_lock(self, run_id: str | None) -> None:
        lock = StateLock(Path(self.state))
        try:
            lock.acquire(run_id)
        except StateBusyError as busy:
            raise dg.Failure(str(busy), allow_retries=False) from None
        self._lock = lock

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[Intercom]:
        """Open a session with the run's budget and call log."""
        if self._budget is None:
            raise RuntimeError("the workspace is used outside a run: setup_for_execution was not called")
        async with Intercom(
            self._url,
            self._token,
            budget=self._budget,
            deadline=self.deadline,
            calls=self.calls,
            outage=self.outage,
        ) as client:
            yield client

    def notifications_to_contacts(self) -> int | None:
        """How many notifications customers would have received; None where the workspace does not tell."""
        self._count_notifications()
        return self.figures.contacts

    def notifications_to_teammates(self) -> int | None:
        """How many notifications teammates would have received in this run; None where the workspace does not tell."""
        self._count_notifications()
        return self.figures.teammates

    def _count_notifications(self) -> None:
        contacts, teammates = (self.launcher.notifications(whom, USER_AGENT) for whom in ("contact", "teammate"))
        if contacts is not None and teammates is not None:
            self.figures.contacts = contacts
            self.figures.teammates = teammates - (self.figures.teammates_before or 0)

    def call(self, work: Callable[[Intercom], Awaitable[Result]]) -> Result:
        """Run `work` with a session to its end and return what it returns."""

        async def session() -> Result:
            async with self.connect() as client:
                return await work(client)

        return asyncio.run(session())
