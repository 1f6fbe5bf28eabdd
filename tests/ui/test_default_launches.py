"""The default launch of every job, from the launchpad as it opens: nothing is doubled, every refusal is a sentence."""

import json

import pytest

from tests.support.dagster_ui import dagster_ui
from tests.ui.test_dagster_ui import said_in_sentences, stands

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800), pytest.mark.rehearsal]
NEED_MORE = {"cutover": "FREEZE=", "hypercare": "run"}
"""The jobs that want something first, and a word of what they say: since when nobody works there, and a cutover."""


@pytest.fixture(scope="module")
def launched(tmp_path_factory, small_extract):
    """Every job in turn, `migrate` first: its run, and what stood in Intercom and in the certificate after it."""
    state = tmp_path_factory.mktemp("jobs") / "state"
    state.mkdir(mode=0o700)
    found = {}
    with dagster_ui(state, MIGRATION_PROBE="never", MIGRATION_EXTRACT=str(small_extract)) as ui:
        for job in ("migrate", *(job for job in ui.jobs() if job != "migrate")):
            run = ui.launch(job)
            found[job] = run, stands(state), json.loads((state / "certificate.json").read_text(encoding="utf-8"))
    return found


def test_every_job_ends_well_or_says_what_it_needs(launched):
    for job, (run, _, _) in launched.items():
        assert run.status == "SUCCESS" or job in NEED_MORE, (job, run.errors)
        said_in_sentences(job, run)


def test_no_job_doubles_anything_or_takes_anything_back(launched):
    """A rollback that nobody has confirmed only looks."""
    first = launched["migrate"][1]
    assert first["conversation"] > 0
    assert {job: there for job, (_, there, _) in launched.items() if there != first} == {}


def test_a_run_that_went_well_is_certified_as_complete_or_partial(launched):
    for job, (run, _, certificate) in launched.items():
        if run.status == "SUCCESS" and certificate["migration"]["run_id"] == run.id:
            assert certificate["verdict"] != "failed", (job, certificate["reasons"])
