"""What a person can press in Dagster's UI: nothing is doubled, no proof is lost, and every refusal is a sentence.

One migration is looked at: on a fresh state, after Materialize all, and once it was taken back, each time by every
single asset. The default launch of every job is in test_default_launches.py.
"""

import json
import re
import sqlite3
from contextlib import closing

import pytest

from migration_assets.accounting.reconciliation.phases import PHASES
from tests.support.cli import query
from tests.support.dagster_ui import dagster_ui

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]

PAGES = ("certificate.json", "certificate.html", "report.html", "reconciliation.html")
STANDS = (
    "SELECT object, count(DISTINCT source_key) FROM write "
    "WHERE state = 'confirmed' AND operation IN ('create', 'append', 'attach', 'upsert') GROUP BY object"
)
BESIDE = ("plan/actions", "plan/writes", "target/contacts", "clean/tickets", "verified/sweep", "handoff/report",
          "handoff/handover", "hypercare/watch", "workspace/profile")  # fmt: skip
NO_SENTENCE = re.compile(r"Traceback|Error:|Exception|LINE \d|^\W|[^.]$")
"""What a refusal does not look like: a traceback, DuckDB's words, no full stop."""
WHAT_TO_DO = re.compile(r"[Mm]aterialize|make |[Rr]un again|start the job|FREEZE=")
OURS = {"Failure", "MissingTableError"}
ONLY_READS = {"intercom/admins", "intercom/teams"}
"""Load assets that say who was found, and write nothing."""


def stands(state):
    """Return how many records of each object the journal says are in Intercom."""
    with closing(sqlite3.connect(state / "journal.sqlite3")) as journal:
        return dict(journal.execute(STANDS).fetchall())


class Story:
    """The runs of one state folder, in the order in which somebody presses, and what stood after each."""

    def __init__(self, ui, state):
        self.ui, self.state, self.runs, self.proof, self.counts = ui, state, {}, {}, {}
        self.loads = sorted(name for name in ui.assets if name.startswith("intercom/"))

    def press(self, moment, what, run):
        self.runs[moment, what] = run
        return run

    def look(self, moment):
        self.proof[moment] = {name: self._page(name) for name in PAGES}
        self.counts[moment] = stands(self.state)

    def _page(self, name):
        path = self.state / name
        return path.read_text(encoding="utf-8") if path.exists() else None

    def each(self, moment, names):
        for name in names:
            self.press(moment, name, self.ui.materialize(name))

    def of(self, *moments):
        return [((moment, what), run) for (moment, what), run in self.runs.items() if moment in moments]


@pytest.fixture(scope="module")
def story(tmp_path_factory, small_extract):
    state = tmp_path_factory.mktemp("ui") / "state"
    state.mkdir(mode=0o700)
    with dagster_ui(state, MIGRATION_PROBE="never", MIGRATION_EXTRACT=str(small_extract)) as ui:
        told = Story(ui, state)
        told.each("fresh", [*told.loads, *BESIDE])
        told.press("all", "all", ui.materialize_all())
        told.look("all")
        told.each("complete", told.loads)
        told.look("complete")
        told.each(
            "replanned", ["plan/actions", "handoff/report", "handoff/handover", "itco/extract", "intercom/contacts"]
        )
        told.look("replanned")
        told.press("again", "all", ui.materialize_all())
        told.look("again")
        chosen = {"rollback": {"config": {"confirm": "yes"}}}
        told.press("unconfirmed", "rollback", ui.launch("rollback", {"resources": chosen}))
        told.look("unconfirmed")
        chosen["confirmation"] = {"config": {"code": (state / "confirmation").read_text().strip()}}
        told.press("rollback", "rollback", ui.launch("rollback", {"resources": chosen}))
        told.each("back", told.loads)
        told.look("back")
        yield told


def said_in_sentences(pressed, run):
    for step, errors in run.errors.items():
        kind, said = errors[0]
        if kind == "DagsterAssetCheckFailedError":
            kind, said = "Failure", next(words for name, words in run.failed_checks.items() if step.endswith(name))
        assert kind in OURS, (pressed, step, errors)
        assert not NO_SENTENCE.search(said), (pressed, step, said)
        assert WHAT_TO_DO.search(said), (pressed, step, said)


def test_every_refusal_is_a_sentence_of_ours(story):
    for pressed, run in story.of("fresh", "complete", "replanned", "back"):
        said_in_sentences(pressed, run)


def test_on_a_fresh_state_no_single_asset_writes_anything(story):
    assert [pressed for pressed, run in story.of("fresh") if run.status != "FAILURE"] == []
    assert [pressed for pressed, run in story.of("fresh") if run.materialized] == []


def test_materialize_all_does_what_migrate_does_and_succeeds(story):
    run = story.runs["all", "all"]
    assert (run.status, run.errors) == ("SUCCESS", {})
    left_out = {name for name in story.ui.assets if name.split("/")[0] in ("rollback", "hypercare")}
    assert set(story.ui.assets) - set(run.materialized) == left_out | {"handoff/handover"}
    assert not (story.state / "handover" / "index.html").exists()
    certificate = json.loads(story.proof["all"]["certificate.json"])
    assert certificate["migration"]["run_id"] == run.id
    assert certificate["verdict"] != "failed"
    assert certificate["intercom"]["conversations"]["created"] > 0
    phases = re.findall(r'<section id="(\w+)">', story.proof["all"]["reconciliation.html"])
    assert set(PHASES) <= {*phases, "whole"}


def test_a_load_that_is_pressed_by_itself_refuses_the_plan_that_was_carried_out(story):
    for (_, name), run in story.of("complete", "back"):
        assert (run.status == "SUCCESS") is (name in ONLY_READS), (name, run.errors)


def test_no_single_asset_takes_a_proof_away(story):
    assert story.proof["complete"] == story.proof["all"]
    kept = [name for name in PAGES if name != "reconciliation.html"]
    assert {name: story.proof["replanned"][name] for name in kept} == {name: story.proof["all"][name] for name in kept}


def test_nothing_is_doubled(story):
    counts = story.counts
    assert counts["complete"] == counts["replanned"] == counts["again"] == counts["all"]
    assert json.loads(story.proof["again"]["certificate.json"])["intercom"]["conversations"]["created"] == 0
    strays = "SELECT count(*) AS n FROM verdict.strays WHERE kind IN ('twice', 'orphaned')"
    assert query(story.state, strays) == [{"n": 0}]


def test_a_rollback_without_the_code_is_refused_and_says_where_it_is(story):
    run = story.runs["unconfirmed", "rollback"]
    assert run.status == "FAILURE"
    assert any(str(story.state / "confirmation") in words for words in run.words)
    assert story.counts["unconfirmed"] == story.counts["again"]


def test_after_a_rollback_nothing_is_written_until_it_is_planned_again(story):
    assert story.runs["rollback", "rollback"].status == "SUCCESS"
    assert sum(story.counts["back"].get(name, 0) for name in ("contact", "conversation", "part")) == 0
