"""The rate limiter: fixed 10-second windows that begin with the first call, per app and per workspace."""

from dataclasses import dataclass

from embedded_intercom.protocol.errors import ApiError
from embedded_intercom.state.clock import WorkspaceClock

WINDOW_SECONDS = 10


@dataclass
class Window:
    """One counter: how many calls it allows and how many were made since it began."""

    quota: int
    begins: float = float("-inf")
    used: int = 0

    def roll(self, now: float) -> None:
        """Begin anew when the window has passed; the first call after that sets the new beginning."""
        if now >= self.begins + WINDOW_SECONDS:
            self.begins = now
            self.used = 0

    @property
    def remaining(self) -> int:
        """Calls left in this window."""
        return max(0, self.quota - self.used)


class Limiter:
    """Counts calls of every app against its own quota and the workspace's."""

    def __init__(self, app_quota: int, workspace_quota: int, clock: WorkspaceClock) -> None:
        self._app_quota = app_quota
        self._clock = clock
        self._workspace = Window(workspace_quota)
        self._apps: dict[str, Window] = {}

    def take(self, app: str) -> tuple[dict[str, str], ApiError | None]:
        """Count one call of `app`.

        Returns:
            The rate-limit headers of the answer, and the refusal when the call is over a limit.
        """
        now = self._clock.precise()
        window = self._apps.setdefault(app, Window(self._app_quota))
        window.roll(now)
        self._workspace.roll(now)
        full = next((w for w in (window, self._workspace) if w.remaining == 0), None)
        if full is None:
            window.used += 1
            self._workspace.used += 1
        headers = _headers(window, full)
        if full is None:
            return headers, None
        message = f"Exceeded rate limit of {full.quota} in {WINDOW_SECONDS}_seconds"
        return headers, ApiError(429, "rate_limit_exceeded", message)


def _headers(window: Window, full: Window | None) -> dict[str, str]:
    shown = full or window
    # Rounded up: a client that sleeps until Reset must find the new window open.
    reset = int(-(-(shown.begins + WINDOW_SECONDS) // 1))
    return {
        "X-RateLimit-Limit": str(window.quota),
        "X-RateLimit-Remaining": "0" if full else str(window.remaining),
        "X-RateLimit-Reset": str(reset),
    }
