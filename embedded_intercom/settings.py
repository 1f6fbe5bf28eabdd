"""The options of the command, each of which has an environment variable too: `--app-quota`, `EMBEDDED_APP_QUOTA`."""

from pathlib import Path

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from embedded_intercom.api.workspace import Options
from embedded_intercom.faults.plan import FaultPlan, parse_faults
from embedded_intercom.protocol.behaviours import parse as parse_behaviours


class ServerSettings(BaseSettings):
    """How a server is started; what the command line leaves out is read from the environment."""

    model_config = SettingsConfigDict(env_prefix="EMBEDDED_", env_ignore_empty=True, extra="forbid", frozen=True)

    state: Path = Field(default=Path(".embedded_intercom"), description="folder that holds the workspace")
    port: int = Field(default=0, ge=0, le=65535, description="0: any free port")
    app_quota: int = Field(default=1667, gt=0, description="calls per 10-second window and app")
    workspace_quota: int = Field(default=4167, gt=0, description="calls per window, all apps together")
    seed: Path | None = Field(
        default=None, description="JSON file that names workspace, admins, teams, ticket_states, help_centers"
    )
    start_time: int | None = Field(default=None, description="unix seconds at which the workspace's clock starts")
    search_lag: int = Field(default=0, ge=0, description="seconds until a search finds what was created")
    faults: str | None = Field(
        default=None, description="what goes wrong on purpose: JSON, a JSON file, or before=0.01 slow=0.01"
    )
    fault_seed: int = Field(default=1, description="seed of a fault plan that names none")
    company_delete_delay: float = Field(default=0, ge=0, description="seconds until a deleted company goes")
    job_delay: float = Field(default=0.05, ge=0, description="seconds until a queued ticket is there")
    known_by: str = Field(
        default="",
        pattern=r'^[^"]*$',
        description="attributes that people know a ticket or contact by, commas between them: the inbox finds and "
        "shows them first",
    )

    behaviour: str = Field(
        default="",
        description="ways of what Intercom leaves undocumented, such as open_wakes_snoozed=no, blanks or commas "
        "between several; --behaviours lists them",
    )

    @field_validator("state")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().resolve()

    def plan(self) -> FaultPlan:
        """Return what goes wrong on purpose.

        Raises:
            FaultPlanError: the plan cannot be used; the message has a sentence per fault.
        """
        return parse_faults(self.faults, self.fault_seed) if self.faults else FaultPlan()

    def options(self) -> Options:
        """Return how the workspace is opened.

        Raises:
            BehaviourError: a behaviour or a way of it that there is not.
        """
        return Options(
            state=self.state,
            app_quota=self.app_quota,
            workspace_quota=self.workspace_quota,
            seed=self.seed,
            start_time=self.start_time,
            search_lag=self.search_lag,
            job_delay=self.job_delay,
            company_delete_delay=self.company_delete_delay,
            behaviours=parse_behaviours(self.behaviour),
            known_by=tuple(name.strip() for name in self.known_by.split(",") if name.strip()),
        )
