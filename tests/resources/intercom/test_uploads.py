"""Bodies with files: the JSON that Intercom documents, made while it is sent, as often as it is sent."""

import asyncio
import base64
import json
import os
import tracemalloc

import httpx
import pytest

from resources.intercom import http
from resources.intercom.errors import IntercomError
from resources.intercom.uploads import PIECE, FilesBody, Upload

BODY = {"message_type": "note", "body": '<p>Grüße \u2028 "quoted"</p>', "created_at": 1_600_000_000}


@pytest.fixture
def upload(tmp_path):
    def make(content, name="a.txt", content_type="text/plain", size=None):
        path = tmp_path / f"file{len(list(tmp_path.iterdir()))}"
        path.write_bytes(content)
        return Upload(path, name, content_type, len(content) if size is None else size)

    return make


async def whole(body):
    return b"".join([piece async for piece in body])


@pytest.mark.parametrize("size", [0, 1, 2, 3, 4, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE + 2])
def test_the_body_is_the_documented_json_and_as_long_as_it_says(upload, run, size):
    content = os.urandom(size)
    body = FilesBody(BODY, [upload(content, 'Grüße "1".txt'), upload(b"two", "b.png", "image/png")])
    sent = run(whole(body))
    assert len(sent) == body.length
    assert json.loads(sent) == BODY | {
        "attachment_files": [
            {"content_type": "text/plain", "name": 'Grüße "1".txt', "data": base64.b64encode(content).decode()},
            {"content_type": "image/png", "name": "b.png", "data": base64.b64encode(b"two").decode()},
        ]
    }


def test_a_file_is_never_held_whole(upload, run):
    body = FilesBody(BODY, [upload(bytes(30_000_000))])

    async def send():
        return sum([len(piece) async for piece in body])

    tracemalloc.start()
    try:
        assert run(send()) == body.length
        assert tracemalloc.get_traced_memory()[1] < 6 * PIECE
    finally:
        tracemalloc.stop()


def test_a_file_of_another_size_breaks_the_request_off(upload, run):
    with pytest.raises(OSError, match="changed its size"):
        run(whole(FilesBody(BODY, [upload(b"four", size=5)])))


def test_a_call_that_is_repeated_reads_its_files_again(answering, run, upload):
    bodies = []

    async def answer(request):
        bodies.append(json.loads(await request.aread()))
        limited = len(bodies) == 1
        error = {"type": "error.list", "errors": [{"code": "rate_limit_exceeded", "message": "slow down"}]}
        return httpx.Response(429 if limited else 200, json=error if limited else {"id": "7"})

    client = answering({"id": "7"})
    client._http._transport = httpx.MockTransport(answer)
    part = run(client.reply_ticket("5", BODY, [upload(b"bytes")]))
    assert part.id == "7"
    assert len(bodies) == 2
    assert bodies[0] == bodies[1]
    assert base64.b64decode(bodies[0]["attachment_files"][0]["data"]) == b"bytes"


def test_the_request_announces_type_and_length(answering, run, upload):
    client = answering({"id": "7"})
    run(client.reply_conversation("5", BODY, [upload(b"bytes")]))
    (request,) = client.seen
    assert request.headers["content-type"] == "application/json"
    assert int(request.headers["content-length"]) == len(run(whole(request.stream)))
    assert "transfer-encoding" not in request.headers


def test_an_error_does_not_repeat_the_name_of_a_file(answering, run, upload):
    said = {
        "type": "error.list",
        "errors": [{"code": "parameter_invalid", "message": "jane-doe-passport.pdf is refused"}],
    }
    client = answering(said, status=400)
    with pytest.raises(IntercomError) as raised:
        run(client.reply_ticket("5", BODY, [upload(b"bytes", "jane-doe-passport.pdf")]))
    assert raised.value.message == "[file] is refused"


def test_a_large_body_gets_more_time(answering, run, upload, monkeypatch):
    async def slow(request):
        await asyncio.sleep(0.2)
        return httpx.Response(200, json={"id": "7"})

    monkeypatch.setattr(http, "SLOWEST_UPLOAD", 1_000)
    for size, outcome in ((10_000, "7"), (1, "no_answer")):
        client = answering({"id": "7"}, deadline=0.05)
        client._http._transport = httpx.MockTransport(slow)
        try:
            assert run(client.reply_ticket("5", {}, [upload(bytes(size))])).id == outcome
        except IntercomError as error:
            assert error.code == outcome
