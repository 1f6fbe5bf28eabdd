"""Whoever answers in Intercom's place may send anything, without end, and name any other host: all of it is bounded.

Over real sockets where memory and connections matter; single answers come from a stand-in for the transport.
"""

import asyncio
import gzip
import json
import subprocess
import sys
import time
import tracemalloc
import zlib
from contextlib import asynccontextmanager

import httpx
import pytest

from embedded_intercom.asking import ask
from resources.intercom import answer_body
from resources.intercom.budget import Budget
from resources.intercom.client import Intercom
from resources.intercom.errors import IntercomError, Unauthorized
from resources.intercom.list_end import ListWithoutEndError
from resources.intercom.outcomes import CallOutcome
from resources.intercom.repeats import PAGES
from resources.notifier.sending import send_to_all
from schemas.settings import PROJECT

TOKEN = "dG9rOm5ldmVyX3RvX2JlX3NlbnQ="
MEGABYTE = 1024 * 1024
JSON = b"Content-Type: application/json\r\n"


@pytest.fixture
def small(monkeypatch):
    """A bound that is reached quickly."""
    monkeypatch.setattr(answer_body, "LARGEST_ANSWER", MEGABYTE)


class Hostile:
    """Answers every request with the same bytes, or with what a function writes; counts requests and bytes."""

    def __init__(self, answer):
        self.answer, self.requests, self.sent = answer, [], 0

    async def __call__(self, reader, writer):
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                self.requests.append(head)
                for line in head.lower().split(b"\r\n"):
                    if line.startswith(b"content-length:"):
                        await reader.readexactly(int(line.split(b":")[1]))
                for piece in [self.answer] if isinstance(self.answer, bytes) else self.answer():
                    writer.write(piece)
                    self.sent += len(piece)
                    await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def listening(server):
    socket = await asyncio.start_server(server, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{socket.sockets[0].getsockname()[1]}"
    finally:
        socket.close()


async def failure(call):
    with pytest.raises(IntercomError) as caught:
        await call
    return caught.value


def client_for(url, **options):
    return Intercom(url, TOKEN, budget=Budget(), **{"deadline": 20.0, "patience": 0.2, "backoff": 0.01, **options})


def against(server, work, **options):
    """Do `work(client)` against a server; return what it returned, its seconds and the memory that it took."""

    async def scenario():
        async with listening(server) as url, client_for(url, **options) as client:
            return await work(client)

    tracemalloc.start()
    started = time.monotonic()
    try:
        found = asyncio.run(scenario())
        return found, time.monotonic() - started, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def write(client):
    return failure(client.create_ticket({"a": 1}))


def endless(head, piece=b"1" * 65536):
    def answer():
        yield head
        while True:
            yield piece

    return answer


def chunked(status=b"200 OK"):
    chunk = b"10000\r\n" + b"1" * 65536 + b"\r\n"
    return endless(b"HTTP/1.1 " + status + b"\r\n" + JSON + b"Transfer-Encoding: chunked\r\n\r\n", chunk)


def packed(content, encoding):
    head = f"Content-Encoding: {encoding}\r\nContent-Length: {len(content)}\r\n\r\n".encode()
    return b"HTTP/1.1 200 OK\r\n" + JSON + head + content


def bomb(size=300 * MEGABYTE):
    packer = zlib.compressobj(9, wbits=zlib.MAX_WBITS | 16)
    return b"".join([*(packer.compress(b" " * MEGABYTE) for _ in range(size // MEGABYTE)), packer.flush()])


# -- the size of an answer ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [chunked(), endless(b"HTTP/1.1 200 OK\r\n" + JSON + b"Content-Length: 999999999999\r\n\r\n"), None],
    ids=["without end", "announced as a terabyte", "gzip bomb"],
)
def test_an_answer_that_is_too_large_is_broken_off_and_the_write_is_read_back(small, answer):
    server = Hostile(answer or packed(bomb(), "gzip"))
    error, seconds, memory = against(server, write)
    assert (error.outcome, error.code, error.may_have_happened) == (CallOutcome.AMBIGUOUS, "answer_too_large", True)
    assert error.message == "The answer 200 is larger than any of Intercom's."
    assert len(server.requests) == 1
    assert server.sent < 16 * MEGABYTE, "what the kernels' buffers took"
    assert memory < 16 * MEGABYTE
    assert seconds < 60, "it would go on for ever"


def test_the_bound_itself_holds_in_a_process_of_its_own():
    """With the real bound: what a process takes at the most is measured by the operating system."""
    script = """
import asyncio, resource, sys
sys.path.insert(0, "tests/security")
from test_peer import Hostile, against, bomb, chunked, packed, write
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
codes = [against(Hostile(answer), write)[0].code for answer in (chunked(), packed(bomb(1024 * 1024 * 1024), "gzip"))]
print(codes, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, timeout=120)
    codes, _, megabytes = done.stdout.strip().rpartition(" ")
    assert codes == "['answer_too_large', 'answer_too_large']", done.stderr
    assert int(megabytes) < 400


@pytest.mark.parametrize("encoding", ["gzip, gzip", "gzip,gzip,gzip", "deflate", "br", "zstd", "compress", "x"])
def test_what_is_packed_otherwise_than_asked_for_is_not_unpacked(encoding):
    server = Hostile(packed(gzip.compress(gzip.compress(b'{"id":"1"}')), encoding))
    error, _, _ = against(server, write)
    assert (error.outcome, error.code) == (CallOutcome.AMBIGUOUS, "unreadable_answer")
    (request,) = server.requests
    assert b"accept-encoding: gzip\r\n" in request.lower()


@pytest.mark.parametrize(
    "content", [b"", b"not gzip", gzip.compress(b'{"id":"1"}')[:-4]], ids=["nothing", "no gzip", "cut off"]
)
def test_what_is_packed_badly_is_no_answer(content):
    error, _, _ = against(Hostile(packed(content, "gzip")), write)
    assert (error.outcome, error.code) == (CallOutcome.AMBIGUOUS, "unreadable_answer")


@pytest.mark.parametrize("tail", [b"", b"\0" * 100_000, gzip.compress(b"[]")], ids=["nothing", "zeros", "more"])
def test_an_answer_that_is_packed_as_asked_for_is_read(tail):
    server = Hostile(packed(gzip.compress(b'{"id":"7"}') + tail, "gzip"))
    found, _, _ = against(server, lambda client: client.get_ticket("7"))
    assert found.id == "7"


@pytest.mark.parametrize(
    ("status", "outcome", "kind"),
    [(b"400 No", CallOutcome.REJECTED, IntercomError), (b"401 No", CallOutcome.STOP, Unauthorized)],
)
def test_a_refusal_stays_one_however_long_its_words_are(small, status, outcome, kind):
    error, _, memory = against(Hostile(chunked(status)), write)
    assert (error.outcome, type(error), error.may_have_happened) == (outcome, kind, False)
    assert memory < 16 * MEGABYTE


def test_a_read_of_such_answers_is_soon_given_up(small):
    server = Hostile(chunked())
    error, _, _ = against(server, lambda client: failure(client.me()), patience=60)
    assert (error.outcome, error.code) == (CallOutcome.NOT_EXECUTED, "answer_too_large")
    assert len(server.requests) == PAGES


@pytest.mark.parametrize(
    "answer",
    [
        endless(b"HTTP/1.1 200 OK\r\n", b"X-A: 1\r\n" * 1000),
        endless(b"HTTP/1.1 200 OK\r\nX-A: "),
        endless(b"HTTP/1.1 200 "),
        endless(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" * 100),
        endless(b""),
        endless(b"HTTP/1.1 200 OK\r\n" + JSON + b"Transfer-Encoding: chunked\r\n\r\n1;"),
    ],
    ids=["headers", "header", "reason", "hints", "no HTTP", "chunk"],
)
def test_headers_without_end_are_no_answer(answer):
    error, seconds, memory = against(Hostile(answer), write, deadline=2.0)
    assert (error.outcome, error.may_have_happened) == (CallOutcome.AMBIGUOUS, True)
    assert memory < 32 * MEGABYTE
    assert seconds < 60, "it would go on for ever"


@pytest.mark.parametrize("body", [b'{"id":' + b"[" * 100_000, b'{"id":"1","a":' + b"9" * 100_000 + b"}"])
def test_a_body_that_python_does_not_read_is_no_answer(body, answering):
    error = asyncio.run(failure(answering(body).create_ticket({})))
    assert (error.outcome, error.code) == (CallOutcome.AMBIGUOUS, "unreadable_answer")


def test_many_small_values_are_as_bad_as_a_large_body(answering):
    body = b'{"id":"1","a":[' + b"{}," * 5_000_000 + b"{}]}"
    tracemalloc.start()
    error = asyncio.run(failure(answering(body).create_ticket({})))
    memory = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert error.code == "answer_too_large"
    assert memory < 100 * MEGABYTE, "read, they would be 500 MB"


# -- where the token goes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Again", "308 For good"])
@pytest.mark.parametrize("call", ["me", "create_ticket"])
def test_a_redirect_takes_the_token_nowhere(status, call):
    async def scenario():
        thief = Hostile(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        async with listening(thief) as elsewhere:
            head = f"HTTP/1.1 {status}\r\nLocation: {elsewhere}/me\r\nRefresh: 0; url={elsewhere}\r\n"
            async with (
                listening(Hostile(f"{head}Content-Length: 0\r\n\r\n".encode())) as url,
                client_for(url) as client,
            ):
                error = await failure(client.me() if call == "me" else client.create_ticket({}))
        return error, thief.requests

    error, stolen = asyncio.run(scenario())
    assert (error.outcome, error.code) == (CallOutcome.STOP, f"http_{status[:3]}")
    assert stolen == []


def test_what_is_meant_for_this_machine_goes_by_no_proxy(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    server = Hostile(b"HTTP/1.1 200 OK\r\n" + JSON + b'Content-Length: 10\r\n\r\n{"id":"7"}')
    found, _, _ = against(server, lambda client: client.get_ticket("7"))
    assert found.id == "7"


# -- lists -------------------------------------------------------------------------------------------------------


async def read_all(pages, most=5000):
    read = []
    async for page in pages:
        read += [item.id for item in page]
        assert len(read) < most
    return read


def lists(client):
    yield client.search_contacts({"field": "role", "operator": "=", "value": "user"})
    yield client.iter_contacts()


def contacts(number, size=150):
    return [{"id": f"c{number}-{place}", "role": "user"} for place in range(size)]


def refusal_of(answering, page, which):
    """Read a list whose n-th page is `page(n)`; return what it was refused with, and the requests."""
    client = answering(lambda request: httpx.Response(200, json=page(len(client.seen))))
    with pytest.raises(ListWithoutEndError) as caught:
        asyncio.run(read_all(list(lists(client))[which]))
    assert (caught.value.stop, caught.value.outcome) == (True, CallOutcome.STOP)
    return str(caught.value), client.seen


def page_of(number, cursor, **fields):
    return {"data": contacts(number), "pages": {"next": {"starting_after": cursor}}, **fields}


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize(
    ("page", "why", "most"),
    [
        (lambda number: page_of(number, "the same"), "a cursor came twice", 2),
        (lambda number: page_of(number, f"c{number % 3}"), "a cursor came twice", 4),
        (lambda number: page_of(1, f"c{number}"), "a page repeats the one before", 2),
        (lambda number: page_of(number, f"c{number}", total_count=300), "of 300 records 600 have come", 4),
        (lambda number: page_of(number, f"c{number}", total_count=1000 - 300 * number), "of 100 records 450 have", 3),
        (lambda number: page_of(number, f"c{number}", total_count=0), "of 0 records 300 have come", 2),
        (lambda number: page_of(number, f"c{number}", total_count=-5), "of -5 records 150 have come", 1),
        (lambda number: page_of(number, f"c{number}") | {"data": []}, "11 pages in a row are empty", 11),
        (lambda number: page_of(number, "") | {"pages": {"next": "https://evil.example/contacts?starting_after=x"}},
         "the next page is named by an address instead of a cursor", 1),
    ],
)  # fmt: skip
def test_a_list_that_does_not_end_is_refused_in_a_sentence(answering, page, why, most, which):
    sentence, requests = refusal_of(answering, page, which)
    assert why in sentence
    assert "The pages of a list from Intercom do not end as they should" in sentence
    assert len(requests) == most
    assert {request.url.host for request in requests} == {"intercom.test"}


def test_a_list_has_a_most_of_pages(answering, monkeypatch):
    monkeypatch.setattr("resources.intercom.list_end.MOST_PAGES", 20)
    sentence, requests = refusal_of(answering, lambda number: page_of(number, f"c{number}"), 0)
    assert "there are more than 20 pages" in sentence
    assert len(requests) == 20


def test_records_that_are_made_and_deleted_meanwhile_are_borne_with(answering):
    pages = [page_of(1, "a", total_count=400), page_of(2, "b", total_count=299), page_of(3, None, total_count=298)]
    client = answering(lambda request: httpx.Response(200, json=pages[len(client.seen) - 1]))
    assert len(asyncio.run(read_all(client.iter_contacts()))) == 450


def test_a_list_by_numbers_that_stays_where_it_is_is_refused(answering):
    same = {"data": contacts(1, 50), "pages": {"next": {"page": 2}}}
    client = answering(same)
    with pytest.raises(ListWithoutEndError, match="a page repeats the one before"):
        asyncio.run(read_all(client.iter_company_contacts("7")))
    assert len(client.seen) == 2


def test_a_scroll_that_stays_where_it_is_is_refused_and_one_cursor_for_all_its_pages_is_right(answering):
    client = answering({"data": [{"id": "k"}], "scroll_param": "one"})
    with pytest.raises(ListWithoutEndError, match="a page repeats the one before"):
        asyncio.run(read_all(client.iter_companies()))
    answers = [{"data": [{"id": f"k{number}"}], "scroll_param": "one"} for number in range(3)] + [{"data": []}]
    client = answering(lambda request: httpx.Response(200, json=answers[len(client.seen) - 1]))
    assert asyncio.run(read_all(client.iter_companies())) == ["k0", "k1", "k2"]


def test_an_address_of_a_next_page_only_gives_its_query(answering):
    pages = [
        {"data": [{"id": "k1"}], "pages": {"next": "https://evil.example/steal?page=2&per_page=1"}},
        {"data": [{"id": "k2"}], "pages": {"next": None}},
    ]
    client = answering(lambda request: httpx.Response(200, json=pages[len(client.seen) - 1]))
    assert [company.id for company in asyncio.run(client.companies_of("c"))] == ["k1", "k2"]
    assert [str(request.url) for request in client.seen] == [
        "https://intercom.test/contacts/c/companies",
        "https://intercom.test/contacts/c/companies?page=2&per_page=1",
    ]


# -- the embedded workspace's own client -------------------------------------------------------------------------


def asked(server, path="/__embedded/alive"):
    async def scenario():
        async with listening(server) as url:
            return await asyncio.to_thread(ask, url, TOKEN, "GET", path, timeout=10)

    return asyncio.run(scenario())


@pytest.mark.parametrize("answer", [chunked(), packed(bomb(), "gzip")], ids=["without end", "gzip bomb"])
def test_whatever_listens_where_an_embedded_workspace_did_sends_no_more_than_a_bound(answer):
    tracemalloc.start()
    try:
        body = asked(Hostile(answer))
        assert len(body) < MEGABYTE, "a bomb that is left packed is harmless"
    except httpx.HTTPError as error:
        assert "larger" in str(error)
    assert tracemalloc.get_traced_memory()[1] < 32 * MEGABYTE
    tracemalloc.stop()


@pytest.mark.parametrize(
    "url", ["http://10.0.0.1:80", "http://127.0.0.1@evil.example", "http://localhost.evil.example"]
)
def test_another_machine_is_not_asked_for_an_embedded_workspace(url):
    with pytest.raises(httpx.HTTPError, match="not an address of this machine"):
        ask(url, TOKEN, "GET", "/__embedded/alive")


def test_the_embedded_client_follows_no_redirect():
    head = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n"
    with pytest.raises(httpx.HTTPStatusError):
        asked(Hostile(head))


def test_an_alert_goes_to_no_other_address_than_the_one_that_was_named():
    async def scenario():
        thief = Hostile(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        async with listening(thief) as elsewhere:
            head = f"HTTP/1.1 307 Again\r\nLocation: {elsewhere}/x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            async with listening(Hostile(head.encode())) as url:
                (sent,) = await asyncio.to_thread(send_to_all, [f"json://{url.removeprefix('http://')}/"], "t", "b")
        return sent, thief.requests

    sent, stolen = asyncio.run(scenario())
    assert sent.fault is not None
    assert stolen == []


def test_a_token_is_never_in_what_is_raised():
    error, _, _ = against(Hostile(packed(json.dumps({"errors": [{"code": TOKEN}]}).encode(), "x")), write)
    assert TOKEN not in str(error) + error.message
