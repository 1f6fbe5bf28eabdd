"""The page of the spot check: who may open it, what is kept, and that a message in it can do nothing."""

import json
import re
import socket
import threading
from datetime import UTC, datetime

import httpx
import pytest
import uvicorn

from migration_assets.handoff.spot_book import Sampled, SpotBook, read_book
from migration_assets.objects.side_by_side import ShownMessage, Side, second
from migration_assets.spotcheck.app import NAME, SpotCheckPages, create_app
from migration_assets.spotcheck.sides import Fact, Pair, fact_of, shown
from resources.local_pages import secret_path

TOKEN = "let-me-in"
ROOT = secret_path(TOKEN, NAME)
AT = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


def pair(body="Hello"):
    message = ShownMessage("Ann", "2026-01-01 10:00:00", "reply", body, ("bill.pdf",))
    facts = {"customer": "Ann", "status": "open", "priority": "high", "files of the ticket": ""}
    ours = Side("Printer", facts, (message,), {"customer": "Ann", "status": "Submitted", "priority": "High"})
    theirs = {"customer": "Ann", "status": "Submitted", "priority": "Low", "found by": "ITCO id 1"}
    return Pair(ours, Side("Printer", theirs, (message,)))


@pytest.fixture
def book():
    sample = [Sampled(key=key, ticket=f"NC-{key}", why="drawn at random") for key in ("1", "2", "3/ä")]
    return SpotBook(source_instance="acme", workspace="w1", seed=1, sample=sample)


@pytest.fixture
def address(book, tmp_path):
    """The page, served as `make spot-check` serves it; every message in it tries to act."""
    acting = "<p>Hi</p><script>alert(1)</script><img src='https://x.example/t.png'>"
    app = create_app(SpotCheckPages(tmp_path, book, {item.key: pair(acting) for item in book.sample}, AT, TOKEN))
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()  # who calls before the server has begun waits, and is not refused
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join()


class Person(httpx.Client):
    """Somebody at the page: what they send has the token of the form that they see."""

    def post(self, url, *, data, **options):
        found = re.search(r'name="form_token" value="([^"]+)"', self.get(f"{ROOT}/1").text)
        return super().post(url, data={"form_token": found[1], **data}, **options)


@pytest.fixture
def client(address):
    with Person(base_url=address, follow_redirects=True, trust_env=False, timeout=60) as client:
        assert client.get(f"/?token={TOKEN}").status_code == 200
        yield client


def test_a_form_of_another_page_is_not_kept(client, tmp_path):
    assert client.post(f"{ROOT}/1", data={"ok": "1", "by": "Eve", "form_token": "guessed"}).status_code == 403
    given = {"ok": "1", "by": "Eve"}
    assert client.post(f"{ROOT}/1", data=given, headers={"Origin": "http://127.0.0.1:1"}).status_code == 403
    assert client.post(f"{ROOT}/1", data=given, headers={"Sec-Fetch-Site": "same-site"}).status_code == 403
    assert read_book(tmp_path) is None


@pytest.mark.parametrize("headers", [{}, {"Host": "evil.example"}])
def test_only_who_has_the_address_may_look(address, tmp_path, headers):
    with httpx.Client(base_url=address, headers=headers, trust_env=False, timeout=60) as outside:
        for path in (ROOT, f"{ROOT}/1", "/?token=wrong"):
            refused = outside.get(path)
            assert refused.status_code in (400, 401)
            assert "Printer" not in refused.text
        assert outside.post(f"{ROOT}/1", data={"ok": "1", "by": "Eve"}).status_code in (400, 401)
    assert read_book(tmp_path) is None


def test_the_page_shows_both_sides_and_nothing_in_it_acts_or_loads(client):
    page = client.get(f"{ROOT}/1")
    assert page.text.count("bill.pdf") == 2
    assert "<script" not in page.text
    assert 'src="https://x.example' not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert page.text.count('class="differs"') == 1  # the priority; what one side alone has is no difference


def test_a_mapped_value_is_shown_as_mapped_and_not_as_differing(client):
    rows = re.findall(r"<tr[^>]*>.*?</tr>", client.get(f"{ROOT}/1").text, re.DOTALL)
    texts = {" ".join(re.sub("<[^>]+>", " ", row).split()) for row in rows}
    assert {"status open Submitted Submitted as mapped", "customer Ann as it is Ann the same"} <= texts
    assert {"priority high as it is Low differs", "found by ITCO id 1 not compared"} <= texts


def test_a_tick_is_kept_at_once_and_leads_to_the_next(client, book, tmp_path):
    answer = client.post(f"{ROOT}/1", data={"ok": "1", "by": " Ann ", "remark": "fine"}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{ROOT}/2")
    kept = read_book(tmp_path).marks["1"]
    assert (kept.ok, kept.by, kept.remark) == (True, "Ann", "fine")
    assert 'value="Ann"' in client.get(f"{ROOT}/2").text
    assert "1 of them" not in client.get(ROOT).text


def test_a_verdict_can_be_changed(client, tmp_path):
    client.post(f"{ROOT}/1", data={"ok": "1", "by": "Ann"})
    client.post(f"{ROOT}/1", data={"by": "Bob", "remark": "the date is wrong"})
    summary = read_book(tmp_path).summary()
    assert (summary.checked, summary.ok, summary.not_ok, summary.by) == (1, 0, 1, ["Bob"])


@pytest.mark.parametrize(
    ("given", "sentence"), [({"ok": "1"}, "Say who you are"), ({"by": "Ann"}, "what is not as it should be")]
)
def test_what_cannot_be_certified_is_not_kept(client, tmp_path, given, sentence):
    answer = client.post(f"{ROOT}/1", data=given)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert read_book(tmp_path) is None


def test_a_key_that_is_not_in_the_sample_is_not_there(client):
    assert client.get(f"{ROOT}/9").status_code == 404
    assert client.post(f"{ROOT}/9", data={"ok": "1", "by": "Ann"}).status_code == 404
    assert client.post(f"{ROOT}/1", data={"by": "A" * 30_000}).status_code == 413


def test_the_last_one_leads_back_to_the_list(client):
    for key in ("1", "2"):
        client.post(f"{ROOT}/{key}", data={"ok": "1", "by": "Ann"})
    answer = client.post(f"{ROOT}/3%2F%C3%A4", data={"ok": "1", "by": "Ann"}, follow_redirects=False)
    assert answer.headers["location"] == ROOT
    assert client.get(ROOT).text.count("as it should be") >= 3


def test_plain_text_keeps_its_lines_and_its_angle_brackets():
    assert shown("a < b\n<customer@example.com>") == "a &lt; b<br>&lt;customer@example.com&gt;"
    assert shown(None) == ""


def test_times_of_both_sides_are_written_alike():
    assert second(datetime(2026, 8, 3, 17, 46, 12)) == second(1785779172) == "2026-08-03 17:46:12"  # noqa: DTZ001


def test_the_book_is_whole_json(client, tmp_path):
    client.post(f"{ROOT}/1", data={"ok": "1", "by": "Änne"})
    assert json.loads((tmp_path / "spot-check.json").read_text(encoding="utf-8"))["marks"]["1"]["by"] == "Änne"


@pytest.mark.parametrize(
    ("ours", "wanted", "theirs", "fact"),
    [
        ("Offen", "In progress", "In progress", ("Offen", "In progress", "In progress", True, False)),
        ("Offen", "In progress", "Submitted", ("Offen", "In progress", "Submitted", True, True)),
        ("Jo Old", "", "", ("Jo Old", "", "", True, False)),
        ("high", "High", "High", ("high", None, "High", True, False)),
        ("9:00", None, "9:01", ("9:00", None, "9:01", True, True)),
        ("a.pdf", None, None, ("a.pdf", None, "", False, False)),
        (None, None, "ITCO id 1", ("", None, "ITCO id 1", False, False)),
    ],
)
def test_a_fact_differs_only_where_intercom_does_not_show_what_the_mapping_says(ours, wanted, theirs, fact):
    assert fact_of("fact", ours, wanted, theirs) == Fact("fact", *fact)
