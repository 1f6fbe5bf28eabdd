"""The workspace's time: the machine's, moved by an offset that tests may set."""

import time
from email.utils import formatdate


class Clock:
    """Unix time with an offset; every stamp, window and `Date` header of the workspace comes from here."""

    def __init__(self, start: int | None = None) -> None:
        """Begin at `start` (unix seconds) and run on from there; None is the machine's time."""
        self._offset = 0.0 if start is None else start - time.time()

    def precise(self) -> float:
        """Now, in seconds with fractions."""
        return time.time() + self._offset

    def now(self) -> int:
        """Now, in whole unix seconds."""
        return int(self.precise())

    def advance(self, seconds: float) -> None:
        """Move the clock forward by `seconds`."""
        self._offset += seconds

    def http_date(self) -> str:
        """Now, as an HTTP `Date` header."""
        return formatdate(self.precise(), usegmt=True)
