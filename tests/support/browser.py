"""A real browser without a window, driven by its own debugging protocol: what a person's browser would do."""

import itertools
import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from websockets.sync.client import ClientConnection, connect

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
WHY_NOT = "needs chromium, such as Debian's package of that name"
PATIENCE = 180.0
"""Seconds for an answer, on a machine that has much else to do."""


class Tab:
    """One tab; `open` waits for the page, `run` returns what JavaScript in it gives."""

    def __init__(self, socket: ClientConnection, session: str) -> None:
        self._socket, self._session, self._numbers = socket, session, itertools.count(1)

    def open(self, address: str) -> None:
        """Go to an address, and wait until the page and what it loads are there."""
        self._call("Page.enable")
        self._call("Page.navigate", url=address)
        self._event("Page.loadEventFired")

    def run(self, script: str) -> Any:
        """Return the value of an expression, which may be a promise."""
        answer = self._call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            raise AssertionError(answer["exceptionDetails"])
        return answer["result"].get("value")

    def _call(self, method: str, **params: Any) -> dict[str, Any]:
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params, "sessionId": self._session}))
        while True:
            said = json.loads(self._socket.recv(PATIENCE))
            if said.get("id") == number:
                assert "error" not in said, said
                return said["result"]

    def _event(self, name: str) -> None:
        while json.loads(self._socket.recv(PATIENCE)).get("method") != name:
            pass


@contextmanager
def browser(*switches: str) -> Iterator[Tab]:
    """Start Chromium with a profile of its own and yield its tab."""
    assert CHROMIUM
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", *switches]
        command += [f"--user-data-dir={profile}", "--remote-debugging-port=0", "about:blank"]
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        try:
            assert process.stderr
            found = next(filter(None, (re.search(r"ws://\S+", line) for line in process.stderr)))
            with connect(found[0], max_size=None, proxy=None) as socket:
                socket.send(json.dumps({"id": 0, "method": "Target.createTarget", "params": {"url": "about:blank"}}))
                target = _answer(socket)["targetId"]
                attach = {"targetId": target, "flatten": True}
                socket.send(json.dumps({"id": 0, "method": "Target.attachToTarget", "params": attach}))
                yield Tab(socket, _answer(socket)["sessionId"])
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _answer(socket: ClientConnection) -> dict[str, Any]:
    while True:
        said = json.loads(socket.recv(PATIENCE))
        if said.get("id") == 0:
            return said["result"]
