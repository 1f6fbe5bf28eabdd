"""A second drop over the first, by the command line: calls in proportion to what changed; cutover, and hypercare."""

import csv
import shutil
from pathlib import Path

import polars as pl
import pytest
import yaml

from migration_assets.ground.paths import relative
from sample_data.generate import main as generate
from sample_data.later import NEW, write_later
from tests.support.cli import Cli
from tests.support.workspace import read_workspace

pytestmark = [pytest.mark.slow, pytest.mark.rehearsal]

TICKETS = 200
FREEZE = "2026-11-03T07:00:00Z"
"""After the last change of the later drop, before its export."""


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    """Everything, in the order in which it happens, as (name, how it ended)."""
    folder = tmp_path_factory.mktemp("delta")
    first, later, cut = folder / "first", folder / "later", folder / "cut"
    generate(["--tickets", str(TICKETS), "--out", str(first)])
    made = write_later(first, later)
    shutil.copytree(later, cut)
    # Every ticket keeps a message: one without any would be a doubt, which stops the run before.
    messages = pl.read_csv(cut / "messages.csv", infer_schema=False)
    messages.unique("ticket_id", keep="first", maintain_order=True).write_csv(cut / "messages.csv")
    manifest = yaml.safe_load((cut / "extract.yaml").read_text())
    del manifest["row_counts"]["messages.csv"]
    (cut / "extract.yaml").write_text(yaml.safe_dump(manifest))
    quick = {"EMBEDDED_APP_QUOTA": 100_000, "EMBEDDED_WORKSPACE_QUOTA": 100_000}
    state = folder / "state"

    def run(drop, *arguments):
        return Cli(state, MIGRATION_EXTRACT=drop, **quick)(*arguments)

    ended = {"migrate": run(first, "migrate")}
    ended["delta"] = run(later, "delta")
    ended["after"] = read_workspace(state)
    ended["again"] = run(later, "delta")
    ended["older"] = run(first, "delta")
    ended["cut"] = run(cut, "delta")
    ended["no freeze"] = run(later, "cutover")
    ended["too early"] = run(later, "cutover", "--freeze", "2026-11-03T06:00:00Z")
    ended["cutover"] = run(later, "cutover", "--freeze", FREEZE)
    ended["hypercare"] = run(later, "hypercare")
    return state, made, ended


def one_sentence_refusal(finished, says):
    assert finished.code == 1, finished.said
    assert says in " ".join(finished.err.split())
    assert finished.certificate["calls"]["writes"] == 0


def test_a_delta_calls_in_proportion_to_what_changed(story):
    _, made, ended = story
    first, delta = ended["migrate"].certificate, ended["delta"].certificate
    assert (ended["delta"].code, delta["verdict"], delta["reasons"]) == (0, "complete", [])
    assert made.tickets / TICKETS < 0.05
    # A new ticket takes a call for its contact, itself, its answer and its state; a changed one at most three.
    assert 0 < delta["calls"]["writes"] <= 6 * made.tickets
    assert delta["calls"]["writes"] < 0.05 * first["calls"]["writes"]
    for name, counts in delta["intercom"].items():
        assert counts["present"] == counts["planned"], name


def test_what_changed_is_in_intercom(story):
    _, made, ended = story
    content = ended["after"]
    assert len(content.threads) == TICKETS + made.customers
    assert {key for key, found in content.threads.items() if len(found) != 1} == set()
    assert content.notifications["total"] == 0
    (replied,) = content.threads[made.changed["reply"][0]]
    assert any("Is there any news?" in (part.body or "") for part in replied.parts)
    assert {str(NEW + number) for number in range(made.customers)} <= set(content.threads)


def test_the_same_drop_again_writes_nothing(story):
    _, _, ended = story
    assert (ended["again"].code, ended["again"].certificate["calls"]["writes"]) == (0, 0)


def test_an_older_drop_and_one_that_was_cut_off_stop_before_anything_is_written(story):
    _, _, ended = story
    one_sentence_refusal(ended["older"], "loading the older one would take back what has changed since")
    one_sentence_refusal(ended["cut"], "that were loaded are no longer in the extract, more than the 1.0%")


def test_a_cutover_needs_a_freeze_that_holds(story):
    _, made, ended = story
    assert ended["no freeze"].code == 2
    assert "FREEZE=" in ended["no freeze"].err
    one_sentence_refusal(ended["too early"], f"{made.tickets} tickets were created or changed after the freeze")


def test_the_cutover_hands_over(story):
    state, made, ended = story
    assert ended["cutover"].code == 0, ended["cutover"].said
    folder = Path(state) / "handover"
    assert f"The hand-over documents are in {relative(folder)}: index.html" in ended["cutover"].err
    with (folder / "ticket_ids.csv").open(encoding="utf-8-sig", newline="") as file:
        ids = {row["ticket_number"]: row["conversation_id"] for row in csv.DictReader(file)}
    assert len(ids) == TICKETS + made.customers
    assert all(ids.values())
    page = (folder / "index.html").read_text()
    for said in ("automations.csv", "articles.csv", "make rollback CONFIRM=yes", "3 November 2026, 07:00 UTC", "Fin"):
        assert said in page
    assert not (folder / "failed_rows.csv").exists(), "nothing failed"


def test_hypercare_reads_and_finds_all_in_place(story):
    state, _, ended = story
    assert ended["hypercare"].code == 0, ended["hypercare"].said
    assert "Every loaded record is in Intercom or known to be gone." in ended["hypercare"].err
    assert ended["hypercare"].certificate == ended["cutover"].certificate, "the certificate is the cutover's"
    assert "What stands" in (Path(state) / "hypercare" / "index.html").read_text()
