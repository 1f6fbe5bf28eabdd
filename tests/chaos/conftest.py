"""The driver and the embedded workspace that the chaos tests share."""

import socket

import pytest

from tests.chaos.migrations import Driver, Server


@pytest.fixture(scope="session")
def driver():
    """The driver's process."""
    made = Driver()
    yield made
    made.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """An embedded workspace at a port of its own, which it keeps when it is started again."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    made = Server(tmp_path_factory.mktemp("chaos"), port)
    yield made
    made.close()
