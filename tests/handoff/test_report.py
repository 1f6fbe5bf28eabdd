import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest

from migration_assets.accounting import doubts
from migration_assets.accounting.pages import SHOWN, size
from migration_assets.handoff.evidence import gather
from migration_assets.handoff.report import reject_links, render
from migration_assets.handoff.write import GIVEN_WAY, Ended, certify
from schemas.doubt_codes import DoubtCode

HOSTILE = """<script>alert(1)</script><img src=x onerror=alert(2)>"'&{{ 7*7 }}]]>--><svg/onload=alert(3)>"""
NO_CALLS = {"total": 0, "writes": 0, "by_endpoint": {}, "rate_limited": 0, "seconds": 0.0}


class Page(HTMLParser):
    """The elements and attributes of a page, and whether its tags close in order."""

    VOID = ("meta", "br", "img", "link")

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.open, self.text = [], [], [], ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


@pytest.fixture
def page(migration):
    """Return the report on a world."""

    def make(world, calls=NO_CALLS, rejects=None, notifications=0, **changes):
        facts = migration(**changes)
        evidence = gather(
            world.connection,
            limited=facts.limit is not None,
            notifications_sent=notifications,
            calls=calls,
        )
        return render(certify(Ended(facts, calls, notifications), evidence), evidence, rejects or {})

    return make


def fill(world, text):
    """Put `text` wherever another stage may have put text of any kind."""
    world.file("tickets", 6, file=text, encoding_evidence=text, delimiter=text, delimiter_evidence=text, stated_rows=7)
    world.file("agents", 1, stated_sha256="ff" * 32)
    world.add("raw.extract", {"source_instance": text, "time_zone": text, "exported_by": text})
    world.add("raw.findings", {"object": "tickets", "file": text, "code": text, "message": text, "severity": "warn"})
    world.add("clean.findings", {"object": "tickets", "column": text, "code": text, "message": text, "rows": 1})
    world.add("clean.unmapped", {"object": "tickets", "column": text, "value": text, "rows": 1})
    world.fault("tickets", 1, text, expected=text, action=text, column=text)
    world.fault("tickets", 2, text, severity="value", expected=text, action=text)
    world.carries("tickets", 2, None, None, "skipped", text)
    world.carries("tickets", 3, None, None, "merged", text)
    world.add("clean.superseded", {"object": "tickets", "row": 4, "key": text, "reason": text})
    world.carries("tickets", 5, "conversations", text)
    world.journal("conversation", text, "create", "rejected", code=text, message=text)
    world.journal("part", text, "append", "ambiguous", code=text, message=text)
    world.journal("company", text, "upsert", code="edits", remark={"kept": [text]})
    world.journal("contact", text, "create", code="followed_merge")
    world.plan("conversation", text, "blocked", text)
    world.write("conversation", text, "update", "held", reason=text)
    world.plan("contact", text, text, text)
    world.swept(twice=2, healed=1, left=1, orphaned=1, foreign_parts=1, not_shown=1)
    stray = {"source_key": text, "intercom_id": text, "conversation_id": text, "ours_id": text, "reason": text}
    for kind, name, outcome in (("twice", "part", "left"), ("orphaned", "conversation", None)):
        world.add("verdict.strays", {"kind": kind, "object": name, "outcome": outcome, **stray})
    counts = {"compared": 9, "equal": 8, "explained": 0, "different": 1, "unverifiable": 0}
    world.add("verdict.fields", {"object": "contact", "field": text} | counts)
    verified = {"object": "contact", "field": text, "normalisation": "adopted", "fields": 1}
    world.add("verdict.explained", verified)
    world.add("verdict.verification", {"object": "contact", "sample": text, "seed": 1, "records": 1, "applied": 1})
    values = {"source_key": text, "expected": text, "found": None, "intercom_id": text, "reason": text}
    world.add("verdict.differences", {"object": "contact", "field": text} | values)
    world.write("part", text, "append", "immutable_changed", parent=text, reason=text)
    who = {"source_key": text, "name": text, "email_or_path": text, "reason": text, "tickets": 3}
    world.add("plan.reconciliation_queue", who | {"kind": "agent"}, who | {"kind": "team"})
    world.add("clean.tickets", {"ticket_id": text, "_row": 5, "created_at": "2024-02-03 00:00:00"})
    world.load("conversation", 1, failed=1)
    world.load(text, 1, created=1)


def test_an_empty_migration_is_told_in_words(world, page):
    text = page(world)
    read = Page(text)
    assert read.open == []
    for words in (
        "No file was landed.",
        "No row was quarantined.",
        "No load step has written",
        "Intercom was not called",
    ):
        assert words in text
    assert "Undefined" not in text
    assert "None" not in read.text


def test_values_that_were_not_the_migrations_and_merged_contacts_are_named(world, page):
    world.journal("contact", "C1", "update", code="edits", remark={"kept": ["name", "phone"], "overwritten": ["email"]})
    world.journal("contact", "C2", "create", code="followed_merge")
    # An attempt that was refused afterwards speaks for itself.
    world.journal("contact", "C3", "update", "rejected", code="edits", remark={"kept": ["name"]})
    read = " ".join(Page(page(world)).text.split())
    assert "contactsC1changed in Intercom since, keptname, phone" in read
    assert "contactsC1changed in Intercom since, overwrittenemail" in read
    assert "Merged in Intercom" in read
    assert "C2" in read
    assert "C3edited" not in read
    assert "1 record was changed in Intercom since and changed in ITCO as well" in read


def test_a_command_in_the_report_repeats_the_runs_folders(world, migration):
    world.file("tickets", 1)
    world.fault("tickets", 1, "bad_timestamp")
    evidence = gather(world.connection, limited=False, notifications_sent=0, calls=NO_CALLS)
    made = certify(Ended(migration(), NO_CALLS, 0), evidence).model_copy(
        update={"reasons": ["1 row failed. Then run make migrate."]}
    )
    text = Page(render(made, evidence, {}, {"STATE": "STATE='/srv/a b'"})).text
    assert "1 row failed. Then run make migrate STATE='/srv/a b'." in text
    assert "in the folder rejects, then run make migrate STATE='/srv/a b'." in text


def test_hostile_text_stays_text(world, page):
    fill(world, HOSTILE)
    calls = NO_CALLS | {"total": 1, "by_endpoint": {HOSTILE: 1}}
    text = page(
        world,
        calls,
        source_instance=HOSTILE,
        run_id=HOSTILE,
        code_version=HOSTILE,
        libraries={HOSTILE: HOSTILE},
        workspace={"id": HOSTILE, "name": HOSTILE, "region": HOSTILE},
    )
    read = Page(text)
    assert read.open == []
    assert not {"script", "img", "link", "iframe", "object", "embed", "base", "form"} & set(read.tags)
    assert not [name for name, _ in read.attributes if name.startswith("on") or name in ("src", "style", "srcset")]
    assert "<script" not in text
    assert "{{ 7*7 }}" in read.text
    # It is shown where it belongs, as it is: in the failures, the queue, the rules and the files.
    assert read.text.count("alert(1)") > 20


def test_the_page_loads_nothing_from_anywhere(world, page):
    fill(world, "https://evil.example/x.js")
    read = Page(page(world, rejects={"tickets": "rejects/tickets.csv"}))
    links = [value for name, value in read.attributes if name in ("href", "src", "action", "xlink:href", "data")]
    assert links
    assert all(link.startswith("#") or link == "rejects/tickets.csv" for link in links)
    css = re.search(r"<style>(.*?)</style>", page(world), re.DOTALL)[1]
    assert "url(" not in css
    assert "@import" not in css


def test_the_security_policy_allows_only_the_pages_own_style(world, page):
    text = page(world)
    policy = re.search(r'content="(default-src[^"]*)"', text)[1]
    css = re.search(r"<style>(.*?)</style>", text, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def test_what_differs_from_what_was_stated_is_said(world, page):
    world.file("tickets", 3, stated_rows=4)
    world.file("agents", 2, stated_rows=2, stated_sha256="00" * 32)
    world.file("tags", 8, stated_rows=6, repeated_headers=1, totals_rows=1)
    text = page(world)
    assert "<strong>4, differs</strong>" in text
    assert text.count(", differs<") == 1
    assert "The stated hash differs from the file's." in text


def test_what_gave_way_in_a_merge_is_noticed_and_listed_with_both_values(world, page, tmp_path):
    said = 'name: "Kai" of customer 2 gives way to "Kay" of customer 1'
    world.add("target.findings", {"object": "contacts", "key": "1", "code": "merged_value_left", "message": said})
    text = page(world)
    assert "rejects/merged_values.csv has both" in text
    assert said not in text
    assert world.connection.execute(GIVEN_WAY).fetchall() == [("contacts", "1", said)]


def test_a_number_that_is_stated_of_all_parts_together_is_no_difference(world, page):
    world.file("tickets", 6, file="tickets.csv", stated_rows=12)
    world.file("tickets", 6, file="tickets-2.csv", part=2)
    world.file("agents", 2, file="agents.csv", stated_rows=3)
    text = page(world)
    assert "12 in all its files" in text
    assert text.count(", differs<") == 1


@pytest.mark.parametrize("rows", [1, 40])
def test_where_a_doubt_stops_the_run_nobody_is_told_to_act_on_what_differs_from_what_was_loaded(world, page, rows):
    fill(world, "MARK")
    doubts.clear(world.connection, "plan/actions")
    query = f"SELECT 'm' AS key, 'messages.csv' AS file, {rows} AS rows"
    doubts.record(world.connection, "plan/actions", "messages", DoubtCode.KEY_REUSED, query)
    text = page(world)
    assert ("Changed after they were written" in text) == (rows == 1)


def test_every_table_of_the_evidence_is_shown(world, page):
    fill(world, "MARK")
    text = Page(page(world)).text
    for words in (
        "What came in",
        "Noticed while reading",
        "Quarantined rows",
        "Values left out",
        "Unaccounted",
        "Reconciliation queue",
        "Held records",
        "Rejected by Intercom",
        "Ambiguous",
        "Rows that failed, by cause",
        "Values that mapping.yaml does not cover",
        "Changed after they were written",
        "What the plan decided",
        "Tickets by the month",
        "2024-02",
    ):
        assert words in text


def test_numbers_have_separators_and_charts_have_words(world, page):
    world.file("tickets", 1234)
    text = page(world)
    assert '<td class="n">1,234</td>' in text
    assert 'role="img" aria-label="tickets, 1,234 rows' in text


def test_long_lists_are_cut_and_counted(world, page):
    world.file("tickets", SHOWN + 5)
    for row in range(1, SHOWN + 6):
        world.carries("tickets", row, None, None, "skipped", f"reason {row:03}")
    text = page(world)
    assert text.count("reason 0") == 99
    assert (
        '5 more lines are not shown here: <a href="lists/rows_skipped.csv">lists/rows_skipped.csv</a> has them all.'
        in text
    )


def test_links_lead_to_the_rejects_that_are_there(tmp_path):
    rejects = tmp_path / "rejects"
    rejects.mkdir()
    (rejects / "tickets.csv").touch()
    (rejects / "a b.csv").touch()
    assert reject_links(rejects, tmp_path) == {"a b": "rejects/a%20b.csv", "tickets": "rejects/tickets.csv"}
    assert reject_links(tmp_path / "absent", tmp_path) == {}


def test_a_notification_is_said_and_an_unknown_number_too(world, page):
    assert "<strong>2 notifications went to contacts.</strong>" in page(world, notifications=2)
    assert "Intercom does not tell how many notifications" in page(world, notifications=None)


@pytest.mark.parametrize(
    ("value", "words"),
    [(0, "0 B"), (None, "0 B"), (999, "999 B"), (4200, "4.2 kB"), (3.1e6, "3.1 MB"), (5e9, "5.0 GB")],
)
def test_sizes(value, words):
    assert size(value) == words


def test_what_is_there_twice_is_shown_with_both_ids_and_what_to_do(world, page):
    world.swept(twice=2, healed=1, left=1)
    stray = {"kind": "twice", "object": "conversation", "source_key": "T1", "ours_id": "1001"}
    world.add(
        "verdict.strays",
        stray | {"intercom_id": "2002", "outcome": "left", "reason": "it has other tags"},
        stray | {"intercom_id": "3003", "outcome": "healed", "reason": None},
    )
    text = page(world)
    assert "1 copy that nobody had touched was taken back" in text
    needs = text[text.index('id="needs"') : text.index('id="calls"')]
    assert all(word in needs for word in ("T1", "2002", "1001", "it has other tags", "keep ours"))
    assert "3003" not in needs
