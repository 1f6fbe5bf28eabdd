"""The running workspace: its store, clock, limiter and what they share across calls."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from embedded_intercom.protocol import permissions
from embedded_intercom.protocol.behaviours import choose
from embedded_intercom.protocol.limits import Limiter
from embedded_intercom.state import seed as seeding
from embedded_intercom.state.clock import WorkspaceClock
from embedded_intercom.state.folder import DATABASE
from embedded_intercom.state.notifications import Notifications
from embedded_intercom.state.store import Store


@dataclass(frozen=True)
class Options:
    """How the workspace is started; times are in seconds of its own clock.

    `search_lag` is how long searches and lists miss what was created, `company_delete_delay` how long a deleted
    company stays, `job_delay` how long a queued ticket takes. `known_by` names the attributes that the
    inbox finds tickets and contacts by. `behaviours` are ways of what Intercom leaves undocumented, beside the seed's.
    """

    state: Path
    app_quota: int = 1667
    workspace_quota: int = 4167
    seed: Path | None = None
    start_time: int | None = None
    search_lag: int = 0
    job_delay: float = 0.05
    company_delete_delay: float = 0.0
    known_by: tuple[str, ...] = ()
    behaviours: Mapping[str, str] = field(default_factory=dict)


class FaultControl(Protocol):
    """What goes wrong on purpose, as the control calls see it; `faults/stage.py` is what does it."""

    def set_plan(self, data: dict[str, Any]) -> None:
        """Follow the plan that is written as `data`; raises `FaultPlanError` where it is no good."""
        ...

    def clear(self) -> None:
        """Behave from now on."""
        ...

    def report(self) -> dict[str, Any]:
        """Return the plan and what it has done so far."""
        ...


@dataclass
class RunningWorkspace:
    """Everything a handler may need beside its own call."""

    options: Options
    token: str
    clock: WorkspaceClock
    store: Store
    limiter: Limiter
    notifications: Notifications
    base_url: str = ""
    ignored: Counter[str] = field(default_factory=Counter)
    """Fields that calls sent and no endpoint reads, by 'METHOD /path: field'."""
    documents: dict[str, Any] = field(default_factory=dict)
    """Rendered ticket types and admins, dropped whenever one of their kind changes."""
    behaviours: dict[str, str] = field(default_factory=lambda: choose({}))
    """The way of every unknown of `protocol/unknowns.py`."""
    made: dict[str, float] = field(default_factory=dict)
    """When contacts and threads were made, by id, where they are not found at once."""
    plan_lacks: frozenset[str] = frozenset()
    token_lacks: frozenset[str] = frozenset()
    faults: FaultControl = field(init=False)
    """What goes wrong on purpose; set by the application, whose pipeline they are part of."""
    next_due: float = 0.0
    """When the next piece of work of `later.py` is due at the earliest; 0: not looked up yet."""

    @cached_property
    def about(self) -> dict[str, Any]:
        """The workspace's name, id_code, region, time zone and birth."""
        return json.loads(self.store.scalar("SELECT value FROM meta WHERE key='workspace'"))

    @property
    def id_code(self) -> str:
        """The workspace's id, as it appears in documents."""
        return str(self.about["id_code"])


def open_workspace(options: Options, token: str) -> RunningWorkspace:
    """Open or create the state and seed its people.

    Raises:
        ValueError: a behaviour, a plan's area or a scope that there is not.
    """
    store = Store(options.state / DATABASE)
    clock = _clock(store, options.start_time)
    seed = seeding.load(options.seed)
    seeding.apply(store, seed, clock.now())
    return RunningWorkspace(
        options,
        token,
        clock,
        store,
        Limiter(options.app_quota, options.workspace_quota, clock),
        Notifications(store),
        behaviours=choose({**seed.get("behaviours", {}), **options.behaviours}),
        plan_lacks=permissions.checked(seed.get("plan_lacks", ()), permissions.PLAN_WORDS, "plan_lacks"),
        token_lacks=permissions.checked(seed.get("token_lacks", ()), permissions.TOKEN_WORDS, "token_lacks"),
    )


def _clock(store: Store, start: int | None) -> WorkspaceClock:
    """The clock as it went before a restart, unless it is told where to start."""
    offset = store.scalar("SELECT value FROM meta WHERE key='clock_offset'")
    clock = WorkspaceClock(start, float(offset or 0))
    clock.on_advance = lambda moved: store.keep("clock_offset", str(moved))
    return clock
