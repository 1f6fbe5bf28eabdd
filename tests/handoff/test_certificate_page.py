"""The certificate as a page: from certificate.json alone, with every decision, and with nothing that acts or loads."""

import json
import re
from datetime import UTC, datetime

import pytest

from migration_assets.accounting.certificate import Calls, Certificate, FieldCounts, SourceCounts
from migration_assets.accounting.sections import Decision, DeletedInSource
from migration_assets.ground.given_back import CORRECTED, LEFT_OUT
from migration_assets.handoff.certificate_page import render
from migration_assets.handoff.decisions import decide_what_was_decided
from migration_assets.handoff.evidence import Evidence, gather
from migration_assets.handoff.spot_book import Mark, Sampled, SpotBook, spot_check_of, write_book
from migration_assets.handoff.write import Ended, deleted_in_source, read_certificate, write_handoff
from schemas.mapping import load_mapping
from schemas.mapping_parts import SkipRule
from schemas.settings import PROJECT

CALLS = {"total": 5, "writes": 4, "by_endpoint": {}, "rate_limited": 0, "seconds": 1.5}


@pytest.fixture
def certificate(migration):
    def make(**changes):
        given = {
            "source": {"tickets": SourceCounts(rows=10, loaded=8, skipped=2)},
            "verdict": "complete",
            "reasons": [],
        }
        return Certificate(
            **({"migration": migration(), "intercom": {}, "calls": Calls(), "notifications_sent": 0} | given | changes)
        )

    return make


@pytest.fixture
def book(migration):
    """A sample of three, of which one is well and one is not."""
    at = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
    sample = [Sampled(key=key, ticket=f"#{key}", why="drawn at random") for key in ("1", "2", "3")]
    marks = {"1": Mark(ok=True, by="Ann", at=at), "2": Mark(ok=False, remark="<b>date</b> is wrong", by="Bob", at=at)}
    about = migration()
    return SpotBook(
        source_instance=about.source_instance, workspace=about.workspace.id, seed=1, sample=sample, marks=marks
    )


def test_records_that_are_gone_are_summed_by_object_and_fate():
    rows = [
        {"object": "part", "fate": "reported", "why": "a", "records": 2},
        {"object": "part", "fate": "reported", "why": "b", "records": 3},
        {"object": "contact", "fate": "deleted", "why": None, "records": 1},
    ]
    assert [tuple(item.model_dump().values()) for item in deleted_in_source(Evidence(deleted_in_source=rows))] == [
        ("contacts", "deleted", 1),
        ("parts", "reported", 5),
    ]


def text(page):
    return " ".join(re.sub("<[^>]+>", " ", page.split("</style>")[1]).split())


def test_the_page_says_that_every_row_is_accounted_for(certificate):
    page = text(render(certificate()))
    assert "Each of the 10 rows in the files has exactly one fate" in page
    assert "No field was compared" in page
    assert "Nobody has compared conversations by eye" in page


def test_what_is_gone_from_itco_and_what_became_of_it_is_certified(certificate):
    gone = [
        DeletedInSource(object="conversations", fate="deleted", records=2),
        DeletedInSource(object="conversations", fate="refused", records=1),
    ]
    page = text(render(certificate(gone=gone)))
    assert "Gone from ITCO since it was loaded" in page
    assert "conversations deleted in Intercom 2 conversations left in Intercom 1" in page
    assert "Gone from ITCO" not in text(render(certificate()))


def test_rows_that_do_not_add_up_are_said_loudly(certificate):
    page = render(certificate(source={"tickets": SourceCounts(rows=10, loaded=8)}))
    assert "<strong>The numbers do not add up: 10 rows, 8 accounted for.</strong>" in page


def test_every_field_has_its_line_and_the_sums_are_right(certificate):
    counts = FieldCounts(compared=10, equal=7, explained=2, different=1, unverifiable=3)
    page = text(render(certificate(fields={"conversations": {"title": counts, "state": counts}})))
    assert "conversations title 10 7 2 1 3" in page
    assert "all 20 14 4 2 6" in page


def test_what_people_saw_is_in_the_page_with_their_remarks_escaped(certificate, book):
    page = render(certificate(spot_check=book.summary()))
    assert "2 of 3 conversations were compared by Ann, Bob" in text(page)
    assert "&lt;b&gt;date&lt;/b&gt; is wrong" in page
    assert "<b>date" not in page


def test_the_page_needs_nothing_and_can_do_nothing(certificate):
    decision = Decision(kind="mapped", what="status <script>", value="javascript:alert(1)")
    page = render(certificate(decisions=[decision]))
    assert re.findall(r"<(script|link|img|iframe|form)\b", page) == []
    assert "default-src 'none'" in page
    assert re.findall(r'(?:src|href)="(?!#)', page) == []


def test_it_is_made_from_the_json_alone(certificate, book):
    made = certificate(spot_check=book.summary(), decisions=[Decision(kind="option", what="limit", value="5")])
    assert render(Certificate.model_validate_json(made.model_dump_json())) == render(made)


def test_every_decision_of_the_mapping_is_in_the_certificate():
    mapping = load_mapping(PROJECT / "sample_data" / "mapping.yaml")
    fates = [
        {"object": "tickets", "fate": "skipped", "reason": "rule spam", "skipped_by": "spam", "rows": 3},
        {
            "object": "messages",
            "fate": "skipped",
            "reason": "ticket skipped by rule spam",
            "skipped_by": "spam",
            "rows": 4,
        },
        {"object": "tickets", "fate": "merged", "reason": "kept although rule spam", "skipped_by": None, "rows": 9},
    ]
    evidence = Evidence(fates=fates, fallbacks=[{"what": "agents", "value": "stand-in", "rows": 2}])
    made = decide_what_was_decided(mapping, {"limit": 5, "resync": False}, evidence)
    by_what = {decision.what: decision for decision in made}
    assert by_what["spam"].rows == 7
    assert by_what["agents"].kind == "fallback"
    assert by_what["limit"].value == "5"
    assert "resync" not in by_what
    for table in ("statuses", "priorities", "message_kinds", "author_types", "agents", "teams", "dates"):
        for value in getattr(mapping, table):
            assert any(what.endswith(value) for what in by_what), value
    for field in mapping.custom_fields:
        assert by_what[f"{field.object}.{field.field}"].value.startswith(field.name)
    assert set(type(mapping.settings).model_fields) <= set(by_what)
    assert set(mapping.ignored_fields) <= set(by_what)


def test_rows_are_counted_under_their_own_rule_where_its_name_ends_another_s(world):
    world.file("tickets", 3)
    for row, name in enumerate(("spam", "no rule spam", "no rule spam"), start=1):
        world.carries("tickets", row, None, None, "skipped", f"rule {name}", skipped_by=name)
    mapping = load_mapping(PROJECT / "sample_data" / "mapping.yaml")
    about = {"object": "tickets", "column": "subject", "any_of": ["x"]}
    rules = [SkipRule(name=name, **about) for name in ("spam", "no rule spam", "none")]
    evidence = gather(world.connection, limited=False, notifications_sent=0)
    made = decide_what_was_decided(mapping.model_copy(update={"skip": rules}), {}, evidence)
    counted = [(decision.what, decision.rows) for decision in made if decision.kind == "skipped by rule"]
    assert counted == [("spam", 1), ("no rule spam", 2), ("none", 0)]


def test_rows_that_a_person_left_out_or_corrected_are_decisions_by_object():
    mapping = load_mapping(PROJECT / "sample_data" / "mapping.yaml")
    said = (
        ("tickets", LEFT_OUT, 2),
        ("tickets", "exact copy", 9),
        ("tags", CORRECTED, 3),
        ("attachments", LEFT_OUT, 1),
    )
    fates = [
        {"object": name, "fate": "superseded", "reason": reason, "skipped_by": None, "rows": rows}
        for name, reason, rows in said
    ]
    made = decide_what_was_decided(mapping, {}, Evidence(fates=fates))
    by_hand = [one for one in made if one.kind in ("left out", "corrected")]
    assert [(one.kind, one.what, one.rows) for one in by_hand] == [
        ("left out", "attachments", 1),
        ("left out", "tickets", 2),
        ("corrected", "tags", 3),
    ]
    assert by_hand[1].value == "rows that a person has left out, by rejects/tickets.csv"
    assert "rejects/tags.csv or tags-values.csv" in by_hand[2].value


def test_the_files_decisions_and_fields_of_a_run_are_certified(world, migration, tmp_path, book):
    world.file("tickets", 2)
    counts = {"compared": 2, "equal": 2, "explained": 0, "different": 0, "unverifiable": 0}
    world.add("verdict.fields", {"object": "part", "field": "body"} | counts)
    write_book(tmp_path, book)
    mapping = load_mapping(PROJECT / "sample_data" / "mapping.yaml")
    ended = Ended(migration(), CALLS, 0, mapping=mapping, options={"retry_failed": True})
    write_handoff(world.connection, ended, tmp_path, tmp_path / "rejects")
    content = json.loads((tmp_path / "certificate.json").read_text())
    assert content["files"] == [{"file": "tickets.csv", "object": "tickets", "rows": 2, "sha256": "ab" * 32}]
    assert content["fields"] == {"parts": {"body": counts}}
    assert {"kind": "option", "what": "retry_failed", "value": "True", "rows": None} in content["decisions"]
    assert content["spot_check"]["not_ok"] == 1
    assert (tmp_path / "certificate.html").read_text() == render(read_certificate(tmp_path))


def test_a_spot_check_of_another_workspace_is_not_certified(book, tmp_path):
    assert spot_check_of(tmp_path, book.source_instance, book.workspace) is None
    write_book(tmp_path, book)
    assert spot_check_of(tmp_path, book.source_instance, book.workspace).checked == 2
    assert spot_check_of(tmp_path, book.source_instance, "another") is None
