"""The embedded workspace as this project starts it: the one module that knows `embedded_intercom`.

It stands in for Intercom where no token is set. Everything else knows a URL and a token.
"""

from pathlib import Path

import dagster as dg
from pydantic import Field, PrivateAttr

from embedded_intercom.faults.plan import FaultPlanError, parse_faults
from embedded_intercom.process import EmbeddedProcess, Quotas
from embedded_intercom.state.folder import StateInUse
from embedded_intercom.state.seed import load
from embedded_intercom.wipe import wipe
from schemas.settings import Settings
from schemas.source import KNOWN_BY

__all__ = ["EmbeddedLauncher", "FaultPlanError", "StateInUse", "empty", "fault_plan", "launcher_of", "stand_in_id"]

FOLDER = "embedded"
"""The embedded workspace's own folder, inside the state folder."""


class EmbeddedLauncher(dg.ConfigurableResource):
    """How the embedded workspace is started, and what it tells beside its API."""

    state: str = Field(description="The folder that holds the workspace.")
    app_quota: int = Field(default=1667, description="Calls per 10-second window and app.")
    workspace_quota: int = Field(default=4167, description="Calls per window, all apps together.")
    seed: str = Field(description="The file that names its admins and teams.")
    search_lag: int = Field(default=0, description="Seconds until searches find what was made.")
    faults: str | None = Field(default=None, description="What goes wrong on purpose, as JSON.")
    behaviour: str = Field(default="", description="Ways of what Intercom leaves undocumented, as name=way.")
    known_by: str = Field(default=KNOWN_BY, description="Attributes that people know a ticket by, commas between them.")

    _process: EmbeddedProcess | None = PrivateAttr(default=None)

    def start(self) -> tuple[str, str]:
        """Start it, or find the one that serves the folder already; return its address and its token."""
        process = EmbeddedProcess(
            Path(self.state),
            quotas=Quotas(app=self.app_quota, workspace=self.workspace_quota),
            seed=Path(self.seed),
            search_lag=self.search_lag,
            faults=parse_faults(self.faults) if self.faults else None,
            options=("--known-by", self.known_by, "--behaviour", self.behaviour),
        )
        process.start()
        self._process = process
        return process.url, process.token

    def stop(self) -> None:
        """End it, unless it was there before."""
        if self._process is not None:
            self._process.stop()
            self._process = None

    def wipes(self) -> int | None:
        """Return how often the workspace was emptied; None unless it runs."""
        return None if self._process is None else self._process.wipes()

    def notifications(self, audience: str, client: str) -> int | None:
        """Return how many notifications to "contact" or "teammate" a client's calls caused; None unless it runs.

        What others cause, such as a teammate who answers a ticket, is not that client's doing.
        """
        return None if self._process is None else self._process.notifications(audience, client)


def launcher_of(settings: Settings) -> EmbeddedLauncher:
    """Return the launcher over the given settings.

    Raises:
        dagster.Failure: what is to go wrong on purpose cannot be read; it has a sentence per fault.
    """
    try:
        faults = fault_plan(settings)
    except FaultPlanError as error:
        raise dg.Failure(f"EMBEDDED_FAULTS: {error}", allow_retries=False) from None
    return EmbeddedLauncher(
        state=str(settings.state / FOLDER),
        app_quota=settings.embedded_app_quota,
        workspace_quota=settings.embedded_workspace_quota,
        seed=str(settings.embedded_seed),
        search_lag=settings.embedded_search_lag,
        faults=faults,
        behaviour=settings.embedded_behaviour,
    )


def fault_plan(settings: Settings) -> str | None:
    """Return what goes wrong on purpose as JSON, or None for nothing.

    Raises:
        FaultPlanError: the setting cannot be read.
    """
    if not settings.embedded_faults:
        return None
    return parse_faults(settings.embedded_faults, settings.embedded_fault_seed).as_text()


def empty(state: Path) -> str:
    """Empty the embedded workspace of a state folder, and return a sentence that says what was in it.

    Raises:
        StateInUse: its server does not answer.
    """
    return wipe(state / FOLDER)


def stand_in_id(seed: Path) -> str:
    """Return the id of the workspace that a seed file names: what is rehearsed on, and no customer's."""
    return str(load(seed)["workspace"]["id_code"])
