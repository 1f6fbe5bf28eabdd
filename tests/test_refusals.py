"""What a run refuses to do: it stops with a sentence before anything is written, or stands in as told."""

import csv
import json
import shutil

import pytest

from embedded_intercom.process import EmbeddedProcess, Quotas
from schemas.settings import PROJECT, Settings
from tests.support.cli import Cli, query
from tests.support.steps import steps
from tests.support.workspace import read_workspace

TICKETS = 40
pytestmark = pytest.mark.slow


@pytest.fixture
def extract(small_extract, tmp_path):
    """Return a copy of the small extract that a test may spoil."""
    return shutil.copytree(small_extract, tmp_path / "extract")


def change(path, edit):
    """Rewrite a CSV file with what `edit` makes of its rows, the header among them."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = edit(list(csv.reader(file)))
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return rows


def refusal(finished):
    """Return what a run said that was refused; nothing was written, and there is one reason."""
    assert finished.code == 1
    assert finished.certificate["verdict"] == "failed"
    assert finished.certificate["calls"]["writes"] == 0
    # One sentence: why, and not also that what stands after it was not done.
    assert len(finished.certificate["reasons"]) == 1, finished.certificate["reasons"]
    assert "Traceback" not in finished.said
    said = " ".join(finished.err.split())
    assert finished.certificate["reasons"][0] in said
    return said


@pytest.mark.rehearsal
def test_a_status_that_the_mapping_does_not_know_stops_the_run_and_is_named(extract, tmp_path):
    texts = {1: "Parked", 2: "Parked", 3: "Please call Anna Berg: 0301234567"}

    def park(rows):
        at = rows[0].index("status")
        return [[*row[:at], texts.get(n, row[at]), *row[at + 1 :]] for n, row in enumerate(rows)]

    change(extract / "tickets.csv", park)
    finished = Cli(tmp_path / "state", MIGRATION_EXTRACT=extract)("migrate")
    said = refusal(finished)
    assert "status: 'Parked' (2 rows, the first is tickets.csv:2) and 1 more value (1 row, tickets.csv:" in said
    assert "rejects/unmapped_values.csv" in said
    listed = (tmp_path / "state" / "rejects" / "unmapped_values.csv").read_text(encoding="utf-8")
    assert "Parked" in listed
    assert "Anna Berg" in listed
    # A shifted column may hold a customer's text: it is in the files of rejects and the report alone.
    assert "Anna Berg" not in finished.said
    assert "Anna Berg" not in json.dumps(finished.certificate)
    report = (tmp_path / "state" / "report.html").read_text(encoding="utf-8")
    assert "Values that mapping.yaml does not cover" in report
    assert "Parked" in report
    assert "Nothing: no record failed" not in report


def test_the_report_of_a_run_that_a_doubt_stopped_shows_the_doubt(extract, tmp_path):
    def formatted(rows):
        at = rows[0].index("customer_id")
        return [rows[0], *([*row[:at], f"{row[at]}.0", *row[at + 1 :]] for row in rows[1:])]

    change(extract / "tickets.csv", formatted)
    finished = Cli(tmp_path / "state", MIGRATION_EXTRACT=extract)("migrate")
    assert "ids: {tickets.customer_id: drop_decimal}" in refusal(finished)
    report = (tmp_path / "state" / "report.html").read_text(encoding="utf-8")
    needs = report[report.index('id="needs"') :]
    assert "id_formatted" in needs
    assert "drop_decimal" in needs
    assert "Nothing: no record failed" not in report


def test_a_file_with_a_row_less_than_stated_stops_the_run(extract, tmp_path):
    left = change(extract / "tickets.csv", lambda rows: rows[:-1])
    failed = steps(Settings(state=tmp_path / "state", extract=extract), "itco/tickets", "clean/tickets")
    (said,) = [one for one in failed if "itco/tickets: count_agrees_with_itco" in one]
    assert f"{len(left)}" in said
    assert f"{len(left) - 1}" in said


def test_a_wrong_token_is_a_sentence(small_extract, tmp_path, monkeypatch):
    with EmbeddedProcess(tmp_path / "server") as intercom:
        monkeypatch.setenv("INTERCOM_ACCESS_TOKEN", "tok:wrong-one")
        monkeypatch.setenv("INTERCOM_BASE_URL", intercom.url)
        (said,) = steps(Settings(state=tmp_path / "state", extract=small_extract), "workspace/preflight")
    assert "Intercom does not accept the access token" in said
    assert "wrong-one" not in said
    assert "Traceback" not in said


def test_a_workspace_that_nobody_named_is_not_written_to(small_extract, tmp_path, monkeypatch):
    state = tmp_path / "state"
    with EmbeddedProcess(tmp_path / "server", seed=PROJECT / "sample_data" / "workspace_seed.json") as intercom:
        monkeypatch.setenv("INTERCOM_ACCESS_TOKEN", intercom.token)
        monkeypatch.setenv("INTERCOM_BASE_URL", intercom.url)
        (said,) = steps(Settings(state=state, extract=small_extract), "workspace/preflight", "workspace/admins")
        assert "workspace_is_the_one_that_is_meant" in said
        assert "Nothing was written to the workspace 'Nordlicht Commerce' (" in said
        assert "name it: INTERCOM_WORKSPACE='Nordlicht Commerce'" in said
        monkeypatch.setenv("INTERCOM_WORKSPACE", "Another one")
        (said,) = steps(Settings(state=state, extract=small_extract), "workspace/preflight", "workspace/admins")
        assert "but INTERCOM_WORKSPACE says 'Another one'" in said


@pytest.mark.rehearsal
def test_a_server_that_somebody_else_started_is_loaded_like_the_real_one_by_the_conversation_route(
    small_extract, seed_without_an_agent, changed_mapping, tmp_path
):
    seed, email, name = seed_without_an_agent
    stand_in = "greta.sommer@nordlicht-commerce.example"
    given = {
        "MIGRATION_EXTRACT": small_extract,
        "MIGRATION_MAP": changed_mapping(unmatched="fallback", fallback_admin=stand_in),
    }
    state = tmp_path / "state"
    with EmbeddedProcess(tmp_path / "server", quotas=Quotas(100_000, 100_000), seed=seed) as intercom:
        given |= {"INTERCOM_BASE_URL": intercom.url, "INTERCOM_ACCESS_TOKEN": intercom.token}
        given["INTERCOM_WORKSPACE"] = "Nordlicht Commerce"
        finished = Cli(state, **given)("migrate", "--route", "conversation")
        assert finished.code == 0, finished.err
        assert f"Intercom at {intercom.url}" in " ".join(finished.err.split())
        assert intercom.token not in finished.said
        assert intercom.notifications("contact") == 0
    assert not (state / "embedded").exists()
    assert finished.certificate["migration"]["target"] == "intercom"
    assert finished.certificate["migration"]["route"] == "conversation"
    assert finished.certificate["notifications_sent"] is None
    for kind, counts in finished.certificate["intercom"].items():
        assert counts["created"] + counts["adopted"] == counts["planned"] == counts["present"], kind
    assert finished.certificate["intercom"]["conversations"]["created"] == TICKETS
    assert any("no counterpart" in reason for reason in finished.certificate["reasons"])

    written = query(
        state,
        "SELECT p.source_key, p.conversation_key, p.created_at FROM target.parts p "
        "JOIN target.admins a ON a.source_key = p.author_key WHERE p.author_kind = 'admin' AND a.email = ?",
        [email],
    )
    assert written
    content = read_workspace(state, tmp_path / "server")
    assert all(len(found) == 1 for found in content.threads.values())
    assert not any(row["audience"] == "contact" for row in content.notifications["by"])
    # A stand-in names the author whose messages it writes.
    (own,) = (admin for admin, address in content.admins.items() if address == stand_in)
    for part in written:
        sent = [found for found in content.threads[part["conversation_key"]][0].parts if found.author.id == own]
        sent = [found.body for found in sent if found.created_at == part["created_at"]]
        assert any(name in body and email in body for body in sent), part["source_key"]
