"""The running workspace: its store, clock, limiter and what they share across calls."""

import json
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from resources.embedded import seed as seeding
from resources.embedded.clock import Clock
from resources.embedded.limits import Limiter
from resources.embedded.notifications import Notifications
from resources.embedded.store import Store


@dataclass(frozen=True)
class Options:
    """How the workspace is started."""

    state: Path
    app_quota: int = 1667
    workspace_quota: int = 4167
    seed: Path | None = None
    start_time: int | None = None
    search_lag: int = 0
    job_delay: float = 0.05


@dataclass
class Workspace:
    """Everything a handler may need beside its own call."""

    options: Options
    token: str
    clock: Clock
    store: Store
    limiter: Limiter
    notifications: Notifications
    base_url: str = ""
    ignored: Counter[str] = field(default_factory=Counter)
    """Fields that calls sent and no endpoint reads, by 'METHOD /path: field'."""
    documents: dict[str, Any] = field(default_factory=dict)
    """Rendered ticket types and admins, dropped whenever one of their kind changes."""

    @cached_property
    def about(self) -> dict[str, Any]:
        """The workspace's name, id_code, region, time zone and birth."""
        return json.loads(self.store.scalar("SELECT value FROM meta WHERE key='workspace'"))

    @property
    def id_code(self) -> str:
        """The workspace's id, as it appears in documents."""
        return str(self.about["id_code"])


def open_workspace(options: Options, token: str) -> Workspace:
    """Open or create the state and seed its people."""
    clock = Clock(options.start_time)
    store = Store(options.state / "workspace.sqlite3")
    seeding.apply(store, seeding.load(options.seed), clock.now())
    limiter = Limiter(options.app_quota, options.workspace_quota, clock)
    return Workspace(options, token, clock, store, limiter, Notifications(store))
