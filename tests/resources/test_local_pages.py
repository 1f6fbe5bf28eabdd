"""Pages that are served on this machine: who may open them, and the headers that every answer has."""

import asyncio

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from resources.local_pages import HEADERS, guarded

TOKEN = "let-me-in"


class Browser:
    """Asks an application in this process, and keeps its cookies."""

    def __init__(self, app, host):
        self.app, self.host, self.cookies = app, host, httpx.Cookies()

    def get(self, path, **options):
        async def ask():
            transport = httpx.ASGITransport(app=self.app)
            async with httpx.AsyncClient(transport=transport, base_url=self.host, cookies=self.cookies) as http:
                answer = await http.get(path, **options)
                self.cookies = http.cookies
                return answer

        return asyncio.run(ask())


def client(token=TOKEN, host="http://127.0.0.1:8000"):
    def say(text, headers=None):
        return lambda request: PlainTextResponse(text, headers=headers)

    styled = Route("/page.css", say("css", {"Cache-Control": "public"}))
    routes = [styled, Route("/page", say("secret")), Route("/page/{x}", say("deep"))]
    app = guarded(Starlette(routes=routes), token, lambda: Response("no", 401), root="/page", style="/page.css")
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
