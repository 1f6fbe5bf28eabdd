"""Pages that are served on this machine: who may open them, and the headers that every answer has."""

import asyncio
import re

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from resources.local_pages import HEADERS, Door, Guard, secret_path

TOKEN = "let-me-in"
ROOT = secret_path(TOKEN, "page")


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

    root = secret_path(token, "page")
    styled = Route(f"{root}/page.css", say("css", {"Cache-Control": "public"}))

    async def take(request):
        return PlainTextResponse(f"{len(await request.body())}")

    routes = [styled, Route(root, say("secret")), Route(root + "/{x}", say("deep"))]
    routes.append(Route(root + "/{x}", take, methods=["POST"]))
    door = Door(token, lambda: Response("no", 401), "page", longest_body=1000)
    app = Guard(Starlette(routes=routes), door)
    return Browser(app, host)


def test_the_token_is_exchanged_for_a_cookie_that_is_not_the_token():
    browser = client()
    assert browser.get(ROOT).status_code == 401
    answer = browser.get(f"/1?token={TOKEN}&a=b")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{ROOT}/1?a=b")
    cookie = answer.headers["set-cookie"]
    assert {"HttpOnly", f"Path={ROOT}", "SameSite=strict"} <= set(cookie.split("; "))
    assert TOKEN not in cookie
    assert [browser.get(path).text for path in (ROOT, f"{ROOT}/1")] == ["secret", "deep"]


def test_the_pages_are_below_a_path_that_nobody_can_guess():
    assert re.fullmatch(r"/page-[0-9a-f]{32}", ROOT)
    assert len({secret_path(token, "page") for token in ("a", "b", TOKEN)}) == 3
    assert TOKEN not in ROOT
    browser = client()
    browser.get(f"/?token={TOKEN}")
    assert browser.get("/1").text == "no", "the cookie is for that path alone"


@pytest.mark.parametrize(
    "begins", ["//evil.example", "/%2Fevil.example", "/\\evil.example", "/.//evil.example", "///x"]
)
def test_the_way_in_leads_to_no_other_host(begins):
    said = client().get(f"http://127.0.0.1:8000{begins}?token={TOKEN}").headers["location"]
    assert said.startswith(f"{ROOT}/")


def test_a_wrong_token_or_another_pages_cookie_opens_nothing():
    browser = client()
    assert browser.get("/?token=wrong").text == "no"
    assert browser.get("/?token=").text == "no"
    other = client("another")
    other.get("/?token=another")
    assert other.get(secret_path("another", "page")).text == "secret"
    assert browser.get(ROOT, headers={"Cookie": "; ".join(map("=".join, other.cookies.items()))}).text == "no"
    browser.get(f"/?token={TOKEN}")
    assert browser.get("/?token=wrong").text == "no", "a wrong token counts although there is a session"


@pytest.mark.parametrize("host", ["http://evil.example", "http://127.0.0.1.evil.example"])
def test_a_foreign_name_is_refused_whatever_it_knows(host):
    browser = client(host=host)
    for path in (ROOT, f"/?token={TOKEN}", f"{ROOT}/page.css"):
        answer = browser.get(path)
        assert answer.status_code == 400
        assert "set-cookie" not in answer.headers


def test_every_answer_has_the_headers_but_for_those_that_it_has_itself():
    browser = client()
    browser.get(f"/?token={TOKEN}")
    styled = browser.get(f"{ROOT}/page.css")
    assert (styled.text, styled.headers["cache-control"]) == ("css", "public")
    answers = [browser.get(path) for path in (ROOT, "/nowhere", "/?token=wrong")]
    answers.append(client(host="http://evil.example").get(ROOT))
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
    browser.get(f"/?token={TOKEN}")
    for method in ("GET", "POST"):
        assert browser.ask(method, f"{ROOT}/1", headers=headers).status_code == 403
    assert browser.ask("GET", f"/?token={TOKEN}", headers=headers).status_code == 403


def test_a_link_on_another_page_may_be_followed_but_never_with_a_form():
    browser = client()
    browser.get(f"/?token={TOKEN}")
    assert browser.get(ROOT, headers=FOLLOWED).text == "secret"
    assert browser.ask("POST", f"{ROOT}/1", headers=FOLLOWED).status_code == 403
    own = {"Origin": "http://127.0.0.1:8000", "Sec-Fetch-Site": "same-origin"}
    assert browser.ask("POST", f"{ROOT}/1", content=b"abc", headers=own).text == "3"


def test_a_body_is_bounded_whether_its_length_is_announced_or_not():
    async def pieces():
        for _ in range(100):
            yield b"x" * 100

    browser = client()
    browser.get(f"/?token={TOKEN}")
    assert browser.ask("POST", f"{ROOT}/1", content=b"x" * 1000).text == "1000"
    assert browser.ask("POST", f"{ROOT}/1", content=b"x" * 1001).status_code == 413
    assert browser.ask("POST", f"{ROOT}/1", content=pieces()).status_code == 413


def test_nothing_is_read_of_who_may_not_enter():
    read = []

    async def receive():
        read.append(1)
        return {"type": "http.request", "body": b"x", "more_body": True}

    async def send(message):
        said.append(message)

    said = []
    scope = {"type": "http", "method": "POST", "path": f"{ROOT}/1", "query_string": b"", "scheme": "http"}
    asyncio.run(client().app({**scope, "headers": [(b"host", b"localhost")]}, receive, send))
    assert (said[0]["status"], read) == (401, [])


def test_over_an_encrypted_connection_the_cookie_is_the_hosts_alone():
    browser = client(host="https://localhost")
    cookie = browser.get(f"/?token={TOKEN}").headers["set-cookie"]
    assert cookie.startswith("__Host-page_")
    assert {"Secure", "Path=/", "HttpOnly"} <= set(cookie.split("; "))
    assert browser.get(ROOT).text == "secret"
    led = browser.get("/1?a=b")
    assert (led.status_code, led.headers["location"]) == (303, f"{ROOT}/1?a=b"), "a link that does not know the path"


def test_a_web_socket_has_the_same_door():
    async def app(scope, receive, send):
        await send({"type": "websocket.accept"})

    async def call(**headers):
        said = []

        async def send(message):
            said.append(message["type"])

        named = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        scope = {"type": "websocket", "path": ROOT, "query_string": b"", "headers": named, "scheme": "ws"}
        await Guard(app, Door(TOKEN, lambda: Response("no", 401), "page"))(scope, None, send)
        return said

    browser = client()
    browser.get(f"/?token={TOKEN}")
    cookie = "; ".join(map("=".join, browser.cookies.items()))
    asked = {"host": "127.0.0.1:8000", "origin": "http://127.0.0.1:8000", "cookie": cookie}
    assert asyncio.run(call(**asked)) == ["websocket.accept"]
    for wrong in ({"origin": "http://127.0.0.1:9"}, {"host": "evil.example"}, {"cookie": "page_x=1"}):
        assert asyncio.run(call(**asked | wrong)) == ["websocket.close"]
