"""The inbox without HTTP: bodies, values, sentences, patterns, pages, and which indexes its queries use."""

import sqlite3

import pytest
from starlette.datastructures import QueryParams

from embedded_intercom.inbox import events, finding, listing, pagination
from embedded_intercom.inbox.attachments import own_address, shown
from embedded_intercom.inbox.body_display import display
from embedded_intercom.inbox.events import NameLookup, sentence
from embedded_intercom.inbox.filters import Filters, holding
from embedded_intercom.inbox.pagination import ListPlace
from embedded_intercom.inbox.reading import StateReader, reading
from embedded_intercom.inbox.values import attribute, first_words, iso, second, size
from embedded_intercom.state.store import Store

DOT = "data:image/png;base64,iVBORw0KGgo="


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (None, ""),
        ("<p>a<br>b 🎉</p>", "<p>a<br>b 🎉</p>"),
        ("1 < 2 & 3", "1 &lt; 2 &amp; 3"),
        ("<h1 dir='rtl'>a</h1><h6>b</h6><hr>", '<h4 dir="rtl">a</h4><h4>b</h4><hr>'),
        ("<p class='x' id='y' style='z' onclick='e()'>a</p>", "<p>a</p>"),
        ("<a href='JavaScript:e()'>a</a><a href='data:text/html,x'>b</a>", 2),
        (f"<img src='{DOT}' alt='dot'>", f'<img src="{DOT}" alt="dot" loading="lazy">'),
        ("<img src='data:image/svg+xml,x'>", '<span class="unloaded">Picture not loaded</span>'),
        ("<img alt='<b>\"'>", '<span class="unloaded">Picture not loaded: &lt;b&gt;&#34;</span>'),
        (
            "<img src='http://127.0.0.1:5/__embedded/attachments/12' alt=''>",
            '<img src="/home/attachments/12" alt="" loading="lazy">',
        ),
    ],
)
def test_a_body_is_shown_without_what_acts_or_loads(body, expected):
    found = display(body, "/home")
    if expected == 2:
        assert "script" not in found.lower()
        assert "data:" not in found
        assert found.count("<a ") == 2
    else:
        assert found == expected


def test_links_tell_nobody_where_they_were_clicked():
    assert display('<a href="https://a.example/?x=1&amp;y=2">a</a>', "/home") == (
        '<a href="https://a.example/?x=1&amp;y=2" target="_blank" rel="noopener noreferrer nofollow">a</a>'
    )
    assert 'href="https://a.example/&#34;&gt;"' in display("<img src='https://a.example/\">'>", "/home")


def test_own_attachments_are_known_by_their_address_only():
    assert own_address("http://127.0.0.1:99/__embedded/attachments/7", "/home") == "/home/attachments/7"
    for foreign in (
        "http://127.0.0.1.evil.example/__embedded/attachments/7",
        "http://evil.example/__embedded/attachments/7",
        "http://127.0.0.1/__embedded/attachments/7/../8",
    ):
        assert own_address(foreign, "/home") is None
    [bad] = shown([{"name": "n", "url": "javascript:e()", "content_type": "image/png", "filesize": 5}], "/home")
    assert (bad.href, bad.thumbnail, bad.size) == (None, False, None)


def test_values_are_written_for_people():
    items = {"list_options": [{"id": "g-1", "label": "North"}]}
    assert attribute("a", "g-1", {"data_type": "list", "input_options": items}).text == "North"
    assert attribute("a", "gone", {"data_type": "list", "input_options": items}).text == "gone"
    assert attribute("a", True, {}).text == "Yes"
    assert attribute("a", 200.0, {"data_type": "float"}).text == "200"
    assert attribute("a", ["x", False], {}).text == "x, No"
    assert attribute("a", 0, {"data_type": "date"}).text == "1 Jan 1970"
    assert attribute("a", 10**17, {"data_type": "datetime"}).text == "1" + "0" * 17
    assert attribute("a", "https://a.example/1", {}).href == "https://a.example/1"
    assert attribute("a", "javascript:e()", {}).href is None
    assert attribute("a", "see https://a.example", {}).href is None
    assert (iso(-1), second(-1)) == ("1969-12-31T23:59:59Z", "31 Dec 1969, 23:59:59 UTC")
    assert [size(n) for n in (0, 1, 999, 1000, 1_400_000, 999_500, 2 * 10**9)] == [
        *("0 bytes", "1 byte", "999 bytes", "1.0 kB", "1.4 MB", "1.0 MB", "2.0 GB"),
    ]


def test_first_words_are_text_and_end_between_words():
    assert first_words("<p>Hello<br>you &amp; <b>me</b></p>") == "Hello you & me"
    assert first_words("<p>one two three</p>", 9) == "one two…"
    assert first_words(None) == ""


NAMES = NameLookup({"5": "Ada"}, {"5": "Support"}, {"resolved": "Done"}, {"g-1": "North"})
ADMIN = {"type": "admin", "id": "5", "name": "Ada"}
BOT = {"type": "bot", "id": "9", "name": "Fin"}


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ({"part_type": "close"}, "Ada closed the conversation"),
        ({"part_type": "open"}, "Ada opened the conversation again"),
        ({"part_type": "snoozed"}, "Ada snoozed the conversation"),
        ({"part_type": "assignment", "assigned_to": None}, "Ada took the assignment away"),
        (
            {"part_type": "assignment", "assigned_to": {"type": "team", "id": "5"}},
            "Ada assigned the conversation to Support",
        ),
        (
            {"part_type": "assignment", "assigned_to": {"type": "admin", "id": "6"}},
            "Ada assigned the conversation to 6",
        ),
        (
            {"part_type": "ticket_state_updated_by_admin", "ticket_state": "resolved", "previous_ticket_state": "x"},
            "Ada set the state to Done",
        ),
        (
            {
                "part_type": "ticket_state_updated_by_admin",
                "ticket_state": "x",
                "previous_ticket_state": "x",
                "author": BOT,
            },
            "Ticket created as x",
        ),
        (
            {
                "part_type": "ticket_attribute_updated_by_admin",
                "updated_attribute_data": {"attribute": {"label": "Region"}, "value": {"label": "g-1"}},
            },
            "Ada set Region to North",
        ),
        ({"part_type": "something_new"}, "Ada: something new"),
    ],
)
def test_what_happened_is_one_sentence(part, expected):
    whole = {"author": ADMIN, "body": None, "attachments": [], **part}
    assert sentence(whole, NAMES) == expected
    assert not events.is_message(whole)
    assert events.is_message({**whole, "body": "<p>bye</p>"})


@pytest.mark.parametrize(
    ("word", "text", "found"),
    [
        ("über", "Die ÜBERSICHT", True),
        ("ÜBER", "überall", True),
        ("a*b", "a*b", True),
        ("a*b", "axxb", False),
        ("[x]", "a [X] b", True),
        ("?", "ab", False),
        ("straße", "STRAßE", True),
        ("^", "a^b", True),
        ("^", "ab", False),
        ("50%", "50% off", True),
        ("請求", "請求書", True),
    ],
)
def test_a_word_is_found_in_either_case_and_taken_literally(word, text, found):
    with sqlite3.connect(":memory:") as db:
        assert bool(db.execute("SELECT ? GLOB ?", (text, holding(word))).fetchone()[0]) is found


def test_a_page_knows_its_neighbours():
    with sqlite3.connect(":memory:") as db:
        db.row_factory = sqlite3.Row
        rows = db.execute("WITH n(a) AS (VALUES (9), (8), (7)) SELECT a FROM n").fetchall()
    first = pagination.cut(rows, ("a",), None, per_page=2)
    assert ([row["a"] for row in first.rows], first.newer, first.older) == ([9, 8], None, "8")
    last = pagination.cut(rows, ("a",), ListPlace((10,), back=False), per_page=3)
    assert (last.newer, last.older) == ("9", None)
    back = pagination.cut(rows[::-1], ("a",), ListPlace((6,), back=True), per_page=2)
    assert ([row["a"] for row in back.rows], back.newer, back.older) == ([8, 7], "8", "7")
    assert pagination.asked(QueryParams("before=5_-6"), 2) == ListPlace((5, -6), back=True)
    assert pagination.asked(QueryParams("after="), 2) is None


class Explained(StateReader):
    """Notes how SQLite goes about every query."""

    def __init__(self, db):
        super().__init__(db, ("Helpdesk number", "Helpdesk id"))
        self.db, self.plans = db, []

    def all(self, query, *values):
        plan = "; ".join(row["detail"] for row in self.db.execute(f"EXPLAIN QUERY PLAN {query}", values))
        self.plans.append((query, plan))
        return super().all(query, *values)


@pytest.fixture
def explained(tmp_path):
    file = tmp_path / "workspace.sqlite3"
    store = Store(file)
    store.insert("ticket_type_attributes", id=7, ticket_type_id=1, name="Helpdesk number", doc="{}")
    store.close()
    with reading(file) as reader:
        yield Explained(reader._db)


@pytest.mark.parametrize(
    "filters",
    [
        Filters(),
        Filters(state="open"),
        Filters(state="closed", ticket_state=1, assignee=0, team=5),
        Filters(words=("a", "b")),
        Filters(company="c"),
    ],
)
@pytest.mark.parametrize("place", [None, ListPlace((5, 6), back=False), ListPlace((5, 6), back=True)])
def test_the_list_is_read_in_its_order_from_an_index_alone(explained, filters, place):
    """What makes a deep page as fast as the first one: nothing is sorted, skipped, or read to be thrown away."""
    listing.listing(explained, filters, place)
    plan = explained.plans[0][1]
    assert "TEMP B-TREE" not in plan
    assert f"USING COVERING INDEX {'threads_company' if filters.company else 'threads_inbox'}" in plan


@pytest.mark.parametrize("rare", [1, 1000])
def test_a_tag_is_found_and_counted_alike_whether_common_or_rare(tmp_path, monkeypatch, rare):
    monkeypatch.setattr(listing, "RARE", rare)
    file = tmp_path / "workspace.sqlite3"
    store = Store(file)
    store.insert("tags", id=1, name="t", folded="t")
    for key in range(1, 41):
        times = {"created_at": key // 3, "updated_at": 0, "indexed_at": 0}
        state = ("open", "closed", "closed", "snoozed")[key % 4]
        store.insert("threads", id=key, message_id=key, contact_id="c", body="", state=state, **times)
        if key % 2:
            store.insert("thread_tags", thread_id=key, tag_id=1, applied_at=0, applied_by="1")
    store.close()
    with reading(file) as reader:
        first = listing.listing(reader, Filters(tag=1), None, per_page=15)
        place = pagination.asked(QueryParams(f"after={first.page.older}"), 2)
        rest = listing.listing(reader, Filters(tag=1), place, per_page=15)
        assert [line.row["id"] for line in (*first.lines, *rest.lines)] == list(range(39, 0, -2))
        assert rest.page.older is None
        assert listing.counts(reader, Filters(tag=1)) == {"all": 20, "open": 0, "snoozed": 10, "closed": 10}
        assert listing.counts(reader, Filters(tag=1, state="closed", team=0))["all"] == 20
        assert listing.counts(reader, Filters()) == {"all": 40, "open": 10, "snoozed": 10, "closed": 20}


def test_a_search_by_number_or_address_goes_through_an_index(explained):
    finding.tickets(explained, "4711")
    finding.find(explained, "a@example.com")
    assert "ticket_values_value" in next(plan for query, plan in explained.plans if "ticket_values" in query)
    assert "contacts_email" in next(plan for query, plan in explained.plans if "email>=" in query)


def test_nothing_can_be_written_through_the_page(explained):
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        explained.one("DELETE FROM tags")
