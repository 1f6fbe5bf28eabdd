"""Connections that break, against real sockets: nothing that may have happened is sent a second time."""

import asyncio
import json
import socket
import time

import httpx
import pytest

from resources.intercom.budget import Budget
from resources.intercom.client import Intercom
from resources.intercom.errors import IntercomError, Unauthorized
from resources.intercom.outcomes import Outcome

OK = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{"id":"7"}'


async def read_request(reader):
    head = await reader.readuntil(b"\r\n\r\n")
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            await reader.readexactly(int(line.split(b":")[1]))
    return head


def client_for(url, **options):
    settings = {"deadline": 0.5, "patience": 0.3, "backoff": 0.01, **options}
    return Intercom(url, "secret", budget=Budget(), **settings)


async def failure(call):
    with pytest.raises(IntercomError) as caught:
        await call
    return caught.value


class Misbehaving:
    """Speaks `replies` in turn, one per request; the last one again and again."""

    def __init__(self, *replies):
        self.replies, self.requests = list(replies), []

    async def __call__(self, reader, writer):
        while True:
            self.requests.append(await read_request(reader))
            reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
            if callable(reply):
                await reply(writer)
                return
            writer.write(reply)
            await writer.drain()


async def hang(writer):
    await asyncio.sleep(30)


async def drip(writer):
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n{")
    while True:
        await asyncio.sleep(0.05)
        writer.write(b" ")
        await writer.drain()


async def vanish(writer):
    writer.close()


async def reset(writer):
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    writer.transport.abort()


async def truncate(writer):
    writer.write(b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 999\r\n\r\n{"id":"')
    await writer.drain()
    writer.close()


async def garbage(writer):
    writer.write(b"SSH-2.0-OpenSSH_9.0\r\n\r\n")
    await writer.drain()
    writer.close()


BREAKS = [hang, drip, vanish, reset, truncate, garbage]


@pytest.mark.parametrize("how", BREAKS, ids=lambda how: how.__name__)
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_a_write_whose_answer_is_lost_is_ambiguous_and_sent_once(run, socket_server, how, method):
    server = Misbehaving(how)

    async def scenario():
        async with socket_server(server) as url, client_for(url) as client:
            started = time.monotonic()
            call = client.create_ticket({"a": 1}) if method == "POST" else client.update_ticket("1", {"a": 1})
            error = await failure(call)
            return error, time.monotonic() - started, client.calls.snapshot()

    error, seconds, calls = run(scenario())
    assert (error.outcome, error.status, error.may_have_happened) == (Outcome.AMBIGUOUS, None, True)
    assert seconds < 2, "the deadline is for the whole call, not per read"
    assert len(server.requests) == 1
    assert (calls["total"], calls["writes"], calls["by_status"]) == (1, 1, {"no_answer": 1})


@pytest.mark.parametrize("how", [vanish, reset], ids=lambda how: how.__name__)
def test_a_kept_connection_that_breaks_under_a_put_is_not_used_again_by_the_library(run, socket_server, how):
    server = Misbehaving(OK, how, OK)

    async def scenario():
        async with socket_server(server) as url, client_for(url) as client:
            await client.update_ticket("1", {})
            return await failure(client.update_ticket("2", {}))

    assert run(scenario()).outcome is Outcome.AMBIGUOUS
    assert len(server.requests) == 2, "aiohttp repeats a PUT by itself unless told otherwise"


@pytest.mark.parametrize("how", BREAKS, ids=lambda how: how.__name__)
def test_a_read_is_repeated_until_it_succeeds(run, socket_server, how):
    server = Misbehaving(how, how, OK)

    async def scenario():
        async with socket_server(server) as url, client_for(url, deadline=0.2, patience=10) as client:
            return await client.get_ticket("7")

    assert run(scenario()).id == "7"
    assert len(server.requests) == 3


def test_a_read_that_never_succeeds_ends(run, socket_server):
    server = Misbehaving(vanish)

    async def scenario():
        async with socket_server(server) as url, client_for(url) as client:
            return await failure(client.get_ticket("7"))

    error = run(scenario())
    assert (error.outcome, error.may_have_happened) == (Outcome.NOT_EXECUTED, False)
    assert len(server.requests) > 1


def test_no_connection_is_tried_again_then_not_executed(run):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    async def scenario():
        async with client_for(f"http://127.0.0.1:{port}") as client:
            return await failure(client.create_ticket({})), client.calls.snapshot()

    error, calls = run(scenario())
    assert (error.outcome, error.code, error.may_have_happened) == (Outcome.NOT_EXECUTED, "not_connected", False)
    assert calls["not_sent"] > 1
    assert (calls["total"], calls["writes"]) == (0, 0)


def test_a_write_goes_out_once_the_server_is_there(run, socket_server):
    server = Misbehaving(OK)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    async def scenario():
        async with client_for(f"http://127.0.0.1:{port}", patience=10, backoff=0.05) as client:
            call = asyncio.create_task(client.create_ticket({}))
            await asyncio.sleep(0.2)
            listening = await asyncio.start_server(server, "127.0.0.1", port)
            ticket = await call
            listening.close()
            return ticket

    assert run(scenario()).id == "7"
    assert len(server.requests) == 1


def test_a_cancelled_call_gives_its_turn_back(run, socket_server):
    async def scenario():
        async with socket_server(Misbehaving(hang)) as url, client_for(url, deadline=30) as client:
            call = asyncio.create_task(client.create_ticket({}))
            await asyncio.sleep(0.1)
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
            return client.budget.pace.in_flight, client.calls.snapshot()["by_status"]

    assert run(scenario()) == (0, {"no_answer": 1})


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408])
def test_a_server_error_is_ambiguous_for_a_write_and_repeated_for_a_read(run, answering, status):
    client = answering({"type": "error.list", "errors": [{"code": "server_error"}]}, status=status)
    error = run(failure(client.create_ticket({})))
    assert (error.outcome, len(client.seen)) == (Outcome.AMBIGUOUS, 1)
    error = run(failure(client.get_ticket("1")))
    assert error.outcome is Outcome.NOT_EXECUTED
    assert len(client.seen) > 2


def test_a_redirect_is_not_followed(run, answering):
    client = answering({}, status=301, headers={"location": "https://elsewhere.test/tickets"})
    error = run(failure(client.create_ticket({})))
    assert (error.outcome, error.stop, error.may_have_happened) == (Outcome.STOP, True, True)
    assert len(client.seen) == 1


@pytest.mark.parametrize("name", ["create_ticket", "upsert_company"])
def test_a_sign_in_page_instead_of_an_answer_stops_the_run(run, answering, name):
    client = answering(b"<html>Welcome to Hotel WiFi</html>", headers={"content-type": "text/html"})
    error = run(failure(getattr(client, name)({})))
    assert (error.outcome, error.code, error.stop) == (Outcome.AMBIGUOUS, "not_json", True)
    assert len(client.seen) == 1


def test_a_sign_in_page_stops_a_read_at_once(run, answering):
    client = answering(b"<html>", headers={"content-type": "text/html"})
    error = run(failure(client.me()))
    assert (error.stop, len(client.seen)) == (True, 1)


def test_a_refused_token_stops_the_run(run, answering):
    client = answering({"type": "error.list", "errors": [{"code": "unauthorized"}]}, status=401)
    error = run(failure(client.me()))
    assert isinstance(error, Unauthorized)
    assert (error.stop, error.may_have_happened, len(client.seen)) == (True, False, 1)


def test_a_429_is_waited_for_and_the_write_sent_again(run, answering):
    def answer(request):
        if len(client.seen) == 1:
            headers = {"x-ratelimit-limit": "1667", "x-ratelimit-remaining": "0"}
            headers["x-ratelimit-reset"] = str(time.time() + 0.3)
            return httpx.Response(429, json={"errors": [{"code": "rate_limit_exceeded"}]}, headers=headers)
        return httpx.Response(200, json={"id": "7"})

    client = answering(answer)
    started = time.monotonic()
    assert run(client.create_ticket({"a": 1})).id == "7"
    assert time.monotonic() - started >= 0.25
    assert [json.loads(request.content) for request in client.seen] == [{"a": 1}, {"a": 1}]
    calls = client.calls.snapshot()
    assert (calls["total"], calls["rate_limited"]) == (2, 1)
    assert calls["seconds_waited"] >= 0.25


def test_a_read_with_an_undocumented_shape_is_not_confirmed(run, answering):
    error = run(failure(answering({"id": "1", "created_at": "yesterday"}).get_ticket("1")))
    assert error.code == "unexpected_shape"
    assert "yesterday" not in str(error)
    assert run(failure(answering({"data": [{"no": "id"}]}).list_tags())).code == "unexpected_shape"
