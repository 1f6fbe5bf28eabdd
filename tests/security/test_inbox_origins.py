"""The inbox against pages of other sites and of other ports in the same browser, whose requests carry its cookie."""

import httpx
import pytest

from embedded_intercom.inbox.access import invitation, session
from embedded_intercom.process import EmbeddedProcess


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with EmbeddedProcess(tmp_path_factory.mktemp("state")) as process:
        yield process


def ask(server, headers, method="GET", path="/inbox"):
    """Ask as a browser that has entered before does; its cookie goes along whatever page asked."""
    name, value = session(server.token)
    return httpx.request(
        method, f"{server.url}{path}", headers=headers, cookies={name: value}, trust_env=False, timeout=20
    )


def fetched(site, mode, dest, **more):
    return {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": dest, **more}


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize(
    ("mode", "dest"),
    [("navigate", "iframe"), ("no-cors", "image"), ("cors", "empty"), ("no-cors", "script"), ("navigate", "object")],
)
@pytest.mark.parametrize("path", ["/inbox", "/inbox/contacts", "/inbox/inbox.css"])
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
