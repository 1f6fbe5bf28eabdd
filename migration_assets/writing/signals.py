"""Being asked to stop: by SIGINT and SIGTERM, which are given back afterwards, or from another terminal."""

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from resources.journal import RunCommand

SIGNALS = (signal.SIGINT, signal.SIGTERM)


def asked_to_stop(order: RunCommand) -> str:
    """Return the sentence that a load ends with when somebody at another terminal wants it to."""
    return f"The load was asked to stop (by {order.asked_by})."


@contextmanager
def stopping_on_signals(stop: Callable[[str], None]) -> Iterator[None]:
    """Call `stop` with a sentence when the process is asked to end; the handlers before are put back.

    Only the main thread receives signals; in another thread this does nothing.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in SIGNALS}
    for number in SIGNALS:
        loop.add_signal_handler(number, stop, f"The load was asked to stop ({number.name}).")
    try:
        yield
    finally:
        for number, handler in before.items():
            loop.remove_signal_handler(number)
            signal.signal(number, handler)
