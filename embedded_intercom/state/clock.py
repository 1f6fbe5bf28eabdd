"""The workspace's time: the machine's, moved by an offset that tests may set and that a restart keeps."""

import time
from collections.abc import Callable
from email.utils import formatdate


class WorkspaceClock:
    """Unix time with an offset; every stamp, window and `Date` header of the workspace comes from here."""

    def __init__(self, start: int | None = None, offset: float = 0.0) -> None:
        """Begin at `start` (unix seconds) and run on from there; None is the machine's time plus `offset` seconds."""
        self._offset = offset if start is None else start - time.time()
        self.on_advance: Callable[[float], None] | None = None
        """Told the new offset when the clock was moved."""

    def precise(self) -> float:
        """Now, in seconds with fractions."""
        return time.time() + self._offset

    def now(self) -> int:
        """Now, in whole unix seconds."""
        return int(self.precise())

    def advance(self, seconds: float) -> None:
        """Move the clock forward by `seconds`."""
        self._offset += seconds
        if self.on_advance is not None:
            self.on_advance(self._offset)

    def http_date(self) -> str:
        """Now, as an HTTP `Date` header."""
        return formatdate(self.precise(), usegmt=True)
