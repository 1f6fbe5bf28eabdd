"""The driver and the embedded workspace that the chaos tests share."""

import socket

import pytest

from tests.chaos.migrations import JOURNAL, Driver, Server


@pytest.fixture(scope="session")
def driver():
    """The driver's process."""
    made = Driver()
    yield made
    made.close()


@pytest.fixture(scope="session")
def new_journal(request):
    """A function (kind) that returns the URL of an empty journal of that kind; None for a file beside the warehouse."""

    def made(kind=JOURNAL):
        return request.getfixturevalue("postgres")() if "postgresql" in (kind, JOURNAL) else None

    return made


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """An embedded workspace at a port of its own, which it keeps when it is started again."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    made = Server(tmp_path_factory.mktemp("chaos"), port)
    yield made
    made.close()
