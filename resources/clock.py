"""This machine's time without its jumps: what a run waits for must not be shortened when somebody sets the clock."""

import time

_TICKING = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""A clock that nobody sets and that goes on while the machine sleeps: Linux has one of its own for that."""
_OFFSET = time.time() - time.clock_gettime(_TICKING)


def steady() -> float:
    """Return the unix time, as it was when the process began and has passed since."""
    return _OFFSET + time.clock_gettime(_TICKING)
