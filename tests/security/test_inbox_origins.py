"""The inbox against pages of other sites and of other ports in the same browser, and against what leaks to them."""

import socket
import time
from urllib.parse import urljoin, urlsplit

import httpx
import pytest

from embedded_intercom.inbox.access import invitation, secret_root, session
from embedded_intercom.process import EmbeddedProcess
from tests.security.conftest import recording
from tests.support.browser import CHROMIUM, WHY_NOT, browser


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with EmbeddedProcess(tmp_path_factory.mktemp("state")) as process:
        yield process


def ask(server, headers, method="GET", path="ROOT"):
    """Ask as a browser that has entered before, on the worst assumption: the cookie goes along with every path."""
    name, value = session(server.token)
    address = f"{server.url}{path.replace('ROOT', secret_root(server.token))}"
    return httpx.request(method, address, headers=headers, cookies={name: value}, trust_env=False, timeout=20)


def fetched(site, mode, dest, **more):
    return {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": dest, **more}


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize(
    ("mode", "dest"),
    [("navigate", "iframe"), ("no-cors", "image"), ("cors", "empty"), ("no-cors", "script"), ("navigate", "object")],
)
@pytest.mark.parametrize("path", ["ROOT", "ROOT/contacts", "/inbox", "/inbox/inbox.css"])
def test_what_a_foreign_page_loads_is_refused(server, site, mode, dest, path):
    answer = ask(server, fetched(site, mode, dest), path=path)
    assert answer.status_code == 403
    assert "conversation" not in answer.text.lower()


@pytest.mark.parametrize("origin", ["http://evil.example", "http://127.0.0.1:1", "http://localhost", "null", ""])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_foreign_origin_is_refused(server, origin, method):
    assert ask(server, {"Origin": origin}, method).status_code == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_form_of_a_foreign_page_is_refused(server, site):
    headers = fetched(site, "navigate", "document", Origin="http://evil.example")
    assert ask(server, headers, "POST").status_code == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site", "same-origin", "none"])
def test_a_person_may_be_led_here(server, site):
    assert ask(server, fetched(site, "navigate", "document")).status_code == 200


def test_its_own_pages_load_what_they_need(server):
    assert ask(server, fetched("same-origin", "no-cors", "style"), path="/inbox/inbox.css").status_code == 200
    assert ask(server, {"Origin": server.url}).status_code == 200
    assert ask(server, {}).status_code == 200, "a browser that says nothing of where it was asked"


def test_the_token_is_exchanged_for_no_foreign_page(server):
    address = invitation(server.url, server.token)
    refused = httpx.get(address, headers=fetched("cross-site", "navigate", "iframe"), trust_env=False)
    assert (refused.status_code, refused.headers.get("set-cookie")) == (403, None)
    led = httpx.get(address, headers=fetched("cross-site", "navigate", "document"), trust_env=False)
    assert led.status_code == 303
    cookie = led.headers["set-cookie"]
    assert "SameSite=strict" in cookie
    assert "HttpOnly" in cookie


def test_each_server_has_a_cookie_of_its_own_name(server):
    assert session(server.token)[0] != session("another")[0]


@pytest.mark.parametrize("path", ["/inbox", "/inbox/", "/inbox/contacts", "/inbox/0", "ROOT0", "ROOT0/contacts"])
def test_nothing_is_shown_but_below_the_path_that_nobody_can_guess(server, path):
    answer = ask(server, {}, path=path)
    assert (answer.status_code, "The inbox is closed" in answer.text) == (401, True)
    assert secret_root(server.token) not in answer.text + str(answer.headers)
    stranger = httpx.get(str(answer.url), trust_env=False)
    assert (answer.status_code, answer.text) == (stranger.status_code, stranger.text)


def test_each_server_has_a_path_of_its_own_that_is_neither_token_nor_cookie(server):
    secret = secret_root(server.token).removeprefix("/inbox/")
    assert len(secret) == 32
    assert secret not in server.token + session(server.token)[1]
    assert secret_root(server.token) != secret_root("another")


def location(server, path):
    """Ask for a path with the token; return the status and where the answer leads.

    The request line is written by hand, because a client would put the path in order first.
    """
    host, port = urlsplit(server.url).netloc.split(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        line = f"GET {path}?x=//evil.example&token={server.token} HTTP/1.1\r\nHost: {host}:{port}\r\n"
        connection.sendall(f"{line}Connection: close\r\n\r\n".encode())
        answer = b""
        while part := connection.recv(65536):
            answer += part
    lines = answer.partition(b"\r\n\r\n")[0].decode().split("\r\n")
    return int(lines[0].split()[1]), [text[10:] for text in lines if text.lower().startswith("location: ")]


BELOW = (
    "",
    "//e.example",
    "///e.example/x",
    "/\\e.example",
    "/\\\\e.example",
    "/%2F%2Fe.example",
    "/%5Ce.example",
    "//@",
)
BELOW += (
    "/%252F%252Fe.example",
    "/%09/e.example",
    "/http://e.example",
    "/@e.example",
    "/%3F@e.example",
    "/../..//e.example",
)


@pytest.mark.parametrize("below", BELOW)
def test_no_redirect_leads_to_another_host(server, below):
    status, [led_to] = location(server, f"/inbox{below}")
    assert status == 303
    assert led_to.startswith(secret_root(server.token))
    assert "\\" not in led_to
    assert led_to.endswith("?x=%2F%2Fevil.example")
    assert urlsplit(urljoin(f"{server.url}/inbox", led_to)).netloc == urlsplit(server.url).netloc


ELSEWHERE = (
    "//e.example/inbox",
    "/\\e.example/inbox",
    "/inbox/%0D%0ALocation:%20http://e.example",
    "/inbox#@e.example",
)


@pytest.mark.parametrize("path", ELSEWHERE)
def test_what_is_no_path_of_the_inbox_is_not_redirected(server, path):
    status, led_to = location(server, path)
    assert status in (400, 401, 404)
    assert led_to == []


def test_the_path_and_the_token_are_in_no_log(tmp_path):
    with EmbeddedProcess(tmp_path) as process, httpx.Client(base_url=process.url, trust_env=False) as http:
        secrets = (process.token, secret_root(process.token).removeprefix("/inbox/"), session(process.token)[1])
        assert http.get(invitation(process.url, process.token), follow_redirects=True).status_code == 200
        for path in ("/contacts", "/nowhere", "/conversations/1", "?state=x"):
            http.get(secret_root(process.token) + path)
        http.post(secret_root(process.token))
    log = (tmp_path / "server.log").read_text()
    assert "listening on" in log
    assert [secret for secret in secrets if secret in log] == []


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason=WHY_NOT)
def test_a_server_on_another_port_gets_neither_the_cookie_nor_the_path(server):
    """A page of that server asks it for every path that it can know of; the browser sends cookies to all ports."""
    lures = ("/", "/inbox", "/inbox/", "/inbox/x", "/inbox/contacts", "/inbox/inbox.css", "/inbox/conversations/1")
    asked = "Promise.all(%s.map(path => fetch(path, {credentials: 'include'}).then(answer => answer.status)))"
    name, value = session(server.token)
    with browser() as tab, recording(page=b"<p>hostile</p>", kind="text/html") as hostile:
        tab.open(invitation(server.url, server.token))
        assert tab.run("location.pathname") == secret_root(server.token)
        tab.open(f"{hostile.url}/inbox/lure")
        assert tab.run(asked % list(lures)) == [200] * len(lures)
        tab.open(server.url + secret_root(server.token))
        assert tab.run("document.querySelector('header.bar') !== null"), "the browser has the cookie all the time"
        tab.run(f"void (location.href = '{hostile.url}/led')")
        until = time.monotonic() + 20
        while "/led" not in [path for _, path, _ in hostile.seen]:
            assert time.monotonic() < until
            time.sleep(0.05)
    assert {"/inbox/lure", *lures} <= {path for _, path, _ in hostile.seen}
    heard = [text for _, _, headers in hostile.seen for text in headers.values()]
    assert [text for text in heard if name in text or value in text] == []
    assert [text for text in heard if secret_root(server.token) in text] == []
