"""Connections that break, against real sockets: nothing that may have happened is sent a second time."""

import asyncio
import json
import shutil
import socket
import ssl
import subprocess
import time

import httpx
import pytest

from resources.intercom import http, pacing
from resources.intercom.budget import Budget
from resources.intercom.client import Intercom
from resources.intercom.errors import IntercomError, Unauthorized
from resources.intercom.outcomes import CallOutcome
from resources.intercom.pacing import DOWN
from resources.intercom.repeats import PAGES

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
    assert (error.outcome, error.status, error.may_have_happened) == (CallOutcome.AMBIGUOUS, None, True)
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

    assert run(scenario()).outcome is CallOutcome.AMBIGUOUS
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
    assert (error.outcome, error.may_have_happened) == (CallOutcome.NOT_EXECUTED, False)
    assert len(server.requests) > 1


def test_no_connection_is_tried_again_then_not_executed(run):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    async def scenario():
        async with client_for(f"http://127.0.0.1:{port}") as client:
            return await failure(client.create_ticket({})), client.calls.snapshot()

    error, calls = run(scenario())
    assert (error.outcome, error.code, error.may_have_happened) == (CallOutcome.NOT_EXECUTED, "not_connected", False)
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
    assert (error.outcome, len(client.seen)) == (CallOutcome.AMBIGUOUS, 1)
    error = run(failure(client.get_ticket("1")))
    assert error.outcome is CallOutcome.NOT_EXECUTED
    assert len(client.seen) > 2


@pytest.fixture
def untrusted(tmp_path):
    """TLS settings of a server whose certificate nobody vouches for."""
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    files = {"-keyout": str(tmp_path / "key.pem"), "-out": str(tmp_path / "certificate.pem")}
    done = shutil.which("openssl") and subprocess.run(
        [*made, "-addext", "subjectAltName=IP:127.0.0.1", *(word for pair in files.items() for word in pair)],
        capture_output=True, check=True,
    )  # fmt: skip
    if not done:
        pytest.skip("openssl is not installed: no certificate can be made")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files["-out"], files["-keyout"])
    return context


def test_nothing_is_sent_to_a_server_whose_certificate_is_not_trusted(run, untrusted):
    server = Misbehaving(OK)

    async def scenario():
        listening = await asyncio.start_server(server, "127.0.0.1", 0, ssl=untrusted)
        port = listening.sockets[0].getsockname()[1]
        async with listening, client_for(f"https://127.0.0.1:{port}") as client:
            return await failure(client.create_ticket({}))

    error = run(scenario())
    assert (error.outcome, error.code, error.stop) == (CallOutcome.STOP, "certificate", True)
    assert not error.may_have_happened
    assert server.requests == [], "not even the token"


def test_a_redirect_is_not_followed(run, answering):
    client = answering({}, status=301, headers={"location": "https://elsewhere.test/tickets"})
    error = run(failure(client.create_ticket({})))
    assert (error.outcome, error.stop, error.may_have_happened) == (CallOutcome.STOP, True, True)
    assert len(client.seen) == 1


PAGE = b"<html>Welcome to Hotel WiFi</html>"


@pytest.mark.parametrize("name", ["create_ticket", "upsert_company"])
def test_a_page_instead_of_an_answer_is_ambiguous_for_a_write(run, answering, name):
    client = answering(PAGE, headers={"content-type": "text/html"})
    error = run(failure(getattr(client, name)({})))
    assert (error.outcome, error.code, error.stop) == (CallOutcome.AMBIGUOUS, "not_json", False)
    assert len(client.seen) == 1


def test_pages_again_and_again_stop_the_run(run, answering):
    client = answering(PAGE, headers={"content-type": "text/html"})

    async def scenario():
        return [(await failure(client.create_ticket({}))).stop for _ in range(DOWN)]

    assert run(scenario()) == [False] * (DOWN - 1) + [True]


def test_a_read_that_was_answered_with_a_page_once_is_repeated_and_soon_given_up(run, answering):
    page = httpx.Response(200, content=PAGE, headers={"content-type": "text/html"})
    client = answering(lambda request: page if len(client.seen) == 1 else httpx.Response(200, json={"id": "7"}))
    assert run(client.get_ticket("7")).id == "7"
    client = answering(PAGE, headers={"content-type": "text/html"}, patience=60)
    assert run(failure(client.me())).code == "not_json"
    assert len(client.seen) == PAGES


def test_an_intercom_that_is_down_is_asked_ever_more_rarely(run, answering):
    now = [1_800_000_000.0]
    budget = Budget(clock=lambda: now[0])
    client = answering({"errors": [{"code": "server_error"}]}, status=503, budget=budget)

    async def scenario():
        for _ in range(DOWN):
            now[0] += 0.1
            assert (await failure(client.create_ticket({}))).outcome is CallOutcome.AMBIGUOUS
        waits = []
        for _ in range(6):
            waits.append(budget.pace.blocked_until - now[0])
            now[0] = budget.pace.blocked_until
            await failure(client.create_ticket({}))
        return waits

    assert [round(wait) for wait in run(scenario())] == [1, 2, 4, 8, 16, 30]


def test_an_intercom_that_stays_down_stops_the_run(run, answering):
    now = [1_800_000_000.0]
    budget = Budget(clock=lambda: now[0])
    client = answering({}, status=503, budget=budget, outage=60)

    async def scenario():
        stops = []
        while not stops or not stops[-1]:
            now[0] = max(now[0] + 0.1, budget.pace.blocked_until)
            stops.append((await failure(client.create_ticket({}))).stop)
        return len(stops)

    # Five at once, then one after 1, 2, 4, 8, 16 and 30 seconds.
    assert run(scenario()) == DOWN + 6
    assert 60 <= budget.failing_seconds < 62


def reached_then_lost(answering, failures, **options):
    """A client whose first call is answered, and whose next ones get no connection for so many attempts."""
    attempts = []

    def answer(request):
        attempts.append(request)
        if 1 < len(attempts) <= failures + 1:
            return httpx.ConnectError("refused")
        return httpx.Response(200, json={"id": "7"})

    return answering(answer, patience=0.05, **options)


def test_an_intercom_that_cannot_be_reached_any_more_is_waited_for_and_everything_goes_on_by_itself(run, answering):
    """Longer than one call alone would be repeated, with few looks meanwhile."""
    client = reached_then_lost(answering, DOWN + 1)

    async def scenario():
        await client.create_ticket({})
        return await asyncio.gather(*(client.create_ticket({}) for _ in range(8)))

    assert {ticket.id for ticket in run(asyncio.wait_for(scenario(), 60))} == {"7"}
    assert not client.budget.down


def test_an_intercom_that_stays_out_of_reach_stops_the_run_in_the_end(run, answering):
    client = reached_then_lost(answering, 1_000_000, outage=2)

    async def scenario():
        await client.create_ticket({})
        calls = [asyncio.create_task(failure(client.create_ticket({}))) for _ in range(8)]
        ended, waiting = await asyncio.wait(calls, timeout=60, return_when=asyncio.FIRST_COMPLETED)
        for call in waiting:
            call.cancel()
        return [call.result() for call in ended]

    errors = run(scenario())
    assert errors
    assert all(error.stop and not error.may_have_happened for error in errors)


def broken_for(times, only=None):
    """Answers every call but the first with 503 so many times; with `only`, calls of that path and no others."""
    seen = []

    def answer(request):
        if only is None or request.url.path == only:
            seen.append(request)
            if times and 1 < len(seen) <= times + 1:
                return httpx.Response(503, json={"errors": [{"code": "server_error"}]})
        return httpx.Response(200, json={"id": "7"})

    return answer


@pytest.fixture
def soon(monkeypatch):
    """Looks at an Intercom that is down follow each other without the pauses that double."""
    monkeypatch.setattr(pacing, "LONGEST_LOOK", 0.01)
    monkeypatch.setattr(http, "LONGEST_PAUSE", 0.01)


def test_a_read_waits_for_an_intercom_that_answers_with_errors_for_long(run, answering, soon):
    """Longer than one call alone would be repeated."""
    client = answering(broken_for(60), patience=1)

    async def scenario():
        await client.get_ticket("7")
        return await asyncio.gather(*(client.get_ticket("7") for _ in range(3)))

    assert {ticket.id for ticket in run(asyncio.wait_for(scenario(), 60))} == {"7"}


def test_a_read_stops_the_run_when_the_errors_do_not_end(run, answering, soon):
    client = answering(broken_for(1_000_000), patience=1, outage=2)

    async def scenario():
        await client.get_ticket("7")
        return await failure(client.get_ticket("7")), client.budget.failing_seconds

    error, seconds = run(asyncio.wait_for(scenario(), 60))
    assert error.stop
    assert not error.may_have_happened
    assert seconds >= 2


def test_a_call_that_fails_alone_is_not_taken_for_an_intercom_that_is_down(run, answering, soon):
    client = answering(broken_for(1_000_000, only="/tickets/7"), patience=0.3)

    async def scenario():
        await client.get_ticket("7")
        return await failure(client.get_ticket("7"))

    error = run(asyncio.wait_for(scenario(), 60))
    assert (error.outcome, error.stop) == (CallOutcome.NOT_EXECUTED, False)


@pytest.mark.parametrize(("name", "given"), [("create_ticket", {}), ("get_ticket", "7")])
def test_a_stop_is_heard_while_an_outage_is_waited_for(run, answering, name, given):
    """Every call that has not left says so, and none of them is unknown."""
    client = reached_then_lost(answering, 1_000_000)

    async def scenario():
        await client.create_ticket({})
        calls = [asyncio.create_task(failure(getattr(client, name)(given))) for _ in range(8)]
        while not client.budget.down:
            await asyncio.sleep(0.01)
        before = len(client.seen)
        client.budget.stop_wanted = lambda: True
        return await asyncio.gather(*calls), len(client.seen) - before

    errors, sent = run(asyncio.wait_for(scenario(), 20))
    assert sent <= 1, "what was under way"
    assert all(not error.may_have_happened for error in errors)
    assert "asked_to_stop" in {error.code for error in errors}


def test_one_clear_answer_and_everything_goes_on(run, answering):
    replies = [503] * DOWN + [422]
    client = answering(lambda request: httpx.Response(replies.pop(0), json={"errors": [{"code": "x"}]}))

    async def scenario():
        for _ in range(DOWN):
            await failure(client.create_ticket({}))
        assert client.budget.down
        client.budget.pace.blocked_until = 0.0
        await failure(client.create_ticket({}))

    run(scenario())
    assert not client.budget.down


@pytest.mark.parametrize("name", ["create_ticket", "create_conversation"])
def test_a_contact_that_was_just_made_is_waited_for(run, answering, name):
    unknown = {"type": "error.list", "errors": [{"code": "not_found", "message": "User Not Found"}]}

    def answer(request):
        if len(client.seen) < 3:
            return httpx.Response(404, json=unknown)
        return httpx.Response(200, json={"id": "7", "conversation_id": "8"})

    client = answering(answer)
    assert run(getattr(client, name)({})).id == "7"
    client = answering(unknown, status=404)
    error = run(failure(getattr(client, name)({})))
    assert (error.outcome, error.status) == (CallOutcome.REJECTED, 404)
    client = answering(unknown, status=404)
    run(failure(client.update_contact("1", {})))
    assert len(client.seen) == 1


def test_a_stop_while_a_contact_is_waited_for_leaves_the_write_to_the_next_run(run, answering):
    unknown = {"type": "error.list", "errors": [{"code": "not_found", "message": "User Not Found"}]}
    client = answering(unknown, status=404)
    client.budget.stop_wanted = lambda: len(client.seen) == 2
    error = run(failure(client.attach_company("1", "2")))
    assert (error.outcome, error.status, error.may_have_happened) == (CallOutcome.NOT_EXECUTED, 404, False)
    assert len(client.seen) == 2


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
