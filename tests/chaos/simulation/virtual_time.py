"""An event loop whose time jumps to the next thing that is due, and a process that may die at any step of it."""

import asyncio
import selectors
import signal
import time
from concurrent.futures import Future
from contextlib import contextmanager
from unittest.mock import patch

BEGIN = 1_750_000_000.0
"""When every simulation begins, in unix seconds."""


class Clock:
    """The time of a simulated world. Seconds since its beginning are kept: unix seconds are too large to be exact."""

    def __init__(self):
        self.elapsed = 0.0

    def time(self):
        """Return the unix time."""
        return BEGIN + self.elapsed

    def monotonic(self):
        """Return the seconds since the world began."""
        return self.elapsed


class Death(SystemExit):
    """The process is gone, as by SIGKILL. A SystemExit, because only that leaves an event loop in the middle of it."""


class _Jump(selectors.SelectSelector):
    """Waits for nothing: no file is ever read, and the time until the next timer is skipped."""

    def __init__(self, clock):
        super().__init__()
        self._clock = clock

    def select(self, timeout=None):
        if timeout is None:
            raise RuntimeError("Nothing will ever happen any more: everything waits for something else.")
        self._clock.elapsed += timeout
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop in virtual time, in one thread.

    `trouble` maps a number of a step to what happens before it: SIGKILL or SIGTERM.
    """

    def __init__(self, clock, trouble=None):
        super().__init__(_Jump(clock))
        self._now = clock.monotonic
        self._handlers = {}
        self.trouble = dict(trouble or {})
        self.steps = 0

    def time(self):
        return self._now()

    def call_soon(self, callback, *args, context=None):
        return super().call_soon(self._step, callback, *args, context=context)

    call_soon_threadsafe = call_soon

    def _step(self, callback, *args):
        self.steps += 1
        number = self.trouble.pop(self.steps, None) if self.trouble else None
        if number is not None:
            self._strike(number, callback, args)
        callback(*args)

    def _strike(self, number, callback, args):
        handler = self._handlers.get(number)
        if handler is not None:
            handler()
            return
        # What was about to be done is left to be done, so that the dead can be cleared away.
        self.trouble.clear()
        super().call_soon(callback, *args)
        raise Death

    def run_in_executor(self, executor, func, *args):
        done = Future()
        try:
            done.set_result(func(*args))
        except Exception as error:
            done.set_exception(error)
        return asyncio.wrap_future(done, loop=self)

    def add_signal_handler(self, sig, callback, *args):
        self._handlers[sig] = lambda: callback(*args)

    def remove_signal_handler(self, sig):
        return self._handlers.pop(sig, None) is not None


@contextmanager
def simulated(clock):
    """Let the whole program see the clock's time."""

    def sleep(seconds):
        clock.elapsed += seconds

    with (
        patch.object(time, "time", clock.time),
        patch.object(time, "monotonic", clock.monotonic),
        patch.object(time, "sleep", sleep),
    ):
        yield


def run(clock, work, trouble=None, on_death=lambda: None):
    """Run the coroutine `work` in virtual time; return (whether it came to its end, its result, steps it took).

    When it dies, `on_death` must see to it that nothing more has an effect; only then is what is left cleared away.
    """
    loop = VirtualLoop(clock, trouble)
    with simulated(clock):
        task = loop.create_task(work)
        try:
            return True, loop.run_until_complete(task), loop.steps
        except Death:
            at = clock.elapsed
            on_death()
            _bury(loop)
            clock.elapsed = at
            return False, None, loop.steps
        finally:
            # What it was to die of comes too late: it has ended.
            loop.trouble.clear()
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.close()


def _bury(loop):
    """End all tasks of a dead process; the time that this takes never was."""
    tasks = asyncio.all_tasks(loop)
    for task in tasks:
        task.cancel()
    loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))


KILL, TERM = signal.SIGKILL, signal.SIGTERM
