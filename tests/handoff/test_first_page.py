"""The certificate's first page: whole on one sheet, however much is open and however long the names are."""

import hashlib
import re

import pytest

from migration_assets.accounting.all_runs import AllRuns, CertifiedRun, Totals
from migration_assets.accounting.certificate import Calls, Certificate, SourceCounts, certificate_json
from migration_assets.handoff.certificate_page import render
from migration_assets.handoff.first_page import LINE, NAME, OPEN_SHOWN, first_page, open_line

SOURCE = {
    "companies": SourceCounts(rows=33, loaded=32, merged=1),
    "customers": SourceCounts(rows=153, loaded=151, merged=2),
    "tickets": SourceCounts(rows=410, loaded=390, superseded=4, skipped=9, quarantined=7),
    "messages": SourceCounts(rows=2940, loaded=2863, superseded=1, skipped=63, quarantined=13),
    "articles": SourceCounts(rows=14, skipped=14),
}


@pytest.fixture
def certificate(migration):
    def make(about=None, **changes):
        given = {"source": SOURCE, "intercom": {}, "calls": Calls(), "notifications_sent": 0}
        given |= {"migration": migration(**(about or {})), "verdict": "partial", "reasons": ["3 rows wait. Do it."]}
        return Certificate(**(given | changes))

    return make


def sheet(certificate):
    """Return the text of the first page, up to its end."""
    found = re.search(r'<section class="first".*?</section>', render(certificate), re.DOTALL)
    return " ".join(re.sub("<[^>]+>", " ", found[0]).split())


def test_it_is_in_the_customers_units_and_name(certificate):
    page = first_page(certificate())
    assert page.customer == "Acme"
    assert page.headline == "390 of 410 tickets, 2,863 of 2,940 messages, 151 of 153 customers"
    assert page.beside == "32 of 33 companies"
    unknown = certificate({"workspace": {"id": "unknown", "name": "unknown", "region": "unknown"}})
    assert first_page(unknown).customer == "acme"


def test_verdict_open_hashes_and_signatures_stand_on_it_and_the_rest_begins_on_another(certificate):
    made = certificate()
    text = sheet(made)
    hashes = ("ab" * 32, "cd" * 32, hashlib.sha256(certificate_json(made).encode()).hexdigest())
    for part in ("Partial: ", "390 of 410 tickets", "3 rows wait.", *hashes, "For the customer", "For the migration"):
        assert part in text, part
    assert re.search(r"\.first \{[^}]*break-after: page", render(made))
    assert "Every row is accounted for" not in text


def test_of_very_many_open_things_it_shows_the_first_and_counts_the_others(certificate):
    reasons = [f"{number} rows wait (such as a.csv:1). Do something." for number in range(90)]
    made = certificate(reasons=reasons)
    page = first_page(made)
    assert (len(page.open), page.open[0], page.beyond) == (OPEN_SHOWN, "0 rows wait.", 90 - OPEN_SHOWN)
    assert f"and {90 - OPEN_SHOWN} more, below" in sheet(made)
    assert render(made).count("Do something.") == 90


def test_no_text_on_it_is_longer_than_a_line(certificate):
    made = certificate(
        {"source_instance": "a" * 900, "workspace": {"id": "w", "name": "Name " * 90, "region": "us"}},
        reasons=["word " * 300, "x" * 900],
    )
    page = first_page(made)
    assert max(map(len, page.open)) <= LINE
    assert max(len(page.customer), len(page.instance)) <= NAME


@pytest.mark.parametrize(
    ("reason", "line"),
    [
        ("1 of 410 tickets was closed (such as t.csv:52 or t.csv:9). See it.", "1 of 410 tickets was closed."),
        ("2 rows wait: 1 of a.b and 1 of c. Run make migrate.", "2 rows wait: 1 of a.b and 1 of c."),
        ("9 rows wait, " + "for it " * 20, "9 rows wait, " + "for it " * 12 + "…"),
        ("56 rows wait for agents who are not here, " + "or for it " * 9, "56 rows wait for agents who are not here …"),
    ],
)  # fmt: skip
def test_a_reason_is_told_by_its_first_sentence_without_examples(reason, line):
    assert open_line(reason) == line


def test_where_nothing_is_open_it_says_so(certificate):
    assert "What is open Nothing." in sheet(certificate(verdict="complete", reasons=[]))


def test_it_tells_of_all_runs_and_the_table_of_each(certificate, migration):
    at = migration().started_at
    runs = [
        CertifiedRun(run_id="one-run", job="migrate", started_at=at, created=3303, calls=4889, writes=4684, seconds=97,
                     verdict="partial"),
        CertifiedRun(run_id="two-run", job="cutover", started_at=at, calls=38, writes=0, seconds=20, verdict="partial"),
    ]  # fmt: skip
    total = Totals(runs=2, created=3303, calls=4927, writes=4684, seconds=117)
    made = certificate(all_runs=AllRuns(total=total, runs=runs, objects={}))
    assert "created, in 2 runs 3,303" in sheet(made)
    text = " ".join(re.sub("<[^>]+>", " ", render(made)).split())
    assert "one-run migrate 20 November 2026, 08:00 UTC 3,303 0 0 0 4,889 4,684 1 min 37 s partial" in text
    assert "all 2 3,303 0 0 0 4,927 4,684 1 min 57 s" in text


def test_a_certificate_of_an_older_version_is_read_and_says_nothing_of_other_runs(certificate):
    older = certificate().model_dump(mode="json")
    del older["all_runs"]
    made = Certificate.model_validate(older)
    assert made.all_runs is None
    assert "says nothing of other runs" in render(made)
