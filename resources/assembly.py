"""The resources of a run, put together from the settings."""

from typing import Any

import dagster as dg

from resources.confirmation import confirmation_code
from resources.embedded_launcher import launcher_of
from resources.journal.resource import JournalStore
from resources.notifier import Notifier
from resources.run import Confirmation, ExtractFolder, MigrationOptions, RollbackOptions
from resources.warehouse import Warehouse
from resources.workspace import IntercomWorkspace
from schemas.settings import Settings


def build_resources(
    settings: Settings,
    options: MigrationOptions | None = None,
    rollback: RollbackOptions | None = None,
    *,
    confirmed: bool = False,
) -> dict[str, dg.ConfigurableResource]:
    """Return the resources by name, with the choices of a run.

    `confirmed` is for who starts a run in this process, from a terminal; else the run's configuration confirms it.
    """
    settle = settings.settle_seconds
    if settle is None:
        settle = 0.0 if settings.target == "embedded" else 300.0
    return {
        "warehouse": Warehouse(database=str(settings.warehouse_path), memory_limit=settings.memory_limit),
        "drop": ExtractFolder(
            extract=str(settings.extract), mapping=str(settings.map), rejects=str(settings.state / "rejects")
        ),
        "options": options or options_of(settings),
        "rollback": rollback or RollbackOptions(),
        "confirmation": Confirmation(code=confirmation_code(settings.state) if confirmed else ""),
        "journal": JournalStore(path=str(settings.state / "journal.sqlite3"), elsewhere=settings.journal_url),
        "notifier": notifier_of(settings),
        "workspace": IntercomWorkspace(
            state=str(settings.state),
            base_url=settings.api_url,
            expected_region=settings.expected_region,
            named=settings.intercom_workspace,
            rate_share=settings.rate_share,
            calls_per_minute=settings.calls_per_minute,
            concurrency=settings.concurrency,
            deadline=settings.call_deadline,
            outage=settings.outage_seconds,
            settle_seconds=settle,
            token=settings.intercom_access_token,
            launcher=launcher_of(settings),
        ),
    }


def options_of(settings: Settings, **chosen: Any) -> MigrationOptions:  # noqa: ANN401 - fields of the options
    """Return the options of a run: what was chosen for it, and what the settings say for every run."""
    names = ("verify_sample", "verify_seed", "off_peak", "time_zone", "large_load", "hypercare_days", "probe")
    return MigrationOptions(**{name: getattr(settings, name) for name in names}, **chosen)


def notifier_of(settings: Settings) -> Notifier:
    """Return who tells people of failures, over the given settings."""
    return Notifier(
        state=str(settings.state),
        ui_url=settings.ui_url,
        stuck_seconds=settings.stuck_seconds,
        urls=settings.alert_urls,
    )
