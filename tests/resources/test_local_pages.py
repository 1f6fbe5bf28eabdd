"""Pages that are served on this machine: who may open them, and the headers that every answer has."""

import asyncio

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from resources.local_pages import HEADERS, Door, Guard

TOKEN = "let-me-in"


class Browser:
    """Asks an application in this process, and keeps its cookies."""

    def __init__(self, app, host):
        self.app, self.host, self.cookies = app, host, httpx.Cookies()

    def get(self, path, **options):
        return self.ask("GET", path, **options)

    def ask(self, method, path, **options):
        async def ask():
            transport = httpx.ASGITransport(app=self.app)
            async with httpx.AsyncClient(transport=transport, base_url=self.host, cookies=self.cookies) as http:
                answer = await http.request(method, path, **options)
                self.cookies = http.cookies
                return answer

        return asyncio.run(ask())


def client(token=TOKEN, host="http://127.0.0.1:8000"):
    def say(text, headers=None):
        return lambda request: PlainTextResponse(text, headers=headers)

    styled = Route("/page.css", say("css", {"Cache-Control": "public"}))

    async def take(request):
        return PlainTextResponse(f"{len(await request.body())}")

    routes = [styled, Route("/page", say("secret")), Route("/page/{x}", say("deep"))]
    routes.append(Route("/page/{x}", take, methods=["POST"]))
    door = Door(token, lambda: Response("no", 401), root="/page", style="/page.css", longest_body=1000)
    app = Guard(Starlette(routes=routes), door)
    return Browser(app, host)


def test_the_token_is_exchanged_for_a_cookie_that_is_not_the_token():
    browser = client()
    assert browser.get("/page").status_code == 401
    answer = browser.get(f"/page/1?token={TOKEN}&a=b")
    assert (answer.status_code, answer.headers["location"]) == (303, "/page/1?a=b")
    cookie = answer.headers["set-cookie"]
    assert {"HttpOnly", "Path=/page", "SameSite=strict"} <= set(cookie.split("; "))
    assert TOKEN not in cookie
    assert [browser.get(path).text for path in ("/page", "/page/1")] == ["secret", "deep"]


def test_a_wrong_token_or_another_pages_cookie_opens_nothing():
    browser = client()
    assert browser.get("/page?token=wrong").text == "no"
    assert browser.get("/page?token=").text == "no"
    other = client("another")
    other.get("/page?token=another")
    assert other.get("/page").text == "secret"
    assert browser.get("/page", headers={"Cookie": "; ".join(map("=".join, other.cookies.items()))}).text == "no"
    browser.get(f"/page?token={TOKEN}")
    assert browser.get("/page?token=wrong").text == "no", "a wrong token counts although there is a session"


@pytest.mark.parametrize("host", ["http://evil.example", "http://127.0.0.1.evil.example"])
def test_a_foreign_name_is_refused_whatever_it_knows(host):
    browser = client(host=host)
    for path in ("/page", f"/page?token={TOKEN}", "/page.css"):
        answer = browser.get(path)
        assert answer.status_code == 400
        assert "set-cookie" not in answer.headers


def test_every_answer_has_the_headers_and_the_style_is_for_everybody():
    browser = client()
    styled = browser.get("/page.css")
    assert (styled.text, styled.headers["cache-control"]) == ("css", "public")
    browser.get(f"/page?token={TOKEN}")
    answers = [browser.get(path) for path in ("/page", "/nowhere", "/page?token=wrong")]
    answers.append(client(host="http://evil.example").get("/page"))
    # The session is for what is below the page's own path, so that a path beside it is not even looked for.
    assert [answer.status_code for answer in answers] == [200, 401, 401, 400]
    for answer in answers:
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert "default-src 'none'" in HEADERS["Content-Security-Policy"]
    assert "script-src" not in HEADERS["Content-Security-Policy"]


FOREIGN = (
    {"Origin": "http://127.0.0.1:9"},
    {"Origin": "http://evil.example"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"},
    {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"},
    {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"},
)
FOLLOWED = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}


@pytest.mark.parametrize("headers", FOREIGN)
def test_what_another_page_asks_for_is_refused_whatever_cookie_comes_along(headers):
    browser = client()
    browser.get(f"/page?token={TOKEN}")
    for method in ("GET", "POST"):
        assert browser.ask(method, "/page/1", headers=headers).status_code == 403
    assert browser.ask("GET", f"/page?token={TOKEN}", headers=headers).status_code == 403


def test_a_link_on_another_page_may_be_followed_but_never_with_a_form():
    browser = client()
    browser.get(f"/page?token={TOKEN}")
    assert browser.get("/page", headers=FOLLOWED).text == "secret"
    assert browser.ask("POST", "/page/1", headers=FOLLOWED).status_code == 403
    own = {"Origin": "http://127.0.0.1:8000", "Sec-Fetch-Site": "same-origin"}
    assert browser.ask("POST", "/page/1", content=b"abc", headers=own).text == "3"


def test_a_body_is_bounded_whether_its_length_is_announced_or_not():
    async def pieces():
        for _ in range(100):
            yield b"x" * 100

    browser = client()
    browser.get(f"/page?token={TOKEN}")
    assert browser.ask("POST", "/page/1", content=b"x" * 1000).text == "1000"
    assert browser.ask("POST", "/page/1", content=b"x" * 1001).status_code == 413
    assert browser.ask("POST", "/page/1", content=pieces()).status_code == 413


def test_nothing_is_read_of_who_may_not_enter():
    read = []

    async def receive():
        read.append(1)
        return {"type": "http.request", "body": b"x", "more_body": True}

    async def send(message):
        said.append(message)

    said = []
    scope = {"type": "http", "method": "POST", "path": "/page/1", "query_string": b"", "scheme": "http"}
    asyncio.run(client().app({**scope, "headers": [(b"host", b"localhost")]}, receive, send))
    assert (said[0]["status"], read) == (401, [])


def test_over_an_encrypted_connection_the_cookie_is_the_hosts_alone():
    browser = client(host="https://localhost")
    cookie = browser.get(f"/page?token={TOKEN}").headers["set-cookie"]
    assert cookie.startswith("__Host-page_")
    assert {"Secure", "Path=/", "HttpOnly"} <= set(cookie.split("; "))
    assert browser.get("/page").text == "secret"


def test_a_web_socket_has_the_same_door():
    async def app(scope, receive, send):
        await send({"type": "websocket.accept"})

    async def call(**headers):
        said = []

        async def send(message):
            said.append(message["type"])

        named = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        scope = {"type": "websocket", "path": "/", "query_string": b"", "headers": named, "scheme": "ws"}
        await Guard(app, Door(TOKEN, lambda: Response("no", 401)))(scope, None, send)
        return said

    browser = client()
    browser.get(f"/page?token={TOKEN}")
    cookie = "; ".join(map("=".join, browser.cookies.items()))
    asked = {"host": "127.0.0.1:8000", "origin": "http://127.0.0.1:8000", "cookie": cookie}
    assert asyncio.run(call(**asked)) == ["websocket.accept"]
    for wrong in ({"origin": "http://127.0.0.1:9"}, {"host": "evil.example"}, {"cookie": "page_x=1"}):
        assert asyncio.run(call(**asked | wrong)) == ["websocket.close"]
