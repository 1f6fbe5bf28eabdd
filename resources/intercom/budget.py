"""The rate budget of a run: whoever wants to call Intercom waits here for a turn. The decisions are in `pacing.py`."""

import asyncio
import time
from collections.abc import Callable, Mapping

from resources.clock import steady
from resources.intercom.pacing import RateState, answered, came_through, delay, failed, failing_for, leave

BELIEVED = 5.0
"""Seconds by which this machine's clock may differ from Intercom's without being taken for wrong."""
LOOK_AGAIN = 0.25
"""Seconds; a longer wait is looked at again after this, because answers may have brought news."""


class Budget:
    """One for everything in a run, in one thread; it may outlive an event loop.

    Args:
        share: the share of Intercom's quota that may be used, 0 to 1; the rest is left to the customer's other apps.
        calls_per_minute: an upper limit whatever the quota allows, evenly spaced; None for none.
        clock: this machine's time in unix seconds, without jumps; Intercom's own is worked out from its Date header.
    """

    def __init__(
        self,
        share: float = 1.0,
        calls_per_minute: int | None = None,
        clock: Callable[[], float] = steady,
    ) -> None:
        if not 0 < share <= 1:
            raise ValueError(f"the share of the quota must be above 0 and at most 1, not {share}")
        if calls_per_minute is not None and calls_per_minute <= 0:
            raise ValueError(f"calls per minute must be above 0, not {calls_per_minute}")
        self.pace = RateState(share=share, calls_per_minute=calls_per_minute)
        self.stop_wanted: Callable[[], bool] = lambda: False
        """Whether the run is to end: asked while calls wait for an Intercom that is down."""
        self._clock = clock
        self._turn: asyncio.Lock | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def calls_per_window(self) -> int | None:
        """Intercom's quota per 10-second window, as it said last; None before the first answer."""
        return self.pace.limit

    @property
    def down(self) -> bool:
        """Whether Intercom seems to be down: several calls in a row had no clear answer."""
        return self.pace.down

    @property
    def reached(self) -> bool:
        """Whether Intercom gave a clear answer to any call of this run."""
        return self.pace.reached

    @property
    def failing_seconds(self) -> float:
        """For how long Intercom has given no clear answer; 0 when it seems to be up."""
        return failing_for(self.pace, self._clock())

    def intercom_time(self) -> float:
        """Return the present time by Intercom's clock, in unix seconds."""
        return self._clock() + self.pace.offset

    def settled_time(self) -> float:
        """Return the present time for what may be read after this machine's clock was set, or by another machine.

        Intercom's Date header is no finer than a second: a clock that agrees with it within a few is believed.
        """
        return self._clock() + (self.pace.offset if abs(self.pace.offset) > BELIEVED else 0.0)

    async def acquire(self) -> float | None:
        """Wait for a turn and take it; every turn taken must be given back with `release`.

        Returns:
            The seconds waited; None when no turn was taken, because Intercom is down and the run is to end.
        """
        asked = time.monotonic()
        # The lock is the queue: first come, first served, and only the first in it watches the clock.
        async with self._queue():
            while (pause := delay(self.pace, self._clock())) > 0:
                if self.down and self.stop_wanted():
                    return None
                await asyncio.sleep(min(pause, LOOK_AGAIN))
            leave(self.pace, self._clock())
        return time.monotonic() - asked

    def release(
        self, status: int | None = None, headers: Mapping[str, str] | None = None, *, unclear: bool = False
    ) -> None:
        """Give a turn back.

        Args:
            status: the answer's HTTP status; None when none came.
            headers: the answer's headers, looked up by lower-case name.
            unclear: whether the call was sent, but what came back does not tell what became of it.
        """
        self.pace.in_flight -= 1
        if status is not None:
            answered(self.pace, self._clock(), status, headers or {})
        if unclear:
            failed(self.pace, self._clock())
        elif status is not None:
            came_through(self.pace)

    async def pause(self, seconds: float) -> None:
        """Wait between two attempts at a call, but no longer than until the run is to end."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0 and not self.stop_wanted():
            await asyncio.sleep(min(left, LOOK_AGAIN))

    def _queue(self) -> asyncio.Lock:
        loop = asyncio.get_running_loop()
        if self._turn is None or self._loop is not loop:
            self._turn, self._loop = asyncio.Lock(), loop
        return self._turn
