"""What a call is, and which handler answers it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import unquote

from embedded_intercom.api.workspace import RunningWorkspace
from embedded_intercom.protocol.checks import Fields, JsonObject, number
from embedded_intercom.protocol.errors import ApiError, not_found
from embedded_intercom.protocol.versions import PREVIEW, Version
from embedded_intercom.state.notifications import Audience, Basis
from embedded_intercom.state.store import Store


@dataclass
class Call:
    """One request on its way through the pipeline."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    content: bytes
    request_id: str
    workspace: RunningWorkspace
    version: Version = PREVIEW
    endpoint: str = ""
    params: dict[str, str] = field(default_factory=dict)
    body: JsonObject = field(default_factory=dict)
    quiet: bool = False
    """Whether what it would tell people is left uncounted: no client made this call."""

    @cached_property
    def fields(self) -> Fields:
        """The body, to be read field by field."""
        return Fields(self.body)

    @property
    def store(self) -> Store:
        """The workspace's state."""
        return self.workspace.store

    @cached_property
    def now(self) -> int:
        """The instant of this call in unix seconds; the same for everything it stamps."""
        return self.workspace.clock.now()

    @property
    def preview(self) -> bool:
        """Whether the call asks for the Preview version."""
        return self.version >= PREVIEW

    def key(self, name: str, absent: ApiError | None = None) -> int:
        """Return a decimal id of the path; raises `absent` (404 by default) when it is none."""
        value = number(self.params[name])
        if value is None:
            raise absent or not_found()
        return value

    def behaves(self, name: str) -> str:
        """The way this workspace takes of an unknown of `protocol/unknowns.py`."""
        return self.workspace.behaviours[name]

    def notify(self, audience: Audience, reason: str, basis: Basis, thread_id: int) -> None:
        """Record that Intercom would have told somebody."""
        if self.quiet:
            return
        cause = f"{self.endpoint}: {reason}"
        client = self.headers.get("user-agent", "")
        self.workspace.notifications.record(audience, cause, basis, thread_id, self.now, client)


@dataclass
class ApiAnswer:
    """What goes back: a document, or JSON that is serialised already."""

    body: JsonObject | str
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    binary: bytes | None = None
    media_type: str = "application/json; charset=utf-8"


Result = JsonObject | str | ApiAnswer
Handler = Callable[[Call], Result]


@dataclass(frozen=True)
class ApiRoute:
    """One endpoint: how its path is made up, since which version it exists, who answers."""

    method: str
    template: str
    since: Version
    handler: Handler

    @cached_property
    def segments(self) -> tuple[str, ...]:
        """The path's segments; a parameter is '{name}'."""
        return tuple(self.template.strip("/").split("/"))

    def match(self, segments: list[str]) -> dict[str, str] | None:
        """Return the path's parameters, or None when the path is another one."""
        found = {}
        for pattern, segment in zip(self.segments, segments, strict=True):
            if pattern.startswith("{"):
                found[pattern[1:-1]] = unquote(segment)
            elif pattern != segment:
                return None
        return found


class Routes:
    """The endpoints of one module; used as a decorator."""

    def __init__(self) -> None:
        self.routes: list[ApiRoute] = []

    def __call__(self, method: str, template: str, since: Version = (2, 0)) -> Callable[[Handler], Handler]:
        """Register a handler for a method and path template, from API version `since` on."""

        def register(handler: Handler) -> Handler:
            self.routes.append(ApiRoute(method, template, since, handler))
            return handler

        return register


class Router:
    """Finds the endpoint of a method and path; fixed segments win over parameters."""

    def __init__(self, modules: list[Routes]) -> None:
        self._routes: dict[tuple[str, int], list[ApiRoute]] = {}
        for route in (route for module in modules for route in module.routes):
            self._routes.setdefault((route.method, len(route.segments)), []).append(route)
        for routes in self._routes.values():
            routes.sort(key=lambda route: route.template.count("{"))

    def find(self, method: str, path: str) -> tuple[ApiRoute, dict[str, str]] | None:
        """Return the route and its path parameters, or None."""
        segments = path.strip("/").split("/")
        for route in self._routes.get((method, len(segments)), []):
            params = route.match(segments)
            if params is not None:
                return route, params
        return None
