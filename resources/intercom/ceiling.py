"""A quota that no header shows, learned from the 429s that come although enough seemed left. Decisions only.

Such a quota refuses after about as many calls each time, and its window begins at another moment than the one that is
known: only an even spacing keeps within it wherever that is. Other apps, or a service in trouble, refuse at any
moment. To take each such 429 for a quota would make a run slower and slower, to next to nothing in the end: a ceiling
that is learned from few calls brings few calls to learn the next one from.
"""

from dataclasses import dataclass

GROW = 0.01
"""The share by which a ceiling is raised per window, to see whether there is more again."""
STEP_BACK = 0.95
"""What is used of the calls after which a 429 came."""
FEW = 20
"""Calls; fewer in the last seconds tell nothing of a quota."""
TOO_SOON = 0.5
"""A 429 after less than this share of the ceiling's calls since the last wait cannot come of that quota."""
RAISE = 2.0
"""By how much the ceiling is raised then."""
QUIET = 6
"""Windows without such a 429, after which the growth doubles with each window."""


@dataclass
class Ceiling:
    """What is known of such a quota."""

    calls: float | None = None
    """Calls per window that are let through; None when there is no such quota."""
    since_wait: int = 0
    """Calls that came through since the last wait after a 429."""
    quiet: int = 0
    """Windows since the last 429 that the headers did not announce."""

    def new_window(self, limit: int | None) -> None:
        """Raise the ceiling a little, and drop it at the limit that the headers show."""
        self.quiet += 1
        if self.calls is not None:
            self.calls *= 1 + GROW * 2.0 ** min(max(self.quiet - QUIET, 0), 10)
            self._drop_at(limit)

    def refused(self, after: int, limit: int | None) -> None:
        """Learn from a 429 that the headers did not announce.

        Args:
            after: calls that came through in the last window's length of time.
            limit: calls per window, as the headers say.
        """
        self.quiet = 0
        if self.calls is not None and self.since_wait < TOO_SOON * self.calls:
            self.calls *= RAISE
            self._drop_at(limit)
        elif after >= FEW or self.calls is not None:
            self.calls = max(after * STEP_BACK, 1.0)

    def _drop_at(self, limit: int | None) -> None:
        if limit and self.calls is not None and self.calls >= limit:
            self.calls = None
