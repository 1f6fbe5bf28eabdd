"""The Intercom workspace that a run writes to: the real one, or the embedded one that it starts and stops.

A run holds one call budget and one call log, shared by all its steps; each step opens its own session. The token
is read from the environment when a run starts and is never part of a configuration, which Dagster stores.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

import dagster as dg
from pydantic import Field, PrivateAttr

from resources.dead_runs import end_dead_runs
from resources.embedded.process import EmbeddedProcess, Quotas
from resources.intercom.budget import Budget
from resources.intercom.calls import CallLog
from resources.intercom.client import Intercom
from resources.occupancy import StateBusyError, StateLock, last_holder
from resources.redaction import install as mask_secret
from schemas.faults import parse_faults
from schemas.hours import Hours, parse_hours
from schemas.settings import Settings

Result = TypeVar("Result")


class IntercomWorkspace(dg.ConfigurableResource):
    """Where the records go, and how fast."""

    state: str = Field(description="The state folder; the embedded workspace keeps its data in its embedded/.")
    base_url: str | None = Field(default=None, description="The API's address; unset: the embedded workspace.")
    expected_region: str | None = Field(default=None, description="The region the workspace must be in; unset: any.")
    named: str | None = Field(default=None, description="The exact name of the workspace that is meant.")
    rate_share: float = Field(default=0.9, description="The share of the call quota that may be used, 0 to 1.")
    calls_per_minute: int | None = Field(default=None, description="An upper limit of calls per minute.")
    concurrency: int = Field(default=32, description="How many records are loaded at the same time.")
    deadline: float = Field(default=60.0, description="Seconds after which a call is given up as ambiguous.")
    outage: float = Field(default=1800.0, description="Seconds without a clear answer after which the run stops.")
    settle_seconds: float = Field(default=300.0, description="Seconds before an ambiguous write is looked up.")
    app_quota: int = Field(default=1667, description="Embedded workspace: calls per 10-second window and app.")
    workspace_quota: int = Field(default=4167, description="Embedded workspace: calls per window, all apps.")
    seed: str = Field(description="Embedded workspace: the file that names its admins and teams.")
    search_lag: int = Field(default=0, description="Embedded workspace: seconds until searches find what was made.")
    off_peak: str | None = Field(default=None, description="The hours for large loads, 20:00-06:00; unset: any time.")
    time_zone: str = Field(default="UTC", description="The time zone of these hours.")
    large_load: int = Field(default=50_000, description="A load of more records than this is a large one.")
    hypercare_days: int = Field(default=14, description="For how many days after the cutover it is looked at.")
    faults: str | None = Field(default=None, description="Embedded workspace: what goes wrong on purpose, as JSON.")

    _notifications: int | None = PrivateAttr(default=None)
    _teammates_before: int = PrivateAttr(default=0)
    _teammates: int | None = PrivateAttr(default=None)
    _embedded: EmbeddedProcess | None = PrivateAttr(default=None)
    _url: str = PrivateAttr(default="")
    _token: str = PrivateAttr(default="")
    _budget: Budget | None = PrivateAttr(default=None)
    _calls: CallLog | None = PrivateAttr(default=None)
    _lock: StateLock | None = PrivateAttr(default=None)

    @property
    def embedded(self) -> bool:
        """Whether the target is the embedded workspace."""
        return self.base_url is None

    @property
    def calls(self) -> CallLog:
        """What the run has called so far."""
        if self._calls is None:
            self._calls = CallLog()
        return self._calls

    @property
    def hours(self) -> Hours | None:
        """The hours in which large loads may write; None where they may at any time."""
        return parse_hours(self.off_peak, self.time_zone) if self.off_peak else None

    def setup_for_execution(self, context: dg.InitResourceContext | None) -> None:
        """Take the state folder's lock, start the embedded workspace if it is the target, read the token."""
        before = last_holder(Path(self.state))
        self._take_lock(context.run.run_id if context and context.run else None)
        if context and context.run and context.instance:
            end_dead_runs(context.instance, context.run.run_id, before)
        _LATEST[:] = [self]
        self._calls = CallLog()
        self._budget = Budget(share=self.rate_share, calls_per_minute=self.calls_per_minute)
        if self.base_url is None:
            self._embedded = EmbeddedProcess(
                Path(self.state) / "embedded",
                quotas=Quotas(app=self.app_quota, workspace=self.workspace_quota),
                seed=Path(self.seed),
                search_lag=self.search_lag,
                faults=parse_faults(self.faults) if self.faults else None,
            )
            self._embedded.start()
            self._teammates_before = self._embedded.notifications("teammate")
            self._url, self._token = self._embedded.url, self._embedded.token
        else:
            secret = Settings().intercom_access_token
            if secret is None:
                raise dg.Failure(
                    "INTERCOM_ACCESS_TOKEN is not set, but the target is not the embedded workspace. "
                    "Set it in the environment of the process that runs the migration.",
                    allow_retries=False,
                )
            self._url, self._token = self.base_url, secret.get_secret_value()
        mask_secret(self._token)

    def teardown_after_execution(self, context: dg.InitResourceContext | None) -> None:  # noqa: ARG002
        """Stop what was started and free the lock."""
        if self._embedded is not None:
            self._notifications = self.notifications_to_contacts()
            self._teammates = self.notifications_to_teammates()
            self._embedded.stop()
            self._embedded = None
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
        return self._notifications if self._embedded is None else self._embedded.notifications("contact")

    def notifications_to_teammates(self) -> int | None:
        """How many notifications teammates would have received in this run; None where the workspace does not tell."""
        if self._embedded is None:
            return self._teammates
        return self._embedded.notifications("teammate") - self._teammates_before

    def call(self, work: Callable[[Intercom], Awaitable[Result]]) -> Result:
        """Run `work` with a session to its end and return what it returns."""

        async def session() -> Result:
            async with self.connect() as client:
                return await work(client)

        return asyncio.run(session())


# Not an attribute of the class: Dagster's resources are descriptors, and a class that holds one cannot give it back.
_LATEST: list[IntercomWorkspace] = []


def latest_workspace() -> IntercomWorkspace | None:
    """Return the workspace of the run that began last in this process, or None.

    Dagster makes its own from the configuration, and a run that fails is ended with what that one knows.
    """
    return _LATEST[0] if _LATEST else None
