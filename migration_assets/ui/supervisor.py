"""What `make ui` is: takes the port, starts what serves the UI in a process group of its own, and ends all of it.

Nothing of Dagster is imported here, which takes seconds: a taken port is said at once, and a signal is heard from the
beginning. The group holds the webserver, the daemon, their code servers and the runs that they start.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

from resources.ui_address import say_ended, say_served
from schemas.settings import Settings

HOST = "127.0.0.1"
TAKEN = 1
LEAVE_SECONDS = 20.0
"""Seconds for the webserver, and then for whatever it has left, to end by itself."""
LOOK_SECONDS = 0.05
GOING = "Ending; a run that is going on is stopped and loses nothing. Ctrl-C again ends it at once."
NEXT_PORTS = 50
"""How many ports after a taken one are tried for one that could be named instead."""
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""What ends it: Ctrl-C, a request to end, and the terminal's window being closed."""


class EndRequest:
    """Hears the signals to end, and counts them: nothing is interrupted, so that nothing is left half started."""

    def __init__(self) -> None:
        self.times = 0
        for number in ENDINGS:
            # Who started it with nohup wants it to outlive the terminal.
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._hear)

    def _hear(self, _number: int, _frame: object) -> None:
        self.times += 1

    @property
    def is_urgent(self) -> bool:
        """Whether it was wanted more than once: then nothing is waited for."""
        return self.times > 1


def serve(settings: Settings, port: int) -> int:
    """Serve the UI and run the daemon until a signal; 0 when it was ended, 1 with a sentence when the port is taken."""
    asked = EndRequest()
    with socket.socket() as listener:
        try:
            _take(listener, port)
        except OSError as error:
            print(cannot_be_used(port, error), file=sys.stderr)
            return TAKEN
        say_served(settings.state, f"http://{HOST}:{listener.getsockname()[1]}")
        command = [sys.executable, "-m", "migration_assets.ui", str(listener.fileno())]
        try:
            return supervise(command, asked, (listener.fileno(),))
        finally:
            say_ended(settings.state)


def _take(listener: socket.socket, port: int) -> None:
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((HOST, port))
    # At once: until somebody listens, a second process could take the same port.
    listener.listen()


def cannot_be_used(port: int, error: OSError) -> str:
    """Say why a port cannot be used, and name one that can."""
    # Those below are the system's own.
    after = max(port, 1023)
    for other in range(after + 1, min(after + NEXT_PORTS, 65535) + 1):
        with socket.socket() as tried, suppress(OSError):
            _take(tried, other)
            return f"Port {port} cannot be used ({error.strerror}). Take another one: make ui PORT={other}"
    return f"Port {port} cannot be used ({error.strerror}). Take another one, or any that is free: make ui PORT=0"


def supervise(
    command: Sequence[str], asked: EndRequest, files: Sequence[int] = (), patience: float = LEAVE_SECONDS
) -> int:
    """Run a command in a group of its own until it ends or is asked to; afterwards nobody of the group is left.

    Args:
        command: what is run; it inherits `files`.
        asked: whether it should end.
        files: file descriptors.
        patience: seconds that it has to end by itself, and what it leaves behind once more.

    Returns:
        its exit code, 0 where it was asked to end.
    """
    process = subprocess.Popen(  # noqa: S603 - our own words # nosec B603
        command, stdin=subprocess.DEVNULL, pass_fds=files, start_new_session=True
    )
    while process.poll() is None and not asked.times:
        time.sleep(LOOK_SECONDS)
    if process.poll() is None:
        # Nobody may be left to read it: the terminal's window was closed, or what it was piped into has ended.
        with suppress(OSError):
            print(GOING, flush=True)
        process.terminate()
        until = time.monotonic() + patience
        while process.poll() is None and time.monotonic() < until and not asked.is_urgent:
            time.sleep(LOOK_SECONDS)
    end_group(process.pid, patience, lambda: asked.is_urgent, process.poll)
    process.wait()
    return 0 if asked.times else process.returncode


def end_group(
    group: int,
    patience: float = LEAVE_SECONDS,
    is_urgent: Callable[[], bool] = lambda: False,
    reap: Callable[[], object] = lambda: None,
) -> None:
    """End a process group: code servers, and runs, whose journal has what they wrote.

    Args:
        group: its id.
        patience: seconds to end by themselves; then they are killed.
        is_urgent: whether they should be killed at once.
        reap: takes the exit code of the group's first process, which counts as there until somebody has.
    """
    until = time.monotonic() + patience
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGTERM)
        while time.monotonic() < until and not is_urgent():
            reap()
            os.killpg(group, 0)
            time.sleep(LOOK_SECONDS)
        os.killpg(group, signal.SIGKILL)
