"""The recorder hands on everything as it was, keeps it, and loses the answers that it is told to lose."""

import httpx
import pytest

from tests.conformance.recorder import LoseTheFirst, Recorder


@pytest.fixture
def through(embedded):
    """Return a function that opens a client of the embedded workspace through a recorder."""
    opened = []

    def open_client(**options):
        recorder = Recorder(embedded.url, **options).__enter__()
        headers = {"Authorization": f"Bearer {embedded.token}", "Intercom-Version": "2.16"}
        client = httpx.Client(base_url=recorder.url, headers=headers, trust_env=False, timeout=30)
        opened.append((recorder, client))
        return recorder, client

    yield open_client
    for recorder, client in opened:
        client.close()
        recorder.__exit__(None, None, None)


def test_a_call_arrives_and_is_kept_as_it_was(through):
    recorder, client = through()
    made = client.post("/contacts", json={"role": "user", "external_id": "a/b ü"})
    assert made.status_code == 200
    found = client.get("/contacts/find_by_external_id/a%2Fb%20%C3%BC", params={"include_merge_history": "true"})
    assert found.json()["id"] == made.json()["id"]
    assert found.headers["x-ratelimit-limit"]
    asked = recorder.exchanges[-1]
    assert (asked.method, asked.path) == ("GET", "/contacts/find_by_external_id/a%2Fb%20%C3%BC")
    assert (asked.query, asked.version, asked.status) == ("include_merge_history=true", "2.16", 200)
    assert asked.answer == found.content
    assert recorder.exchanges[0].body == made.request.content


def test_refusals_are_handed_on(through):
    recorder, client = through()
    assert client.get("/contacts/0123456789abcdef01234567").status_code == 404
    assert client.request("PATCH", "/me").status_code == 404
    assert [exchange.shape for exchange in recorder.exchanges] == ["GET /contacts/{id}", "PATCH /me"]


def test_a_lost_answer_is_lost_after_its_effect_and_once(through):
    recorder, client = through(loses=LoseTheFirst())
    body = {"company_id": "lost", "name": "Lost"}
    assert client.get("/companies", params={"company_id": "lost"}).status_code == 404
    assert client.post("/companies", json=body).status_code == 504
    assert client.get("/companies", params={"company_id": "lost"}).json()["name"] == "Lost"
    assert client.post("/companies", json=body).status_code == 200
    assert recorder.lost == 1
    assert [exchange.status for exchange in recorder.exchanges] == [404, 200, 200, 200]
