"""Every file that the terminal names at the end of a verification is there, however the verification ended."""

import re
import shutil

import httpx
import pytest

from embedded_intercom.process import EmbeddedProcess, Quotas
from tests.support.cli import Cli, query

pytestmark = pytest.mark.slow
NAMED = re.compile(r"[\w./-]*[\w-]\.(?:csv|html|json|log)\b")
"""A file as a sentence or the last lines name it."""


def named_files(finished):
    """Return the files that a run named, as paths; those of the extract are named by their name and line alone."""
    words = {word.split(":")[0] for word in NAMED.findall(finished.said)}
    return {word for word in words if "/" in word or word in ("differences.csv", "since_the_migration.csv")}


def missing(finished, state):
    """Return what was named and is not there."""
    return {word for word in named_files(finished) if not (state / word).exists()}


@pytest.fixture(scope="module")
def loaded(small_extract, tmp_path_factory):
    """A migration of the small extract, in which a contact was renamed in Intercom since."""
    folder = tmp_path_factory.mktemp("named")
    extract, state = shutil.copytree(small_extract, folder / "extract"), folder / "state"
    finished = Cli(state, MIGRATION_EXTRACT=extract)("migrate")
    assert finished.code == 0, finished.err
    found = "SELECT intercom_id FROM plan.journal WHERE object = 'contact' AND operation = 'create' LIMIT 1"
    (contact,) = query(state, found)
    with EmbeddedProcess(state / "embedded", quotas=Quotas(1000, 1000)) as process:
        headers = {"Authorization": f"Bearer {process.token}", "Intercom-Version": "2.16"}
        url = f"{process.url}/contacts/{contact['intercom_id']}"
        httpx.put(url, json={"name": "By hand"}, headers=headers, trust_env=False).raise_for_status()
    return state, extract


def test_a_verification_with_differences_names_their_list(loaded):
    state, extract = loaded
    finished = Cli(state, MIGRATION_EXTRACT=extract)("verify")
    assert finished.code == 1
    assert {f"{state}/{name}" for name in ("report.html", "reconciliation.html", "differences.csv")} <= named_files(
        finished
    )
    assert missing(finished, state) == set()


def test_a_verification_that_ended_early_names_only_what_it_has_written(loaded):
    state, extract = loaded
    (state / "reconciliation.html").unlink()
    (state / "differences.csv").unlink()
    tickets = extract / "tickets.csv"
    header, *rows = tickets.read_text(encoding="utf-8").splitlines(keepends=True)
    tickets.write_text(header, encoding="utf-8")
    finished = Cli(state, MIGRATION_EXTRACT=extract)("verify")
    assert finished.code == 1
    assert rows
    assert f"{state}/report.html" in named_files(finished)
    assert missing(finished, state) == set()
