import asyncio
import json
from contextlib import asynccontextmanager

import httpx
import pytest

from resources.intercom.budget import Budget
from resources.intercom.client import Intercom

MARKER = "dG9rOm1hcmtlcl90b2tlbl9uZXZlcl9zaG93bg=="


@pytest.fixture
def run():
    return asyncio.run


@pytest.fixture
def answering():
    """A client whose every request is answered by a function or by one fixed answer; keeps the requests."""

    def make(answer, status=200, headers=None, **options):
        seen = []

        def handle(request):
            seen.append(request)
            if callable(answer):
                found = answer(request)
                if isinstance(found, Exception):
                    raise found
                return found
            content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            given = {"content-type": "application/json; charset=utf-8", **(headers or {})}
            return httpx.Response(status, content=content, headers=given)

        settings = {"patience": 0.2, "backoff": 0.01, "budget": Budget(), **options}
        client = Intercom("https://intercom.test", MARKER, transport=httpx.MockTransport(handle), **settings)
        client.seen = seen
        return client

    return make


@asynccontextmanager
async def raw_server(handle):
    """A TCP server on a free port; `handle(reader, writer)` speaks HTTP, or does not."""
    tasks = set()

    async def serve(reader, writer):
        task = asyncio.current_task()
        tasks.add(task)
        try:
            await handle(reader, writer)
        except (ConnectionError, asyncio.CancelledError, asyncio.IncompleteReadError):
            pass
        finally:
            tasks.discard(task)
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()


@pytest.fixture
def socket_server():
    return raw_server


@pytest.fixture
def marker():
    return MARKER
