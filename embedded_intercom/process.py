"""Starts the embedded workspace in its own process, or finds the one that serves the same state already."""

import json
import os
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from embedded_intercom.asking import ask
from embedded_intercom.faults.plan import FaultPlan
from embedded_intercom.state.folder import ENDPOINT, LOG
from embedded_intercom.state.private import open_private

PROJECT = Path(__file__).resolve().parents[1]


class EmbeddedProcessError(RuntimeError):
    """The server did not come up; the message holds what it said."""


@dataclass(frozen=True)
class Quotas:
    """Calls per 10-second window, for one app and for the whole workspace."""

    app: int = 1667
    workspace: int = 4167


class EmbeddedProcess:
    """The embedded workspace of a state folder, as a context manager; `url` and `token` while it runs.

    A server that runs already for the folder is used as it is and left running.
    """

    def __init__(
        self,
        state_dir: Path,
        quotas: Quotas | None = None,
        seed: Path | None = None,
        *,
        search_lag: int = 0,
        faults: FaultPlan | None = None,
        options: tuple[str, ...] = (),
        start_seconds: float = 30.0,
    ) -> None:
        """Prepare; nothing runs yet.

        Args:
            state_dir: the state folder.
            quotas: of a server that is started; one that runs already keeps its own, and its search lag.
            seed: names its people when it is first started.
            search_lag: seconds until its searches find what was created.
            faults: what goes wrong on purpose; a server that runs already is told so until `stop`.
            options: further command-line options of the command `serve`.
            start_seconds: how long it may take to come up.
        """
        self._state = state_dir.expanduser().resolve()
        self._quotas = quotas or Quotas()
        self._seed = seed
        self._search_lag = search_lag
        self._faults = faults
        self._options = options
        self._start_seconds = start_seconds
        self._process: subprocess.Popen[bytes] | None = None
        self.url = ""
        self.token = ""
        self.pid = 0

    @property
    def reused(self) -> bool:
        """Whether the server was there before."""
        return bool(self.url) and self._process is None

    def __enter__(self) -> Self:
        """Start, or find the running server."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop what was started."""
        self.stop()

    def start(self) -> None:
        """Bring the server up and wait until it answers.

        Raises:
            EmbeddedProcessError: it died or did not answer in time; says what it printed.
        """
        if self._answers():
            self._set_faults("POST", self._faults)
            return
        self._state.mkdir(parents=True, exist_ok=True, mode=0o700)
        with open(self._state / LOG, "ab", opener=open_private) as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own module, no shell # nosec B603
                self._command(),
                cwd=PROJECT,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # Ctrl-C is for the run, which stops the server itself once its last write is answered.
                start_new_session=True,
            )
        deadline = time.monotonic() + self._start_seconds
        while not self._answers(self._process.pid):
            if self._process.poll() is not None:
                # Two starts at once: the one that lost the lock uses the winner.
                code, self._process = self._process.returncode, None
                if self._answers_soon():
                    self._set_faults("POST", self._faults)
                    return
                raise EmbeddedProcessError(f"The embedded workspace ended with code {code}. {self._last_words()}")
            if time.monotonic() > deadline:
                self.stop()
                raise EmbeddedProcessError(
                    f"The embedded workspace did not answer within {self._start_seconds:g} s. {self._last_words()}"
                )
            time.sleep(0.05)

    def stop(self, wait_seconds: float = 10.0) -> None:
        """End the server if this object started it; a server that was there before stays."""
        if self.reused:
            with suppress(httpx.TransportError):  # it has ended meanwhile, and its faults with it
                self._set_faults("DELETE")
        process, self._process = self._process, None
        if process is not None:
            process.terminate()
            try:
                process.wait(wait_seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.url = self.token = ""
        self.pid = 0

    def notifications(self, audience: str, client: str | None = None) -> int:
        """Return how many notifications the audience ("contact" or "teammate") would have been sent so far.

        With `client`, a User-Agent, only those that its calls caused, or calls that named no client.
        """
        answer = ask(self.url, self.token, "GET", "/__embedded/notifications")
        rows = [row for row in json.loads(answer)["by"] if row["audience"] == audience]
        return sum(int(row["count"]) for row in rows if client is None or row["client"] in (client, ""))

    def wipes(self) -> int:
        """Return how often the workspace was emptied."""
        return int(json.loads(ask(self.url, self.token, "GET", "/__embedded/state"))["wipes"])

    def _set_faults(self, method: str, plan: FaultPlan | None = None) -> None:
        """Give a server that was there before our faults, or take them away; without any it keeps what it has."""
        if self._faults is not None:
            ask(self.url, self.token, method, "/__embedded/faults", content=plan.as_text() if plan else None)

    def kill(self) -> None:
        """End the server at once, as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _command(self) -> list[str]:
        command = [sys.executable, "-m", "embedded_intercom", "serve", "--quiet"]
        command += ["--app-quota", str(self._quotas.app), "--workspace-quota", str(self._quotas.workspace)]
        if self._search_lag:
            command += ["--search-lag", str(self._search_lag)]
        if self._faults is not None:
            command += ["--faults", self._faults.as_text()]
        return [*command, *self._options]

    def _environment(self) -> dict[str, str]:
        """Return the environment of a server: whose settings of it this process has must not matter.

        Its paths are in there too, because the reader of command lines takes blanks and line ends away.
        """
        own = {name: value for name, value in os.environ.items() if not name.startswith("EMBEDDED_")}
        seed = {} if self._seed is None else {"EMBEDDED_SEED": str(self._seed.resolve())}
        return own | {"EMBEDDED_STATE": str(self._state)} | seed

    def _answers(self, pid: int | None = None) -> bool:
        """Whether the server of the endpoint file (and this pid, if given) answers; takes its address and token."""
        try:
            found = json.loads((self._state / ENDPOINT).read_text())
        except (FileNotFoundError, ValueError):
            return False
        if found["pid"] != (pid or found["pid"]) or not _runs(found["pid"]):
            return False
        try:
            # Not /me: asking whether it is alive must not take a call off the quota.
            ask(found["url"], found["token"], "GET", "/__embedded/alive", timeout=5)
        except httpx.HTTPError:
            return False
        self.url, self.token, self.pid = found["url"], found["token"], found["pid"]
        return True

    def _answers_soon(self) -> bool:
        for _ in range(40):
            if self._answers():
                return True
            time.sleep(0.05)
        return False

    def _last_words(self) -> str:
        lines = (self._state / LOG).read_text(errors="replace").strip().splitlines()
        return f"Its log {self._state / 'server.log'} ends with: {' | '.join(lines[-5:]) or 'nothing'}"


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
