"""What is left in people's hands after a whole run: reconciliation, certificate, and whether it still holds."""

import json
import re
import shutil

import httpx
import pytest

from embedded_intercom.process import EmbeddedProcess, Quotas
from migration_assets.handoff.certificate_page import render
from migration_assets.handoff.write import read_certificate
from migration_assets.spotcheck.app import certify
from migration_assets.spotcheck.read import NothingToCheckError, read_both
from schemas.settings import PROJECT, Settings
from tests.support.cli import Cli

pytestmark = pytest.mark.slow


@pytest.fixture
def copy(end_to_end, tmp_path):
    """A copy of the state folder after the run, to be changed."""
    assert end_to_end.finished.code == 0
    state = tmp_path / "state"
    shutil.copytree(end_to_end.state, state, ignore=shutil.ignore_patterns("dagster"))
    return state


@pytest.fixture
def verify():
    """Return a function that runs `make verify-certificate` over a state: (exit code, section -> (holds, sentence))."""

    def run(state, **environment):
        finished = Cli(state, **environment)("verify-certificate")
        sections = "extract|mapping|rows|journal|runs|intercom|fields|spot check"
        found = re.findall(rf"^({sections}) +(holds|does not hold) +(.+)$", finished.out, re.M)
        return finished.code, {section: (word == "holds", sentence) for section, word, sentence in found}

    return run


def text(path):
    return " ".join(re.sub("<[^>]+>", " ", path.read_text(encoding="utf-8").split("</style>")[1]).split())


def test_the_reconciliation_page_tells_every_phase_and_all_adds_up(end_to_end):
    page = text(end_to_end.state / "reconciliation.html")
    for title in ("Your files, read", "Checked and typed", "Shaped for Intercom", "Planned", "Written to Intercom"):
        assert title in page
    assert "do not add up" not in page
    certificate = read_certificate(end_to_end.state)
    tickets = certificate.source["tickets"]
    assert f"{tickets.rows} tickets in your files; {tickets.rows - tickets.loaded} left out or merged: " in page
    assert f"; {tickets.loaded} in Intercom." in page


def test_the_phases_are_in_the_metadata_of_their_assets(end_to_end, monkeypatch):
    import dagster as dg

    monkeypatch.setenv("DAGSTER_HOME", str(end_to_end.state / "dagster"))
    with dg.DagsterInstance.get() as instance:
        for key, cell in (
            ("itco/tickets", "| tickets | 410 |"),
            ("clean/tags", "| tags |"),
            ("target/lineage", "| automations | 10 | 0 | 10 |"),
            ("plan/actions", "| conversations |"),
            ("intercom/conversations", "| messages |"),
        ):
            event = instance.get_latest_materialization_event(dg.AssetKey(key.split("/")))
            assert cell in event.asset_materialization.metadata["reconciliation"].value, key


def test_the_certificate_page_is_made_from_the_certificate_alone(end_to_end):
    certificate = read_certificate(end_to_end.state)
    assert (end_to_end.state / "certificate.html").read_text(encoding="utf-8") == render(certificate)
    rules = {decision.what: decision.rows for decision in certificate.decisions if decision.kind == "skipped by rule"}
    assert rules["spam"] > 0
    assert sum(file.rows for file in certificate.files) == sum(counts.rows for counts in certificate.source.values())


def test_an_untouched_migration_still_holds_and_nothing_is_changed_by_asking(copy, verify):
    kept = {path: path.read_bytes() for path in (copy / "warehouse.duckdb", copy / "certificate.json")}
    code, found = verify(copy)
    assert {section: sentence for section, (holds, sentence) in found.items() if not holds} == {}
    assert len(found) == 8
    assert code == 0
    assert {path: path.read_bytes() for path in kept} == kept
    assert list(copy.glob(".certificate-*")) == []


@pytest.mark.rehearsal
def test_what_was_changed_since_is_found_and_named(copy, verify, tmp_path):
    extract = tmp_path / "extract"
    shutil.copytree(PROJECT / "sample_data" / "extract", extract)
    with (extract / "tags.csv").open("ab") as file:
        file.write(b"one more\n")
    with EmbeddedProcess(copy / "embedded", Quotas(), PROJECT / "sample_data" / "workspace_seed.json") as process:
        headers = {"Authorization": f"Bearer {process.token}", "Intercom-Version": "2.16"}
        with httpx.Client(base_url=process.url, headers=headers, trust_env=False, timeout=60) as client:
            (contact, *_) = client.get("/contacts").json()["data"]
            assert client.delete(f"/contacts/{contact['id']}").is_success
    code, found = verify(copy, MIGRATION_EXTRACT=extract)
    assert code == 1
    wrong = {section: sentence for section, (holds, sentence) in found.items() if not holds}
    assert wrong["extract"] == "Changed since: tags.csv."
    assert re.match(r"Intercom has \d+ contacts of this migration, where \d+ are certified\.", wrong["intercom"])


def test_without_a_certificate_there_is_nothing_to_verify(tmp_path):
    finished = Cli(tmp_path / "state")("verify-certificate")
    assert finished.code == 1
    assert "There is no certificate" in finished.err


def test_the_spot_check_shows_what_both_sides_have_and_is_certified(copy):
    settings = Settings(state=copy, spot_check=12, spot_check_seed=7)
    book, pairs = read_both(settings)
    assert [item.key for item in book.sample] == list(pairs)
    assert len(pairs) == 12
    assert {item.why for item in book.sample} >= {"a long thread", "many attachments", "drawn at random"}
    for pair in pairs.values():
        assert pair.source.title == pair.intercom.title
        facts = {fact.name: fact for fact in pair.facts()}
        assert facts["opened"].ours == facts["opened"].theirs
        assert all(facts[name].theirs for name in ("customer", "status", "priority"))
        assert [fact for fact in facts.values() if fact.differs] == []
        assert facts["status"].theirs == pair.source.mapped["status"]
        assert len(pair.intercom.messages) >= len(pair.source.messages)
    mapped = {fact.name for pair in pairs.values() for fact in pair.facts() if fact.mapped is not None}
    assert mapped >= {"status", "team"}
    tagged = [pair for pair in pairs.values() if pair.source.facts["tags"]]
    assert tagged
    assert all(pair.source.facts["tags"].lower() == pair.intercom.facts["tags"].lower() for pair in tagged)
    again, _ = read_both(settings)
    assert again.sample == book.sample
    (copy / "spot-check.json").write_text(book.model_dump_json())
    certify(copy)
    assert json.loads((copy / "certificate.json").read_text())["spot_check"]["sampled"] == 12


def test_before_a_load_there_is_nothing_to_look_at(tmp_path):
    with pytest.raises(NothingToCheckError, match="run make migrate first"):
        read_both(Settings(state=tmp_path))
