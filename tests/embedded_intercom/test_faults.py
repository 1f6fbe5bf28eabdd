"""Misbehaviour on demand over real HTTP: what the client sees of each kind, and whether the effect took place."""

import json
import socket
import threading
import time
from urllib.parse import urlsplit

import httpx
import pytest

ERRORS = (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError)


def until(condition):
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.parametrize(("kind", "there"), [("before", False), ("after", True)])
def test_an_error_before_or_after_the_effect(faulty, kind, there):
    faulty.use({"kind": kind, "share": 1})
    found = [faulty.tag() for _ in range(12)]
    statuses = {answer.status_code for answer, _ in found}
    assert statuses <= ({500, 502, 503} if kind == "before" else {500, 502, 504})
    assert len(statuses) > 1, "which one is chosen by chance"
    assert {effect for _, effect in found} == {there}
    for answer, _ in found:
        assert "x-ratelimit-remaining" in answer.headers
        if answer.status_code in (500, 503):
            assert answer.json()["errors"][0]["code"] in ("server_error", "service_unavailable")
        else:
            assert answer.headers["content-type"].startswith("text/html"), "a gateway does not speak JSON"


def test_a_rule_may_name_the_status(faulty):
    faulty.use({"kind": "after", "share": 1, "status": 503})
    assert {faulty.tag()[0].status_code for _ in range(5)} == {503}


def raw(api, body):
    """Send POST /tags by hand and return all that comes back until the connection is cut."""
    address = urlsplit(api.process.url)
    content = json.dumps(body).encode()
    head = f"POST /tags HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {api.process.token}\r\n"
    with socket.create_connection((address.hostname, address.port), timeout=20) as connection:
        connection.sendall(f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content)
        got = b""
        try:
            while piece := connection.recv(65536):
                got += piece
        except ConnectionResetError:
            return got, True
    return got, False


def test_a_reset_in_mid_answer_sends_half_of_the_body_after_the_effect(faulty):
    faulty.use({"kind": "reset", "share": 1})
    answer, effect = faulty.tag()
    assert isinstance(answer, ERRORS)
    assert effect
    got, was_reset = raw(faulty.api, {"name": "cut short"})
    head, _, body = got.partition(b"\r\n\r\n")
    announced = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    assert head.startswith(b"HTTP/1.1 200 OK")
    assert 0 < len(body) < announced
    assert was_reset


def test_a_reset_before_the_effect_sends_nothing(faulty):
    faulty.use({"kind": "reset_before", "share": 1})
    answer, effect = faulty.tag()
    assert isinstance(answer, ERRORS)
    assert not effect
    assert raw(faulty.api, {"name": "cut"}) == (b"", True)


def test_an_answer_that_never_comes_has_had_its_effect(faulty):
    faulty.use({"kind": "never", "nth": 1})
    answer, effect = faulty.tag(timeout=0.3)
    assert isinstance(answer, httpx.ReadTimeout)
    assert effect
    assert faulty.tag()[0].status_code == 200


def in_background(api, body, **options):
    """Send POST /tags in a thread of its own; the list holds its answer once it is there."""
    answers = []

    def send():
        with httpx.Client(base_url=api.process.url, headers=api.headers(), trust_env=False, timeout=20) as http:
            try:
                answers.append(http.post("/tags", json=body, **options))
            except httpx.HTTPError as error:
                answers.append(error)

    thread = threading.Thread(target=send)
    thread.start()
    return thread, answers


@pytest.mark.parametrize(("kind", "first"), [("late", "other"), ("slow", "struck")])
def test_late_is_a_late_effect_and_slow_a_late_answer(faulty, kind, first):
    faulty.use({"kind": kind, "nth": 1, "seconds": 1})
    thread, answers = in_background(faulty.api, {"name": f"{kind} {next(faulty.numbers)}"})
    until(lambda: faulty.report()["rules"][0]["struck"] == 1)
    other = faulty.tag()[0].json()
    assert answers == [], "its answer comes last"
    thread.join()
    struck = answers[0].json()
    order = sorted((int(found["id"]), name) for found, name in ((other, "other"), (struck, "struck")))
    assert order[0][1] == first


def test_a_late_effect_comes_although_the_client_has_gone(faulty):
    faulty.use({"kind": "late", "nth": 1, "seconds": 1})
    before = faulty.count("tags")
    answer, _ = faulty.tag(timeout=0.2)
    assert isinstance(answer, httpx.ReadTimeout)
    until(lambda: faulty.count("tags") == before + 1)


def test_a_burst_of_429s_has_no_effect_and_ends_after_so_many_calls(faulty):
    faulty.use({"kind": "limited", "nth": 2, "in_a_row": 3})
    found = [faulty.tag() for _ in range(6)]
    assert [answer.status_code for answer, _ in found] == [200, 429, 429, 429, 200, 200]
    assert [effect for _, effect in found] == [True, False, False, False, True, True]
    refused = found[1][0]
    assert refused.json()["errors"][0]["code"] == "rate_limit_exceeded"
    assert refused.headers["x-ratelimit-remaining"] == "0"
    assert refused.headers["x-ratelimit-limit"] == "1000000"
    assert int(refused.headers["x-ratelimit-reset"]) > time.time()
    assert "retry-after" not in refused.headers
    assert faulty.report()["calls_hit"] == {"limited": 3}


def test_a_burst_of_429s_ends_with_the_window_that_it_names(faulty):
    faulty.use({"kind": "limited", "nth": 1, "in_a_row": 50, "seconds": 30})
    assert faulty.tag()[0].status_code == 429
    assert faulty.tag()[0].status_code == 429
    faulty.api.ok("POST", "/__embedded/clock", {"advance": 31})
    assert faulty.tag()[0].status_code == 200


@pytest.mark.parametrize("kind", ["outage", "outage_cut"])
def test_an_outage_strikes_every_call_until_it_is_over(faulty, kind):
    faulty.use({"kind": kind, "nth": 2, "seconds": 60, "calls": "writes"})

    def seen(answer):
        return "cut" if isinstance(answer, ERRORS) else answer.status_code

    def read():
        try:
            return faulty.api.ask("GET", "/me")
        except ERRORS as error:
            return error

    down = 503 if kind == "outage" else "cut"
    assert [seen(answer) for answer, _ in (faulty.tag(), faulty.tag())] == [200, down]
    assert seen(read()) == down, "what begins with a write is an outage for all"
    assert faulty.tag()[1] is False
    faulty.api.ok("POST", "/__embedded/clock", {"advance": 61})
    assert seen(read()) == 200
    assert faulty.tag()[0].status_code == 200
    assert faulty.report()["rules"][0] == {
        "kind": kind, "calls": "writes", "nth": 2, "seconds": 60.0, "matched": 4, "struck": 1, "calls_hit": 3,
    }  # fmt: skip


def test_a_revoked_token_stays_revoked_until_the_plan_is_cleared(faulty):
    faulty.use({"kind": "revoked", "nth": 2})
    assert faulty.tag()[0].status_code == 200
    for _ in range(2):
        answer, effect = faulty.tag()
        assert (answer.status_code, effect) == (401, False)
        assert answer.json()["errors"][0]["code"] == "token_revoked"
        assert not [name for name in answer.headers if name.startswith("x-ratelimit")]
    assert faulty.clear() == {"seed": 1, "rules": [], "calls_hit": {}, "colleagues": []}
    assert faulty.tag()[0].status_code == 200


def test_malformed_json_ends_in_the_middle_after_the_effect(faulty):
    faulty.use({"kind": "malformed", "share": 1})
    answer, effect = faulty.tag()
    assert (answer.status_code, effect) == (200, True)
    assert answer.headers["content-type"].startswith("application/json")
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        answer.json()


def test_a_captive_portal_answers_in_html_and_not_as_intercom(faulty):
    faulty.use({"kind": "html", "share": 1})
    answer, effect = faulty.tag()
    assert (answer.status_code, effect) == (200, False)
    assert answer.headers["content-type"].startswith("text/html")
    foreign = ("x-request-id", "intercom-version", "x-ratelimit-remaining")
    assert not [name for name in foreign if name in answer.headers]


def test_a_refused_call_is_refused_behind_its_fault_too(faulty):
    faulty.use({"kind": "after", "share": 1, "status": 500})
    assert faulty.api.ask("POST", "/tags", {}).status_code == 500
    faulty.use({"kind": "slow", "share": 1, "seconds": 0.01})
    assert faulty.api.ask("POST", "/tags", {}).status_code == 400


def test_half_of_a_text_is_taken_and_the_answer_shows_it(faulty):
    faulty.use({"kind": "shortened", "nth": 1, "calls": "POST /contacts"})
    made = faulty.api.contact(name="Ann Example", email="ann@example.com")
    assert (made["name"], made["email"]) == ("Ann E", "ann@example.com")
    assert faulty.api.ok("GET", f"/contacts/{made['id']}")["name"] == "Ann E"


# -- a colleague ------------------------------------------------------------------------------------------------------


@pytest.fixture
def ticket(faulty):
    """A ticket and its contact, written under a plan that notices them."""
    kind = faulty.api.ticket_type()

    def make(*rules, seed=1):
        faulty.use(*rules, seed=seed)
        contact = faulty.api.contact(name="Ann")
        body = {"_default_title_": "Broken"}
        return contact, faulty.api.ticket(kind, contact, ticket_attributes=body)

    return make


def test_a_colleague_changes_a_contacts_name(faulty, ticket):
    contact, _ = ticket({"kind": "edited", "nth": 3, "records": ["contacts"]})
    assert faulty.tag()[0].status_code == 200, "the call itself is not harmed"
    assert faulty.api.ok("GET", f"/contacts/{contact['id']}")["name"] == "Ann (changed)"
    assert faulty.report()["colleagues"] == [
        {"kind": "edited", "record": f"/contacts/{contact['id']}", "field": "name"}
    ]


def test_a_colleague_changes_a_tickets_title_or_state_and_leaves_a_part(faulty, ticket):
    told, seen = faulty.api.notifications()["total"], set()
    for seed in range(8):
        _, made = ticket({"kind": "edited", "nth": 3, "records": ["tickets"]}, seed=seed)
        faulty.tag()
        field = faulty.report()["colleagues"][0]["field"]
        now = faulty.api.ok("GET", f"/tickets/{made['id']}")
        left = [part["part_type"] for part in now["ticket_parts"]["ticket_parts"]][1:]
        if field == "title":
            assert now["ticket_attributes"]["_default_title_"] == "Broken (changed)"
            assert left == ["ticket_attribute_updated_by_admin"]
        else:
            assert (now["open"], now["ticket_state"]["category"]) == (False, "resolved")
            assert left == ["ticket_state_updated_by_admin", "close"]
        seen.add(field)
    assert seen == {"title", "state"}
    assert faulty.api.notifications()["total"] == told, "what a colleague does is not the migration's doing"


def test_a_colleague_changes_a_conversation(faulty):
    seen = set()
    for seed in range(8):
        faulty.use({"kind": "edited", "nth": 3, "records": ["conversations"]}, seed=seed)
        key = faulty.api.conversation(faulty.api.contact())
        faulty.tag()
        field = faulty.report()["colleagues"][0]["field"]
        now = faulty.api.ok("GET", f"/conversations/{key}")
        assert (now["title"], now["state"]) == (
            ("Untitled (changed)", "open") if field == "title" else (None, "closed")
        )
        seen.add(field)
    assert seen == {"title", "state"}


@pytest.mark.parametrize("records", ["tickets", "contacts"])
def test_a_colleague_deletes_a_record(faulty, ticket, records):
    contact, made = ticket({"kind": "deleted", "nth": 3, "records": [records]})
    faulty.tag()
    gone = {"tickets": f"/tickets/{made['id']}", "contacts": f"/contacts/{contact['id']}"}
    # A contact takes their tickets along.
    assert {name: faulty.api.ask("GET", path).status_code for name, path in gone.items()} == {
        "tickets": 404,
        "contacts": 404 if records == "contacts" else 200,
    }
    assert faulty.report()["rules"][0]["struck"] == 1


def test_a_colleague_who_finds_nothing_has_not_struck(faulty):
    faulty.use({"kind": "deleted", "share": 1})
    assert faulty.tag()[0].status_code == 200
    assert (faulty.report()["rules"][0]["struck"], faulty.report()["colleagues"]) == (0, [])
