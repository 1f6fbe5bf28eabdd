"""The settings of the embedded workspace, the default target: its quotas, its seed, and what it does on purpose."""

from pathlib import Path

from pydantic import AliasChoices, Field
from pydantic_settings import BaseSettings

PROJECT = Path(__file__).resolve().parent.parent


class EmbeddedSettings(BaseSettings):
    """What the embedded workspace does; without meaning for a real one."""

    embedded_app_quota: int = Field(
        default=1667,
        gt=0,
        validation_alias=AliasChoices("EMBEDDED_APP_QUOTA", "embedded_app_quota"),
        description="Embedded workspace: calls allowed per 10-second window and app (real ones: 83, 167, 1667).",
    )
    embedded_workspace_quota: int = Field(
        default=4167,
        gt=0,
        validation_alias=AliasChoices("EMBEDDED_WORKSPACE_QUOTA", "embedded_workspace_quota"),
        description="Embedded workspace: calls allowed per 10-second window for all apps together.",
    )
    embedded_seed: Path = Field(
        default=PROJECT / "sample_data" / "workspace_seed.json",
        validation_alias=AliasChoices("EMBEDDED_SEED", "embedded_seed"),
        description="Embedded workspace: the JSON file that names its admins and teams when it is first started.",
    )
    embedded_search_lag: int = Field(
        default=0,
        ge=0,
        validation_alias=AliasChoices("EMBEDDED_SEARCH_LAG", "embedded_search_lag"),
        description="Embedded workspace: seconds until searches and lists find what was just created, as in Intercom.",
    )
    embedded_behaviour: str = Field(
        default="",
        validation_alias=AliasChoices("EMBEDDED_BEHAVIOUR", "embedded_behaviour"),
        description="Embedded workspace: ways that it takes of what Intercom leaves undocumented, name=way with blanks "
        "between several; docs/intercom_unknowns.md lists them.",
    )
    embedded_faults: str | None = Field(
        default=None,
        validation_alias=AliasChoices("EMBEDDED_FAULTS", "embedded_faults"),
        description="Embedded workspace: what goes wrong on purpose, for rehearsals. A share of the calls per kind, "
        "such as before=0.01 after=0.01 reset=0.01 slow=0.01,seconds=2 outage,nth=500,seconds=5, or the path of a "
        "JSON file (embedded_intercom/faults/plan.py lists the kinds).",
    )
    embedded_fault_seed: int = Field(
        default=1,
        validation_alias=AliasChoices("EMBEDDED_FAULT_SEED", "embedded_fault_seed"),
        description="Embedded workspace: the seed of what goes wrong; the same seed strikes the same calls.",
    )
