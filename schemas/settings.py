"""Every setting of the program, in one place: what it means, its unit, its default, its environment variable.

What depends on the customer is in `mapping.yaml` (`schemas/mapping.py`); what depends on the machine and the
workspace is here. `make settings` prints this list with the values in force.
"""

from pathlib import Path
from typing import Literal, Self

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from schemas.addresses import REGION_HOSTS, access_token, api_address, region_of
from schemas.embedded_settings import PROJECT, EmbeddedSettings
from schemas.paths import absolute, sqlite_url, without_url_letters
from schemas.source import SOURCE
from schemas.verification_sample import VerificationSample
from schemas.window import WindowSettings


class Settings(EmbeddedSettings, WindowSettings):
    """The settings, read from the environment; an unset one has its default."""

    model_config = SettingsConfigDict(
        extra="ignore",
        frozen=True,
        env_ignore_empty=True,
        hide_input_in_errors=True,  # it may be a secret
    )

    extract: Path = Field(
        default=PROJECT / "sample_data" / "extract",
        validation_alias=AliasChoices("MIGRATION_EXTRACT", "extract"),
        description=f"The folder with {SOURCE}'s CSV files and extract.yaml.",
    )
    map: Path = Field(
        default=PROJECT / "sample_data" / "mapping.yaml",
        validation_alias=AliasChoices("MIGRATION_MAP", "map"),
        description="The mapping file.",
    )
    state: Path = Field(
        default=PROJECT / ".migration",
        validation_alias=AliasChoices("MIGRATION_STATE", "state"),
        description="The folder for all state: warehouse, journal, embedded workspace, Dagster, reports.",
    )
    strict: bool = Field(
        default=False,
        validation_alias=AliasChoices("MIGRATION_STRICT", "strict"),
        description="Whether a run that ends partial has an exit code of its own, 3, instead of 0: for cron and CI.",
    )
    intercom_access_token: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices("INTERCOM_ACCESS_TOKEN", "intercom_access_token"),
        description="The access token of the migration's own Intercom app. Unset: the embedded workspace.",
    )
    intercom_region: Literal["us", "eu", "au"] = Field(
        default="us",
        validation_alias=AliasChoices("INTERCOM_REGION", "intercom_region"),
        description="The region of the Intercom workspace: us, eu or au. Picks the host.",
    )
    intercom_workspace: str | None = Field(
        default=None,
        validation_alias=AliasChoices("INTERCOM_WORKSPACE", "intercom_workspace"),
        description="The exact name of the Intercom workspace that is meant. Needed before the first write to a real "
        "one, and the token must open it: no workspace is taken for another one.",
    )
    intercom_base_url: str | None = Field(
        default=None,
        validation_alias=AliasChoices("INTERCOM_BASE_URL", "intercom_base_url"),
        description="The address of the API, instead of the region's host. Needs a token like the real one.",
    )
    rate_share: float = Field(
        default=0.9,
        gt=0,
        le=1,
        validation_alias=AliasChoices("MIGRATION_RATE_SHARE", "rate_share"),
        description="The share of the workspace's call quota that the migration may use, 0 to 1.",
    )
    calls_per_minute: int | None = Field(
        default=None,
        gt=0,
        validation_alias=AliasChoices("MIGRATION_CALLS_PER_MINUTE", "calls_per_minute"),
        description="An upper limit of calls per minute, whatever the quota allows. Unset: none.",
    )
    concurrency: int = Field(
        default=32,
        ge=1,
        le=256,
        validation_alias=AliasChoices("MIGRATION_CONCURRENCY", "concurrency"),
        description="How many records are loaded at the same time; within one ticket the order is strict.",
    )
    call_deadline: float = Field(
        default=60.0,
        gt=0,
        validation_alias=AliasChoices("MIGRATION_CALL_DEADLINE", "call_deadline"),
        description="Seconds after which a call without a whole answer is given up as ambiguous.",
    )
    settle_seconds: float | None = Field(
        default=None,
        ge=0,
        validation_alias=AliasChoices("MIGRATION_SETTLE_SECONDS", "settle_seconds"),
        description="Seconds to wait before an ambiguous write is looked up in Intercom. "
        "Unset: 300 against Intercom, 0 against the embedded workspace.",
    )
    outage_seconds: float = Field(
        default=1800.0,
        gt=0,
        validation_alias=AliasChoices("MIGRATION_OUTAGE_SECONDS", "outage_seconds"),
        description="Seconds that a run waits for an Intercom that gives no clear answer at all, asking now and then, "
        "before it stops. What was not sent goes with the next run.",
    )
    journal_url: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices("MIGRATION_JOURNAL_URL", "journal_url"),
        description="SQLAlchemy URL of the journal, password included. Unset: journal.sqlite3 in the state folder.",
    )
    alert_urls: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices("MIGRATION_ALERT_URLS", "alert_urls"),
        description="Who is told of failed checks and of failed or stuck runs: apprise URLs (Slack, Teams, PagerDuty, "
        "e-mail, webhook …), blanks or commas between them. Unset: nobody. `make alert-test` tries them.",
    )
    ui_url: str | None = Field(
        default=None,
        pattern=r"^https?://\S+$",
        validation_alias=AliasChoices("MIGRATION_UI_URL", "ui_url"),
        description="The address at which people reach Dagster's UI, where it is behind a proxy of yours; alerts link "
        "to it. Unset: they link to what `make ui` serves at the time, and to nothing where it does not run.",
    )
    stuck_seconds: float = Field(
        default=1800.0,
        gt=0,
        validation_alias=AliasChoices("MIGRATION_STUCK_SECONDS", "stuck_seconds"),
        description="Seconds without any sign of life after which a run that has not ended counts as stuck.",
    )
    spot_check: int = Field(
        default=30,
        ge=1,
        le=200,
        validation_alias=AliasChoices("MIGRATION_SPOT_CHECK", "spot_check"),
        description="How many conversations `make spot-check` shows, half of them the ugliest; 25 to 50 are usual.",
    )
    spot_check_seed: int = Field(
        default=1,
        validation_alias=AliasChoices("MIGRATION_SPOT_CHECK_SEED", "spot_check_seed"),
        description="The seed of those that are drawn at random; the same seed draws the same ones.",
    )
    verify_sample: str = Field(
        default="all",
        validation_alias=AliasChoices("MIGRATION_VERIFY_SAMPLE", "verify_sample"),
        description="How many contacts, companies and conversations `make verify` reads back: all, a share such as 5%, "
        "or a number of each. The ugly ones (longest, most files, merged, odd characters) are always among them.",
    )
    verify_seed: int = Field(
        default=1,
        validation_alias=AliasChoices("MIGRATION_VERIFY_SEED", "verify_seed"),
        description="The seed of that sample: the same seed draws the same records.",
    )
    probe: Literal["first_run", "never"] = Field(
        default="first_run",
        validation_alias=AliasChoices("MIGRATION_PROBE", "probe"),
        description="Whether the first load into a workspace asks it what Intercom leaves undocumented, by records of "
        "its own that it removes: first_run or never; make probe asks at any time.",
    )
    memory_limit: str = Field(
        default="1GB",
        pattern=r"^\d+(MB|GB)$",
        validation_alias=AliasChoices("MIGRATION_MEMORY_LIMIT", "memory_limit"),
        description="The memory that DuckDB may use before it spills to disk.",
    )

    @field_validator("alert_urls")
    @classmethod
    def _usable_alert_urls(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            # Only who is to be alerted waits for the library to be imported.
            from schemas.alert_urls import alert_urls

            alert_urls(value.get_secret_value())
        return value

    @field_validator("verify_sample")
    @classmethod
    def _a_sample(cls, value: str) -> str:
        return str(VerificationSample.parse(value))

    @field_validator("intercom_base_url")
    @classmethod
    def _usable_address(cls, value: str | None) -> str | None:
        return None if value is None else api_address(value)

    @field_validator("intercom_access_token")
    @classmethod
    def _usable_token(cls, value: SecretStr | None) -> SecretStr | None:
        return None if value is None else SecretStr(access_token(value.get_secret_value()))

    @model_validator(mode="after")
    def _one_region(self) -> Self:
        host = region_of(self.intercom_base_url or "")
        if host is not None and "intercom_region" in self.model_fields_set and host != self.intercom_region:
            raise ValueError(
                f"INTERCOM_BASE_URL is the host of region {host}, but INTERCOM_REGION says {self.intercom_region}. "
                "Leave one of the two out."
            )
        return self

    @field_validator("extract", "state", "embedded_seed")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return absolute(value)

    @field_validator("map")
    @classmethod
    def _absolute_map(cls, value: Path) -> Path:
        # Whether the file itself is a link is looked at when it is read.
        return absolute(value.parent) / value.name

    @field_validator("state")
    @classmethod
    def _a_home_for_dagster(cls, value: Path) -> Path:
        return without_url_letters(value)

    @property
    def target(self) -> Literal["embedded", "intercom"]:
        """Which workspace is written to: the embedded one unless a token is set."""
        return "intercom" if self.intercom_access_token else "embedded"

    @property
    def api_url(self) -> str | None:
        """The API's address, or None for the embedded workspace, whose address is known once it runs."""
        if self.target == "embedded":
            return None
        return self.intercom_base_url or REGION_HOSTS[self.intercom_region]

    @property
    def expected_region(self) -> str | None:
        """The region that the workspace must say it is in; None for the embedded one, or where none was named."""
        if self.target == "embedded":
            return None
        named = "intercom_region" in self.model_fields_set
        if self.intercom_base_url is None or named:
            return self.intercom_region
        return region_of(self.intercom_base_url)

    @property
    def journal(self) -> str:
        """The journal's SQLAlchemy URL; it may hold a password."""
        if self.journal_url is not None:
            return self.journal_url.get_secret_value()
        return sqlite_url(self.state / "journal.sqlite3")

    @property
    def warehouse_path(self) -> Path:
        """The DuckDB file."""
        return self.state / "warehouse.duckdb"


def settings_table(settings: Settings) -> list[tuple[str, str, str]]:
    """Return (environment variable, value in force, meaning) for every setting; secrets are never shown.

    What everybody sets comes first, what only the embedded workspace knows last.
    """
    rows = []
    inherited = (*WindowSettings.model_fields, *EmbeddedSettings.model_fields)
    own = [name for name in Settings.model_fields if name not in inherited]
    for name in (*own, *inherited):
        field = Settings.model_fields[name]
        value = getattr(settings, name)
        shown = "set, not shown" if isinstance(value, SecretStr) else "" if value is None else str(value)
        rows.append((variable_of(name), shown, field.description or ""))
    return rows


def absolute_paths(settings: Settings) -> dict[str, str]:
    """Return the settings that are paths, by environment variable, for processes with another working directory."""
    chosen = {name: getattr(settings, name) for name in Settings.model_fields}
    paths = {name: value for name, value in chosen.items() if isinstance(value, Path)}
    return {variable_of(name): str(value) for name, value in paths.items()}


def variable_of(name: str) -> str:
    """Return the environment variable of a setting."""
    alias = Settings.model_fields[name].validation_alias
    return str(alias.choices[0] if isinstance(alias, AliasChoices) else name)


def wrong_settings(error: ValidationError) -> str:
    """Say in a sentence each what is wrong with the settings; their values, which may be secrets, are not repeated."""
    found = error.errors(include_url=False, include_input=False, include_context=False)
    return "\n".join(
        ": ".join([*map(str, fault["loc"]), fault["msg"].removeprefix("Value error, ")]) for fault in found
    )
