"""Recorded migrations, an embedded workspace, Intercom's own SDK over it, and the summary at the end."""

import itertools
from importlib.metadata import version

import pytest

from embedded_intercom.process import EmbeddedProcess
from schemas.settings import PROJECT
from tests.conformance.description import ABSENT, folder
from tests.conformance.fixtures import checker, maybe_checker, tally
from tests.conformance.recorded import PLENTY, SEED, record_both
from tests.conformance.sdk import make_sdk
from tests.conformance.tally import Tally, told


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    # They look at everything that the others have called.
    items.sort(key=lambda item: item.get_closest_marker("last") is not None)


@pytest.fixture(scope="session")
def recorded(small_extract, tmp_path_factory):
    """Both routes' migrations, by the name of the route."""
    sample = PROJECT / "sample_data" / "extract"
    return record_both(tmp_path_factory.mktemp("recorded"), sample, small_extract)


@pytest.fixture(scope="session")
def embedded(tmp_path_factory):
    """An embedded workspace with the sample's admins and teams."""
    with EmbeddedProcess(tmp_path_factory.mktemp("conformance") / "embedded", quotas=PLENTY, seed=SEED) as process:
        yield process


@pytest.fixture
def sdk(embedded, maybe_checker, tally):
    """The SDK; what it was answered is checked against the description when the test is over.

    Its requests are not: they are Intercom's own, made for 2.14.
    """
    seen = []
    yield make_sdk(embedded.url, embedded.token, seen.append)
    if maybe_checker is not None:
        violations = tally.check(maybe_checker, seen, requests=False)
        assert not violations, told(violations)


_numbers = itertools.count(1)


@pytest.fixture
def number():
    """A number that no other test of this session has."""
    return next(_numbers)


def pytest_terminal_summary(terminalreporter, config):
    """Tell what was checked; with pytest-xdist the workers know it, and nothing is told."""
    checked = config.stash.get(Tally.KEY, None)
    if checked is None:
        return
    results = {
        outcome: [report for report in terminalreporter.stats.get(outcome, []) if "/test_sdk_" in report.nodeid]
        for outcome in ("passed", "failed", "error", "skipped")
    }
    counts = ", ".join(f"{len(found)} {outcome}" for outcome, found in results.items() if found)
    terminalreporter.section("conformance")
    for line in [*checked.lines(), f"SDK          python-intercom {version('python-intercom')}: {counts or 'not run'}"]:
        terminalreporter.write_line(line)
    if folder() is None:
        terminalreporter.write_line(f"not checked  {ABSENT}")
