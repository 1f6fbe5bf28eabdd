"""The limiter: windows of ten seconds from the first call, app and workspace quota, refusals without effect."""

import pytest

from embedded_intercom.process import EmbeddedProcess, Quotas
from embedded_intercom.protocol.limits import Limiter
from embedded_intercom.state.clock import WorkspaceClock

START = 1_800_000_003


@pytest.fixture
def limited(tmp_path, seed_file, request):
    options = ("--start-time", str(START))
    with EmbeddedProcess(tmp_path, Quotas(*request.param), seed_file, options=options) as process:
        yield process


def client(process):
    import httpx

    return httpx.Client(base_url=process.url, headers={"Authorization": f"Bearer {process.token}"}, trust_env=False)


@pytest.mark.parametrize("limited", [(3, 100)], indirect=True)
def test_over_the_quota_is_429_without_effect_until_the_window_ends(limited):
    with client(limited) as http:
        answers = [http.post("/tags", json={"name": f"t{n}"}) for n in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert [answer.headers["x-ratelimit-remaining"] for answer in answers] == ["2", "1", "0", "0"]
        last = answers[3]
        assert last.json()["errors"][0]["code"] == "rate_limit_exceeded"
        assert last.json()["errors"][0]["message"] == "Exceeded rate limit of 3 in 10_seconds"
        assert "retry-after" not in last.headers
        assert last.headers["x-ratelimit-limit"] == "3"
        assert START + 9 <= int(last.headers["x-ratelimit-reset"]) <= START + 30
        assert http.get("/__embedded/state").json()["counts"]["tags"] == 3
        http.post("/__embedded/clock", json={"advance": 11})
        assert http.post("/tags", json={"name": "t3"}).status_code == 200


@pytest.mark.parametrize("limited", [(100, 2)], indirect=True)
def test_the_workspace_has_its_own_counter(limited):
    with client(limited) as http:
        answers = [http.get("/me") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].headers["x-ratelimit-remaining"] == "0"
    assert answers[2].json()["errors"][0]["message"] == "Exceeded rate limit of 2 in 10_seconds"


@pytest.mark.parametrize("limited", [(2, 100)], indirect=True)
def test_bad_requests_count_and_control_calls_do_not(limited):
    with client(limited) as http:
        for _ in range(5):
            assert http.get("/__embedded/alive").status_code == 200
        assert http.get("/nowhere").headers["x-ratelimit-remaining"] == "1"


def test_windows_begin_with_the_first_call_and_are_not_aligned():
    clock = WorkspaceClock(START)
    limiter = Limiter(2, 100, clock)
    first, _ = limiter.take("app")
    clock.advance(9)
    second, refusal = limiter.take("app")
    assert refusal is None
    assert first["X-RateLimit-Reset"] == second["X-RateLimit-Reset"]
    assert limiter.take("app")[1].status == 429
    assert limiter.take("other")[1] is None
    clock.advance(1.5)
    headers, refusal = limiter.take("app")
    assert refusal is None
    assert int(headers["X-RateLimit-Reset"]) >= START + 20


@pytest.mark.parametrize("quota", [83, 167, 1667])
def test_a_window_allows_the_quota_and_not_one_more(quota):
    clock = WorkspaceClock(START)
    limiter = Limiter(quota, 4167, clock)
    for number in range(quota):
        headers, refusal = limiter.take("app")
        assert refusal is None
        assert headers["X-RateLimit-Remaining"] == str(quota - number - 1)
    headers, refusal = limiter.take("app")
    assert (refusal.status, refusal.code) == (429, "rate_limit_exceeded")
    assert refusal.message == f"Exceeded rate limit of {quota} in 10_seconds"
    assert (headers["X-RateLimit-Limit"], headers["X-RateLimit-Remaining"]) == (str(quota), "0")
    assert set(headers) == {"X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"}


def test_apps_share_the_workspaces_pot():
    clock = WorkspaceClock(START)
    limiter = Limiter(10, 15, clock)
    answers = [limiter.take(app)[1] for app in ("one", "two") for _ in range(10)]
    assert [answer is None for answer in answers] == [True] * 15 + [False] * 5
    headers, refusal = limiter.take("two")
    assert (refusal.message, headers["X-RateLimit-Remaining"]) == ("Exceeded rate limit of 15 in 10_seconds", "0")
    clock.advance(11)
    assert limiter.take("two")[1] is None


@pytest.mark.parametrize("limited", [(2, 100)], indirect=True)
def test_a_refused_call_has_no_effect_whatever_it_is(limited):
    with client(limited) as http:
        made = http.post("/contacts", json={"role": "user", "external_id": "x"}).json()["id"]
        assert http.put(f"/contacts/{made}", json={"name": "One"}).status_code == 200
        for answer in (
            http.put(f"/contacts/{made}", json={"name": "Two"}),
            http.post("/contacts", json={"role": "lead"}),
            http.delete(f"/contacts/{made}"),
        ):
            assert answer.status_code == 429
        http.post("/__embedded/clock", json={"advance": 11})
        listed = http.get("/contacts").json()
    assert [row["name"] for row in listed["data"]] == ["One"]
